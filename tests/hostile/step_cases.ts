import type { StepCase } from "./case.ts";
import { files } from "./steps/files.ts";
import { life } from "./steps/life.ts";
import { modules } from "./steps/modules.ts";
import { network } from "./steps/network.ts";
import { programs } from "./steps/programs.ts";
import { values } from "./steps/values.ts";
import { words } from "./steps/words.ts";

/** Every hostile step, in the order in which they run. */
export const stepCases: readonly StepCase[] = [
  ...files,
  ...network,
  ...programs,
  ...modules,
  ...words,
  ...values,
  ...life,
];
