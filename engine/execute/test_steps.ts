/**
 * Steps that more than one test executes: one that does nothing, fails, or writes down what it did.
 *
 * @module
 */
import { testStep } from "./test_bed.ts";

/** A step that does nothing. */
export const nothing = testStep({ name: "t.nothing" });

/** A step that fails with an error. */
export function failing(error: Error, name = "t.fail") {
  return testStep({
    name,
    run: () => {
      throw error;
    },
  });
}

/** A reversible step that writes down what it did. */
export function recorded(log: string[]) {
  return testStep({
    name: "t.do",
    effect: "reversible",
    run: (_, { id }) => {
      log.push(`do ${id}`);
      return { id };
    },
    undo: (_, facts, { id }) => {
      log.push(`undo ${id} ${facts?.id}`);
    },
  });
}
