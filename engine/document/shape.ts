/**
 * Which keys may stand where, and what the texts in them look like. The parser reads these; whoever
 * derives a schema for editors can too.
 *
 * @module
 */

/** The keys of one kind of mapping. */
export interface Shape {
  /** What it is called in messages, such as `a step`. */
  readonly what: string;
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** What to do about keys that only other mappings have. */
  readonly hints?: Readonly<Record<string, string>>;
}

/** What `uses` of a file of others looks like. */
export const foreignPattern = "^\\.{1,2}/.*\\.m?[jt]s$";

export const pipelineShape: Shape = {
  what: "a pipeline",
  required: ["sluice", "name", "steps"],
  optional: ["summary", "params", "finally", "every", "stay"],
};

export const parameterShape: Shape = {
  what: "a parameter",
  required: ["type"],
  optional: ["summary", "default", "env", "choices"],
};

/** A parameter of `type: list`. */
export const listParameterShape: Shape = {
  ...parameterShape,
  what: "a list parameter",
  optional: [...parameterShape.optional, "items"],
};

/** A parameter of `type: integer` or `type: number`. */
export const numberParameterShape: Shape = {
  ...parameterShape,
  what: "a parameter that is a number",
  optional: [...parameterShape.optional, "minimum", "maximum"],
};

export const stepShape: Shape = {
  what: "a step",
  required: ["id", "uses"],
  optional: [
    "summary",
    "with",
    "needs",
    "when",
    "retry",
    "timeout",
    "on_failure",
    "commit",
    "for_each",
    "max_parallel",
  ],
  hints: {
    file: "with uses: pipeline a step includes a file",
    params: "write with; params is for uses: pipeline",
    name: "write id for what others refer to, or summary for what people read",
  },
};

/** A step under `finally`: there is nothing left to commit. */
export const finallyShape: Shape = {
  ...stepShape,
  what: "a step under finally",
  optional: stepShape.optional.filter((key) => key !== "commit"),
  hints: {
    ...stepShape.hints,
    commit: "when these run, undo is over: there is nothing to release",
  },
};

/** A step with `uses: pipeline`. */
export const includeShape: Shape = {
  what: "a step with uses: pipeline",
  required: ["id", "uses", "file"],
  optional: ["summary", "params", "needs", "when"],
  hints: {
    with: "write params",
    ...Object.fromEntries(
      ["retry", "timeout", "on_failure", "commit", "for_each", "max_parallel"].map((key) => [
        key,
        `put ${key} on the steps of the included file`,
      ]),
    ),
  },
};

export const retryShape: Shape = {
  what: "retry",
  required: ["attempts"],
  optional: ["delay", "max_delay", "jitter"],
};

/** Ids of steps and names of pipelines; an id is also not `undo`. */
export const idPattern = "^[A-Za-z0-9][A-Za-z0-9_-]*$";

/** Names of parameters. */
export const parameterNamePattern = "^[A-Za-z_][A-Za-z0-9_]*$";

/** Names of variables of the environment. */
export const variablePattern = "^[A-Za-z_][A-Za-z0-9_]*$";

/** `10%`, `2.5%`, up to `100%`. */
export const percentPattern = "^(?:100|\\d{1,2}(?:\\.\\d{1,3})?)%$";

/** `60s`, `60s ± 10%`, `60s +- 10%`, `60s +/- 10%`. */
export const everyPattern =
  "^(?=[^±+]*[1-9])(?=\\d)(?:\\d{1,9}d)?(?:\\d{1,9}h)?(?:\\d{1,9}m)?(?:\\d{1,9}s)?(?:\\d{1,9}ms)?" +
  "(?: *(?:±|\\+-|\\+/-) *(?:100|\\d{1,2}(?:\\.\\d{1,3})?)%)?$";

/** What authors who know other tools write, and what it is called here. */
export const foreignKeys: Readonly<Record<string, string>> = {
  version: "write sluice: v1",
  apiVersion: "write sluice: v1",
  description: "write summary",
  inputs: "write params",
  parameters: "write params",
  arguments: "write params",
  jobs: "write steps",
  tasks: "write steps",
  stages: "write steps",
  always: "write finally",
  serve: "write stay: true",
  daemon: "write stay: true",
  schedule: "write every, for example every: 60s ± 10%",
  depends_on: "write needs",
  depends: "write needs",
  if: "write when",
  condition: "write when",
  only_if: "write when",
  env: "programs get no environment but what their step declares; pass values under with",
  run: "there is no shell: a step names one of the registry, see sluice steps",
  script: "there is no shell: a step names one of the registry, see sluice steps",
  command: "there is no shell: a step names one of the registry, see sluice steps",
  shell: "there is no shell: a step names one of the registry, see sluice steps",
  args: "write with",
  "continue-on-error": "write on_failure: continue",
  continue_on_error: "write on_failure: continue",
  ignore_errors: "write on_failure: continue",
  "timeout-minutes": "write timeout, for example timeout: 10m",
  matrix: "write for_each",
  loop: "write for_each",
  with_items: "write for_each",
  parallelism: "write max_parallel",
  retries: "write retry, for example retry: { attempts: 3 }",
  max_attempts: "write attempts",
  backoff: "write delay: it doubles with each attempt",
  required: "a parameter without a default is required",
  enum: "write choices",
  options: "write choices",
  min: "write minimum",
  max: "write maximum",
};
