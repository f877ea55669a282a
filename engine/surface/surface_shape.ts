/**
 * Which keys may stand where in `pipelines/surfaces.yaml`.
 *
 * @module
 */
import { textKinds } from "../permissions/grants.ts";
import { idPattern, type Shape } from "../document/shape.ts";

export const surfacesShape: Shape = {
  what: "the file of surfaces",
  required: ["schemaVersion", "ad_hoc", "surfaces"],
  optional: [],
};

export const adHocShape: Shape = {
  what: "ad_hoc",
  required: ["ceiling"],
  optional: ["accepts"],
};

export const openShape: Shape = {
  what: "an open surface",
  required: ["kind", "pipelines", "ceiling"],
  optional: ["note", "tokens", "accepts"],
  hints: {
    pipeline: "an open surface lists pipelines: [ … ]; a fixed one has one pipeline",
    params: "only a fixed surface gives its parameters their values",
    set: "write ceiling: the set of an open surface is another one at each start",
  },
};

export const fixedShape: Shape = {
  what: "a fixed surface",
  required: ["kind", "pipeline"],
  optional: ["note", "params", "accepts"],
  hints: {
    pipelines: "a fixed surface has one pipeline",
    ceiling: "the set of a fixed surface is computed: sluice lock writes it",
    set: "the set of a fixed surface is computed: sluice lock writes it",
  },
};

export const ceilingShape: Shape = {
  what: "a ceiling",
  required: [],
  optional: ["run", "write", "read", "connect", "listen", "env", "sys"],
  hints: {
    net: "connecting and listening are apart here: write connect or listen",
    programs: "write run",
  },
};

export const programShape: Shape = {
  what: "a program",
  required: ["program"],
  optional: ["args", "env", "brokered", "box", "deno"],
};

/** Of a module that Deno runs: a ceiling without programs. */
export const moduleShape: Shape = {
  what: "what a module may be granted",
  required: [],
  optional: [...textKinds],
  hints: { run: "a module of a brokered program starts no programs" },
};

export const boxShape: Shape = {
  what: "a box",
  required: [],
  optional: ["read", "write", "network"],
};

export const acceptedShape: Shape = {
  what: "an accepted finding",
  required: ["finding", "entry", "reason"],
  optional: [],
};

/** Names of surfaces; one is also the name of a permission set, of a unit and of a binary. */
export const surfacePattern = idPattern;

/** Where pipelines are: a path below the folder that the planner may always read. */
export const pipelinePattern = "^pipelines(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)+\\.(?:yaml|yml|json)$";
