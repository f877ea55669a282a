import { InvalidInputError } from "../../engine/errors.ts";
import { canonicalJson, type Json } from "../../engine/json.ts";
import { sha256 } from "../../engine/sha256.ts";
import { installerFiles } from "./installer_files.ts";
import { findInterpreter } from "./interpreter.ts";
import type { KnownFile } from "./known_files.ts";
import { readActive, readMarker } from "./marker.ts";
import { packageDigest } from "./package_digest.ts";
import { isLocal, readRequirementFiles, type RequirementFiles } from "./requirement_files.ts";
import {
  interpreterPaths,
  type PackageEntries,
  type VenvParams,
  venvPlaces,
} from "./venv_params.ts";
import { readWheelhouse, type Wheel } from "./wheelhouse.ts";

/** Everything that goes into an environment. */
export interface VenvInputs {
  readonly interpreter: KnownFile;
  /** Digest of the installer's own texts, our requirements among them. */
  readonly installer: string;
  readonly install: PackageEntries["install"];
  readonly requirements: RequirementFiles["files"];
  readonly dependencies: readonly string[];
  readonly requires_python: string;
  /** Of the package itself, where it or something in it is installed. */
  readonly package_sha256?: string;
  /** `undefined` where an index is asked. */
  readonly wheels?: readonly Wheel[];
}

/**
 * Looks at all that goes into the environment of a package.
 *
 * @throws InvalidInputError when the package lies elsewhere, or a dependency is no requirement
 * @throws FailedError when there is no interpreter, or the requirement files cannot be used
 */
export async function readVenvInputs(
  input: VenvParams & PackageEntries,
  signal: AbortSignal,
): Promise<VenvInputs> {
  const folder = venvPlaces(input).package;
  if (input.package !== folder) {
    throw new InvalidInputError(`the package has to lie at ${folder}, not at ${input.package}`);
  }
  for (const line of input.dependencies) {
    if (/^[A-Za-z0-9][^\r\n\0]*$/.test(line)) continue;
    throw new InvalidInputError(`the dependency ${JSON.stringify(line)} is no requirement`, {
      hint: "write a name with versions, such as httpx>=0.27",
    });
  }
  const active = await readActive(input.store);
  const last = active === undefined ? undefined : await readMarker(input.store, active);
  const requirements = input.install === "requirements"
    ? await readRequirementFiles(folder)
    : { files: [], local: false };
  const whole = input.install === "project" || requirements.local ||
    input.dependencies.some((line) => isLocal(line.replaceAll(/\s+/g, " ").trim()));
  return {
    interpreter: await findInterpreter(interpreterPaths(input), last?.interpreter, signal),
    installer: sha256(canonicalJson(installerFiles)),
    install: input.install,
    requirements: requirements.files,
    dependencies: input.dependencies,
    requires_python: input.requires_python,
    ...(whole ? { package_sha256: await packageDigest(folder, signal) } : {}),
    ...(input.wheelhouse === ""
      ? {}
      : { wheels: await readWheelhouse(input.wheelhouse, last?.wheels ?? [], signal) }),
  };
}

/**
 * The key of an environment: one digest of what goes into it. Of the interpreter that is its content
 * and the second it was made at, since an upgrade may leave the program and change its libraries; of
 * wheels, name and content.
 */
export function venvKey({ interpreter, wheels, ...rest }: VenvInputs): string {
  const said = {
    ...rest,
    interpreter: [interpreter.sha256, Math.floor(interpreter.mtime / 1000)],
    ...(wheels === undefined ? {} : { wheels: wheels.map(({ name, sha256 }) => [name, sha256]) }),
  };
  return sha256(canonicalJson(said as unknown as Json));
}
