import type { CelType } from "./cel_type.ts";

/** The names that an expression may use, with their types. */
export interface TypeScope {
  readonly params: Readonly<Record<string, CelType>>;
  /** The steps that have ended whenever the expression is evaluated, by id. */
  readonly steps: Readonly<Record<string, StepFacts>>;
  /** All ids of the pipeline: tells a step that runs too late from one that does not exist. */
  readonly allSteps?: ReadonlySet<string>;
  /** Of these, the ones that certainly run later; the others merely are not among its needs. */
  readonly laterSteps?: ReadonlySet<string>;
  /** The step whose expressions they are: it has no facts yet. */
  readonly self?: string;
  /** In a step with `for_each`. */
  readonly item?: CelType;
  /** Under `finally`. */
  readonly run?: CelType;
}

export interface StepFacts {
  readonly facts: CelType;
  /** It has `when` or `on_failure: continue`: its facts may be absent. */
  readonly optional: boolean;
}

/** The names that every expression begins with. */
export const rootNames = ["params", "steps", "item", "run"] as const;
