import { progressUnits } from "../../engine/events/progress_unit.ts";
import type { Json } from "../../engine/json.ts";
import type { ForeignError } from "../launch/foreign_messages.ts";
import type { ForeignMessage } from "./protocol.ts";

type Members = Readonly<Record<string, unknown>>;

/**
 * A message of the process of a step of others, every member of it looked at; `undefined` for what is
 * none. Answers to what is asked while planning are none here.
 */
export function readForeignMessage(
  value: unknown,
): Exclude<ForeignMessage, { readonly type: "answer" | "fault" }> | undefined {
  const message = object(value);
  switch (message?.["type"]) {
    case "secret":
      return isText(message["value"]) ? { type: "secret", value: message["value"] } : undefined;
    case "note":
      return isText(message["text"]) ? { type: "note", text: message["text"] } : undefined;
    case "artifact":
      return isText(message["path"]) ? { type: "artifact", path: message["path"] } : undefined;
    case "progress":
      return readProgress(object(message["progress"]));
    case "exec":
      return readExec(message);
    case "done":
      return { type: "done", facts: message["facts"] as Json };
    case "failed": {
      const error = readError(object(message["error"]));
      return error && { type: "failed", error };
    }
  }
}

type Progress = Extract<ForeignMessage, { readonly type: "progress" }>;

function readProgress(given: Members | undefined): Progress | undefined {
  const { done, total, unit, label } = given ?? {};
  const isAmount = (value: unknown) =>
    typeof value === "number" && Number.isFinite(value) && value >= 0;
  if (!isAmount(done) || total !== undefined && !isAmount(total)) return;
  const known = progressUnits.find((one) => one === unit);
  if (known === undefined) return;
  if (label !== undefined && !isText(label)) return;
  const progress = {
    done: done as number,
    unit: known,
    ...(total === undefined ? {} : { total: total as number }),
    ...(label === undefined ? {} : { label: label.slice(0, 200) }),
  } as const;
  return { type: "progress", progress };
}

function readExec(
  message: Members,
): Extract<ForeignMessage, { readonly type: "exec" }> | undefined {
  const { number, program, args, env, cwd, max_output, show } = message;
  const variables = object(env);
  if (typeof number !== "number" || !isText(program)) return;
  if (!Array.isArray(args) || !args.every(isText)) return;
  if (variables === undefined || !Object.values(variables).every(isText)) return;
  if (cwd !== undefined && !isText(cwd)) return;
  const isLimit = Number.isSafeInteger(max_output) && (max_output as number) >= 0 &&
    (max_output as number) <= mostOutput;
  if (max_output !== undefined && !isLimit) return;
  if (show !== undefined && typeof show !== "boolean") return;
  return {
    type: "exec",
    number,
    program,
    args,
    env: variables as Readonly<Record<string, string>>,
    ...(cwd === undefined ? {} : { cwd }),
    ...(max_output === undefined ? {} : { max_output: max_output as number }),
    ...(show === undefined ? {} : { show }),
  };
}

/** Most bytes that are kept of a program's output. */
const mostOutput = 16 * 2 ** 20;

function readError(given: Members | undefined): ForeignError | undefined {
  const { name, message, hint, retryable } = given ?? {};
  if (!isText(name) || !isText(message)) return;
  return {
    name,
    message,
    ...(isText(hint) ? { hint } : {}),
    ...(retryable === true ? { retryable } : {}),
  };
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function object(value: unknown): Members | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Members
    : undefined;
}
