import * as v from "valibot";
import { FailedError } from "../../engine/errors.ts";
import { systemFolders } from "../../engine/permissions/system_paths.ts";
import type { SecretRef } from "../../engine/schema/types.ts";
import type { StepContext } from "../../engine/step.ts";
import { installerFiles } from "./installer_files.ts";
import type { VenvInputs } from "./venv_inputs.ts";
import { installerArguments, type VenvParams, venvPlaces } from "./venv_params.ts";

/** What the installer answers: one line of JSON. */
const answer = v.variant("ok", [
  v.strictObject({
    ok: v.literal(true),
    reused: v.boolean(),
    tool: v.picklist(["uv", "pip"]),
    distributions: v.array(v.string()),
  }),
  v.strictObject({
    ok: v.literal(false),
    message: v.string(),
    lines: v.array(v.string()),
    requirement: v.optional(v.string(), ""),
    /** Where that requirement stands. */
    place: v.optional(v.string(), ""),
  }),
]);

export type InstallerAnswer = Extract<v.InferOutput<typeof answer>, { ok: true }>;

/** What the installer is to do. */
export interface InstallerJob {
  readonly verb: "begin" | "install";
  readonly key: string;
  readonly inputs: VenvInputs;
}

/**
 * Writes the installer and its request into the work folder and has it run, by the launcher, in a box
 * of its own. It takes turns with others at the same store.
 *
 * @throws FailedError with the last lines of uv or pip, and the requirement they speak of
 */
export async function askInstaller(
  { verb, key, inputs }: InstallerJob,
  params: VenvParams,
  ctx: StepContext,
): Promise<InstallerAnswer> {
  const at = venvPlaces(params);
  await Deno.mkdir(at.installer, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(installerFiles)) {
    await Deno.writeTextFile(`${at.installer}/${name}`, text, { mode: 0o600 });
  }
  const { interpreter, wheels = [], ...rest } = inputs;
  const request = {
    verb,
    key,
    store: params.store,
    package: at.package,
    install: inputs.install,
    copy: inputs.package_sha256 !== undefined,
    dependencies: inputs.dependencies,
    requires_python: inputs.requires_python,
    wheelhouse: params.wheelhouse,
    certificates: params.certificates,
    uv: params.uv,
    system_folders: systemFolders,
    keep: params.keep,
    went_into: { ...rest, interpreter, wheels },
  };
  await Deno.writeTextFile(at.request, JSON.stringify(request), { mode: 0o600 });
  const index = params.index_url === "" ? "" : await ctx.secret(params.index_url as SecretRef);
  const ended = await ctx.exec({
    program: params.python,
    args: installerArguments(params),
    env: index === "" ? {} : { SLUICE_INDEX_URL: index },
  });
  const said = v.safeParse(answer, lastLine(ended.stdout));
  if (!said.success) {
    const last = ended.stderr.trim().split("\n").slice(-3).join(" | ");
    throw new FailedError(`the installer ended with ${ended.code}: ${last || "it said nothing"}`);
  }
  if (said.output.ok) return said.output;
  const { message, lines, requirement, place } = said.output;
  throw new FailedError([message, ...lines].join("\n"), {
    ...(place === "" ? {} : { hint: `${requirement} stands in ${place}` }),
    details: requirement === "" ? {} : { requirement },
  });
}

function lastLine(text: string): unknown {
  try {
    return JSON.parse(text.trim().split("\n").at(-1) ?? "");
  } catch {
    return undefined;
  }
}
