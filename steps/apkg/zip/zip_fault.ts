import { InvalidInputError } from "../../../engine/errors.ts";
import { showName } from "../../archive/safe_name.ts";

/** What a person can do who has such a zip. */
const hint = "make the package anew with a common tool, such as zip or Python's zipfile";

/** The error for a zip that is not as zips are. */
export function zipFault(why: string): InvalidInputError {
  return new InvalidInputError(`the package is refused: ${why}`, { hint });
}

/**
 * The error for one entry.
 *
 * @param why what is wrong with it, as in `it is encrypted`
 */
export function entryFault(name: string, why: string): InvalidInputError {
  return new InvalidInputError(`the package's entry ${showName(name)} is refused: ${why}`, {
    hint,
    details: { entry: showName(name) },
  });
}
