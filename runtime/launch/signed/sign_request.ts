import { SluiceError, UsageError } from "../../../engine/errors.ts";
import { readTime } from "../../../engine/trust/pipeline_statement.ts";
import type { LaunchPlaces } from "../places.ts";
import { hasOption, optionValue, positional } from "../command_line.ts";
import { resolvePath } from "../resolve_path.ts";
import { pipelinesOf } from "./pipelines_of.ts";
import { signatureSuffix } from "./file_names.ts";

/** What `sluice sign` was asked for, as the launcher reads it: the planner never sees the key. */
export interface SignRequest {
  /** Absolute paths of the pipelines. */
  readonly pipelines: readonly string[];
  /** Where the key is; absent where the statement is only to be shown. */
  readonly key?: KeySource;
  readonly password: KeySource;
  /** Absolute path of the signature, where it is not to stand beside its pipeline. */
  readonly output?: string;
  readonly expires?: string;
}

/** A secret by its place: a variable, or a file by its absolute path. */
export type KeySource =
  | { readonly kind: "env"; readonly name: string }
  | { readonly kind: "file"; readonly path: string };

/**
 * Reads what is to be signed: a pipeline, or all of a surface's; `undefined` where the planner has to
 * say what is wrong with the command line.
 *
 * @param lock the text of the lock
 * @param now milliseconds since 1970
 * @throws UsageError when an option is not as it has to be
 */
export async function signRequest(
  args: readonly string[],
  places: LaunchPlaces,
  lock: () => Promise<string>,
  now = Date.now(),
): Promise<SignRequest | undefined> {
  const [command, target] = positional(args);
  if (command !== "sign" || target === undefined) return undefined;
  const named = resolvePath(places.cwd, target);
  const isFile = await Deno.stat(named).then((found) => found.isFile, () => false);
  const pipelines = isFile
    ? [named]
    : pipelinesOf(await lock(), target)?.map((each) => resolvePath(places.project, each));
  if (pipelines === undefined) return undefined;
  const key = optionValue(args, "--key");
  if (key === undefined && !hasOption(args, "--print")) {
    throw new UsageError("--key is missing", {
      hint: "name the signing key, for example --key file:release.key, or look with --print",
    });
  }
  const output = optionValue(args, "--output");
  if (output !== undefined && pipelines.length > 1) {
    throw new UsageError(
      `--output names one file, and ${target} has ${pipelines.length} pipelines`,
      {
        hint: "leave it out: each signature then stands beside its pipeline",
      },
    );
  }
  const expires = optionValue(args, "--expires");
  return {
    pipelines: await Promise.all(pipelines.map((file) => Deno.realPath(file).catch(() => file))),
    password: source(
      optionValue(args, "--password") ?? "env:COSIGN_PASSWORD",
      "--password",
      places,
    ),
    ...(key === undefined ? {} : { key: source(key, "--key", places) }),
    ...(output === undefined ? {} : { output: resolvePath(places.cwd, output) }),
    ...(expires === undefined ? {} : { expires: time(expires, now) }),
  };
}

/** Where the signature of a pipeline goes. */
export function outputOf({ output }: SignRequest, file: string): string {
  return output ?? file + signatureSuffix;
}

function source(text: string, option: string, { cwd }: LaunchPlaces): KeySource {
  const match = /^(env|file):(.+)$/s.exec(text);
  if (match?.[1] === "env" && /^[A-Za-z_][A-Za-z0-9_]*$/.test(match[2]!)) {
    return { kind: "env", name: match[2]! };
  }
  if (match?.[1] === "file" && !match[2]!.includes(",")) {
    return { kind: "file", path: resolvePath(cwd, match[2]!) };
  }
  // What stands there may be the key itself.
  throw new UsageError(`${option} is neither file:PATH nor env:NAME`, {
    hint: `name where it is, never the secret itself: ${option} file:release.key`,
  });
}

function time(text: string, now: number): string {
  const told = `--expires ${JSON.stringify(text)}`;
  let expires: string;
  try {
    expires = readTime(text);
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    throw new UsageError(`${told} is no time`, {
      hint: "write it in UTC: --expires 2027-01-01T00:00:00Z",
    });
  }
  if (Date.parse(expires) > now) return expires;
  throw new UsageError(`${told} is past: no machine would ever take the signature`, {
    hint: `now it is ${new Date(now).toISOString().replace(/\.\d+Z$/, "Z")}`,
  });
}
