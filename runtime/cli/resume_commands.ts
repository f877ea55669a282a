import {
  argument,
  command,
  commandLine,
  constant,
  flag,
  merge,
  message,
  object,
  option,
  optional,
  string,
  withDefault,
} from "@optique/core";
import { confinement, debug, run, runs, showing, signature } from "./options.ts";

export const resumeCommand = command(
  "resume",
  merge(
    object({
      command: constant("resume"),
      run,
      again: withDefault(
        flag("--again", {
          description:
            message`Also run irreversible steps again that were interrupted; without it, such a step stops the run with exit code 4.`,
        }),
        false,
      ),
      runs,
      debug,
    }),
    confinement,
    showing,
    signature,
  ),
  {
    brief: message`Go on with a run that was cut off`,
    description:
      message`Goes on with a run that was cut off, by a crash or a power cut, or that waits for a person: sluice runs names them. One that was told to end is finished. Steps that finished are not run again.`,
    footer: message`Example: ${commandLine("sluice resume 3f9a")}`,
  },
);

export const undoCommand = command(
  "undo",
  merge(
    object({ command: constant("undo"), run, runs, debug }),
    confinement,
    showing,
    signature,
  ),
  {
    brief: message`Undo what a run did`,
    description:
      message`Undoes the steps of a run that can be undone, in reverse order of their completion, back to the last commit.`,
    footer: message`Example: ${commandLine("sluice undo 3f9a")}`,
  },
);

export const markDoneCommand = command(
  "mark-done",
  object({
    command: constant("mark-done"),
    run,
    step: argument(string({ metavar: "STEP" }), {
      description: message`Id of the step in the plan, for example P5-3.`,
    }),
    reason: option("--reason", string({ metavar: "TEXT" }), {
      description: message`Why it is known to be done; goes into the journal with your name.`,
    }),
    facts: optional(option("--facts", string({ metavar: "JSON" }), {
      description:
        message`The facts that later steps read from it, as a JSON object, for example '{"release": "1.4.0"}'.`,
    })),
    runs,
    debug,
  }),
  {
    brief: message`Record that an interrupted step is done`,
    description:
      message`Records that a step is done which was interrupted and cannot be undone, so that the run can be resumed after it.`,
    footer: message`Example: ${
      commandLine('sluice mark-done 3f9a P5-3 --reason "checked by hand"')
    }`,
  },
);
