import { hasErrors } from "./load_pipeline.ts";
import { parseDocument } from "../../engine/document/parse.ts";
import { nodeToJson } from "../../engine/document/node_to_json.ts";
import { InvalidInputError } from "../../engine/errors.ts";
import type { Served } from "../../engine/permissions/render/launcher_unit/served.ts";
import type { Place } from "./port.ts";
import { pipelineBytes, readText } from "./read_text.ts";

/** The variable by which a surface that serves is told how long accepted requests may take to end. */
const drainVariable = "GRACEFUL_SHUTDOWN_TIMEOUT_SEC";
/** The step that slows down the repetition of runs that fail. */
const slowing = "agent.count_boot";

/**
 * What a unit has to know of the pipeline of an open surface; `undefined` where it has more than one,
 * or one that ends by itself: a unit that is started at boot is for what stays.
 *
 * @param pipelines relative to the project
 * @throws InvalidInputError when the pipeline has faults
 */
export async function servedPipeline(
  pipelines: readonly string[],
  { context: { project } }: Place,
): Promise<Served | undefined> {
  const [file, ...more] = pipelines;
  if (file === undefined || more.length > 0) return undefined;
  const { document, diagnostics } = parseDocument(
    await readText(file, project, pipelineBytes),
    file,
  );
  if (document === undefined || hasErrors(diagnostics)) {
    throw new InvalidInputError(`${file} has faults`, { hint: `sluice check ${file} shows them` });
  }
  if (document.stay?.value !== true) return undefined;
  const params = document.params.flatMap(({ env, ...rest }) =>
    env === undefined ? [] : [{ variable: env.value, ...rest }]
  );
  const drain = params.find(({ variable }) => variable === drainVariable)?.default;
  const seconds = drain && nodeToJson(drain);
  return {
    variables: params.map(({ variable }) => variable),
    required: params.filter((param) => param.default === undefined)
      .map(({ variable }) => variable),
    ...typeof seconds === "number" ? { drain: { variable: drainVariable, seconds } } : {},
    slows: document.finally.some(({ uses }) => uses.value === slowing),
  };
}
