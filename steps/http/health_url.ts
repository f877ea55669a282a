import * as v from "valibot";
import { InvalidInputError } from "../../engine/errors.ts";
import type { Schema } from "../../engine/step.ts";

const spelling = /^(?:none|https?:\/\/[^@/\s?#]+(?:[/?#]\S*)?)$/;
const wanted = "an http or https URL without credentials, or none";

/** The parameter `health`: the URL that tells how a service is, or `none`. */
export function healthUrl(): Schema<string> {
  return v.pipe(v.string(), v.regex(spelling, wanted));
}

/**
 * Reads what the parameter `health` says; `none` is `undefined`.
 *
 * @throws InvalidInputError for anything but a URL and `none`
 */
export function parseHealthUrl(text: string): string | undefined {
  if (!spelling.test(text) || (text !== "none" && !URL.canParse(text))) {
    throw new InvalidInputError(`health is ${JSON.stringify(text)}, not ${wanted}`);
  }
  return text === "none" ? undefined : text;
}
