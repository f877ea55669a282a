import type { Json } from "../../engine/json.ts";
import type { Answer } from "./get_json.ts";
import { atPointer } from "./json_pointer.ts";

/** How one answer was judged; `why` completes the sentence "the service …". */
export type Judgement =
  | { readonly good: true; readonly version?: string }
  | { readonly good: false; readonly why: string };

/** Words of `status` that mean healthy. Services answer 200 for the other words, too. */
const healthy: readonly Json[] = ["healthy", "ok"];

/** Good is status 200 *and* JSON with `status` of `healthy` or `ok`. */
export function judgeHealth(answer: Answer): Judgement {
  if (answer.kind === "nothing") return { good: false, why: answer.why };
  if (answer.kind === "other") {
    return { good: false, why: `answered ${answer.status} with ${answer.why}` };
  }
  const said = atPointer(answer.body, "/status");
  if (answer.status === 200 && said !== undefined && healthy.includes(said)) return { good: true };
  const what = said === undefined ? "no status" : `status ${shown(said)}`;
  return { good: false, why: `answered ${answer.status} with ${what}` };
}

/**
 * Judges the version that an answer tells at a JSON pointer.
 *
 * @param expected the version wanted; `undefined` accepts any, and none
 */
export function judgeVersion(
  answer: Answer,
  pointer: string,
  expected: string | undefined,
): Judgement {
  if (answer.kind === "nothing") {
    return { good: false, why: `asked for its version: ${answer.why}` };
  }
  const found = answer.kind === "json" ? atPointer(answer.body, pointer) : undefined;
  const version = typeof found === "string" || typeof found === "number" ? `${found}` : undefined;
  if (expected === undefined) {
    return version === undefined ? { good: true } : { good: true, version };
  }
  if (answer.status !== 200) {
    return { good: false, why: `answered ${answer.status} when asked for its version` };
  }
  if (version === undefined) {
    return { good: false, why: `answered no version at ${pointer}, ${expected} wanted` };
  }
  if (version !== expected) {
    return { good: false, why: `version ${shown(version, "")} answered, ${expected} wanted` };
  }
  return { good: true, version };
}

/** A value of a stranger's answer, cut so that it cannot flood a log. */
function shown(value: Json, quote = '"'): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  // deno-lint-ignore no-control-regex
  const plain = text.replace(/[\x00-\x1f\x7f-\x9f]/g, "?");
  const cut = plain.length > 60 ? `${plain.slice(0, 60)}…` : plain;
  return typeof value === "string" ? `${quote}${cut}${quote}` : cut;
}
