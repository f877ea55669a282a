import { type ExitCode, exitCode, FailedError } from "../../../engine/errors.ts";
import { encodeStatement } from "../../../engine/trust/pipeline_statement.ts";
import type { LaunchPlaces } from "../places.ts";
import type { SignablePipeline } from "../planner_protocol.ts";
import type { Write } from "../write_output.ts";
import { makeStatement } from "./make_statement.ts";
import type { SignRequest } from "./sign_request.ts";
import { shellWord } from "../../../engine/permissions/render/shell_word.ts";
import { signatureSuffix } from "./file_names.ts";
import { outputOf } from "./sign_request.ts";
import { startSigner, type Stated } from "./start_signer.ts";

/**
 * Signs pipelines that the planner found to be sound, or shows what would be signed where no key was
 * named.
 */
export async function signPipelines(
  pipelines: readonly SignablePipeline[],
  request: SignRequest,
  places: LaunchPlaces,
  { lock, stdout, stderr, print }: {
    readonly lock: string;
    readonly stdout: Write;
    readonly stderr: Write;
    readonly print: boolean;
  },
): Promise<ExitCode> {
  const { expires, key } = request;
  const world = { project: places.project, lock, expires };
  const stated: Stated[] = [];
  for (const pipeline of pipelines) {
    if (outputOf(request, pipeline.file).includes(",")) {
      throw new FailedError(
        `${pipeline.file} has a comma in its path: no process can write there`,
        {
          hint: "name another file with --output",
        },
      );
    }
    stated.push({ file: pipeline.file, statement: await makeStatement(pipeline, world) });
  }
  if (print) {
    for (const { statement } of stated) {
      // In the order of its keys, as it is signed.
      const signed = JSON.parse(new TextDecoder().decode(encodeStatement(statement)));
      stdout(JSON.stringify(signed, null, 2) + "\n");
    }
  }
  if (key === undefined) return exitCode.done;
  const exit = await startSigner(stated, { ...request, key }, places);
  const [only] = stated;
  if (exit === exitCode.done && only !== undefined) stderr(await whereLookedFor(request, only));
  return exit;
}

/** What to do with a signature that lies where nothing looks for it; empty for any other. */
async function whereLookedFor(request: SignRequest, { file }: Stated): Promise<string> {
  const output = outputOf(request, file);
  const usual = file + signatureSuffix;
  if (output === usual) return "";
  const older = await Deno.lstat(usual).then(() => true, () => false);
  const there = older ? "; one that was made before is there now" : "";
  const verify = `sluice verify ${shellWord(file)} --signature ${shellWord(output)} --keys KEYS`;
  return `  looked for at ${usual}${there}: put it there when it is to count\n  until then    ${verify}\n`;
}
