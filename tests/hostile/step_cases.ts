import type { StepCase } from "./case.ts";
import { apis } from "./steps/apis.ts";
import { files } from "./steps/files.ts";
import { life } from "./steps/life.ts";
import { modules } from "./steps/modules.ts";
import { network } from "./steps/network.ts";
import { processes } from "./steps/processes.ts";
import { programs } from "./steps/programs.ts";
import { runs } from "./steps/runs.ts";
import { values } from "./steps/values.ts";
import { words } from "./steps/words.ts";

/** Every hostile step, in the order in which they run. */
export const stepCases: readonly StepCase[] = [
  ...files,
  ...runs,
  ...network,
  ...programs,
  ...processes,
  ...modules,
  ...apis,
  ...words,
  ...values,
  ...life,
];
