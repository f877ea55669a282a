import {
  argument,
  choice,
  flag,
  message,
  multiple,
  object,
  option,
  optional,
  string,
  withDefault,
} from "@optique/core";
import { assignment, digest, file } from "./values.ts";

/** Options that several commands share: each is defined, and explained, once. */

/** A pipeline. */
export const pipelineFile = argument(file("FILE", [".yaml", ".yml", ".json"]), {
  description: message`The pipeline, for example pipelines/upgrade/apply.yaml.`,
});

/** Where values of parameters come from. */
export const values = object("Parameters", {
  param: multiple(option("--param", assignment(), {
    description:
      message`Value of a parameter, for example --param root=/opt/atp; may be repeated. A list is written hosts=a,b, a mapping as JSON. Comes before --params, the parameter's variable and its default.`,
  })),
  params: optional(option("--params", file("FILE", [".yaml", ".yml", ".json"]), {
    description:
      message`File with values of parameters, a YAML or JSON mapping, for example site.yaml.`,
  })),
});

/** What may be done, in the lock. */
export const surface = optional(option("--surface", string({ metavar: "NAME" }), {
  description:
    message`The surface of the lock that decides, for example appliance-watch: a fixed one has its pipeline and its values, an open one needs one of its pipelines as FILE.`,
}));

/** Where runs are kept where nobody says. */
export const defaultRuns = ".sluice/runs";

/** Where runs are kept. */
export const runs = withDefault(
  option("--runs", file("DIR", []), {
    description: message`Folder that holds the runs, below which each has one of its own.`,
  }),
  defaultRuns,
);

/** Which run. */
export const run = argument(string({ metavar: "RUN" }), {
  description:
    message`Id of a run as sluice runs lists it, or a part that no other run's id has, such as its last four digits.`,
});

/** How a run is shown and allowed. */
export const showing = object("Output and approval", {
  tokens: withDefault(
    option("--tokens", choice(["line", "json", "agent-log"], { metavar: "FORM" }), {
      description:
        message`How tokens are written to standard output: as lines APPLIANCE_STEP:…, as JSON with the token in the field token, or as such fields of the log of an agent's runtime, which is then all that is told.`,
    }),
    "line",
  ),
  events: withDefault(
    option("--events", choice(["text", "json"], { metavar: "FORM" }), {
      description:
        message`What standard error shows: progress for people, or every event as a line of JSON.`,
    }),
    "text",
  ),
  accept: optional(option("--accept", digest(), {
    description:
      message`Run with exactly this set of permissions, also where no ceiling covers it, and with no other. Both sluice plan and the refusal print it.`,
  })),
});

/** What holds a run below Deno. The launcher reads these by itself; here they are checked and explained. */
export const confinement = object("Confinement", {
  box: withDefault(
    option("--box", choice(["auto", "bubblewrap", "none"], { metavar: "KIND" }), {
      description:
        message`The box around the run: auto takes bubblewrap where it works, else the container that all this is in, else none; bubblewrap refuses anything else; none does without.`,
    }),
    "auto",
  ),
  requireConfinement: withDefault(
    flag("--require-confinement", {
      description: message`End with 7 where neither bubblewrap nor a container would hold the run.`,
    }),
    false,
  ),
});

/** Who has to have signed. */
export const signature = object("Signature", {
  requireSignature: optional(option("--require-signature", file("KEYS", [".pub"]), {
    description:
      message`Go on only if the pipeline is as one of these keys signed it, with all that it includes, the code that runs it and what the lock says of it; otherwise end with 6. KEYS is a public key or a folder of them (*.pub).`,
  })),
});

/** How a list is written. */
export const listFormat = withDefault(
  option("--format", choice(["table", "json", "yaml"], { metavar: "FORM" }), {
    description: message`How the list is written.`,
  }),
  "table",
);

/** For reports of bugs. */
export const debug = withDefault(
  flag("--debug", {
    hidden: "usage",
    description: message`Show the stack of an error that is a bug of Sluice.`,
  }),
  false,
);
