import { type ExitCode, exitCode } from "../../../engine/errors.ts";
import {
  encodeStatement,
  type PipelineStatement,
  pipelineStatementType,
} from "../../../engine/trust/pipeline_statement.ts";
import { childEnvironment } from "../child_environment.ts";
import { denoArguments } from "../deno_command.ts";
import type { LaunchPlaces } from "../places.ts";
import { knownExit } from "../start_planner.ts";
import { type KeySource, outputOf, type SignRequest } from "./sign_request.ts";

/** What the signer is told, as one line of JSON on its standard input. */
export interface SignerOrder {
  readonly key: KeySource;
  readonly password: KeySource;
  readonly payload_type: string;
  readonly jobs: readonly SignerJob[];
}

export interface SignerJob {
  /** Absolute path of the pipeline, for people. */
  readonly file: string;
  /** Base64. */
  readonly payload: string;
  /** Absolute path of the envelope. */
  readonly output: string;
}

/** A statement with the pipeline that it is about. */
export interface Stated {
  readonly file: string;
  readonly statement: PipelineStatement;
}

/**
 * Has statements signed by a process that may read the key, write the signatures, and nothing else. It
 * reads no YAML; the process that does never sees the key.
 */
export async function startSigner(
  stated: readonly Stated[],
  request: SignRequest & { readonly key: KeySource },
  places: LaunchPlaces,
): Promise<ExitCode> {
  const { key, password } = request;
  const order: SignerOrder = {
    key,
    password,
    payload_type: pipelineStatementType,
    jobs: stated.map(({ file, statement }) => ({
      file,
      payload: encodeStatement(statement).toBase64(),
      output: outputOf(request, file),
    })),
  };
  const outputs = order.jobs.flatMap(({ output }) => [output, `${output}.part`]);
  const secrets = [key, password];
  const files = secrets.flatMap((each) => each.kind === "file" ? [each.path] : []);
  const names = secrets.flatMap((each) => each.kind === "env" ? [each.name] : []);
  const child = new Deno.Command(places.deno, {
    args: denoArguments(
      places,
      [
        `--allow-read=${[...files, ...outputs].join(",")}`,
        `--allow-write=${outputs.join(",")}`,
        ...(names.length === 0 ? [] : [`--allow-env=${names.join(",")}`]),
      ],
      "runtime/signer",
      [],
    ),
    cwd: places.project,
    clearEnv: true,
    env: childEnvironment(names),
    stdin: "piped",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  // One that has ended tells by its exit code.
  await writer.write(new TextEncoder().encode(`${JSON.stringify(order)}\n`)).catch(() => {});
  await writer.close().catch(() => {});
  const { code } = await child.status;
  return code === exitCode.differs ? exitCode.bug : knownExit(code);
}
