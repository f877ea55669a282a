import type { ASTNode } from "@marcbachmann/cel-js";
import { didYouMean } from "../document/suggest.ts";
import { boolType, type CelType, dynType, listOf, showType, stringType } from "./cel_type.ts";
import { comprehensions, functions, overloads } from "./functions.ts";
import { judgeHas } from "./judge_member.ts";
import { type Environment, fault, faulty, type Judgement, knowing, typed } from "./judgement.ts";
import { limits } from "./limits.ts";
import { rootNames } from "./type_scope.ts";

type Call = Extract<ASTNode, { op: "call" | "rcall" }>;

/** Types calls of functions, methods and macros. */
export function judgeCall(node: Call, environment: Environment): Judgement {
  const [name, args, receiver] = node.op === "call"
    ? [node.args[0], node.args[1], undefined]
    : [node.args[0], node.args[2], node.args[1]];
  if (name === "has" && receiver === undefined) return judgeHas(node, args, environment);
  if (receiver !== undefined && Object.hasOwn(comprehensions, name)) {
    return judgeComprehension(node, name, receiver, args, environment);
  }
  const candidates = overloads(name, receiver !== undefined);
  if (candidates.length === 0) return unknownFunction(node, name, environment);
  const values = (receiver === undefined ? args : [receiver, ...args])
    .map((arg) => environment.judge(arg, environment).type);
  if (!values.every((type) => type !== undefined)) return faulty;
  const match = candidates.find(({ receiver, params }) => {
    const wanted = receiver === undefined ? params : [receiver, ...params];
    return wanted.length === values.length && wanted.every((type, n) => takes(type, values[n]!));
  });
  if (match !== undefined) return typed(match.result);
  const shown = values.map(showType);
  const call = receiver === undefined
    ? `${name}(${shown.join(", ")})`
    : `${shown[0]}.${name}(${shown.slice(1).join(", ")})`;
  return fault(environment, node, "ill-typed", `there is no ${call}`, usages(name));
}

/** Whether a parameter of a function takes a value; `dyn` shows at run time. */
function takes(wanted: CelType, given: CelType): boolean {
  if (given.kind === "dyn" || given.kind === "never" || wanted.kind === "dyn") return true;
  if (wanted.kind === "list") return given.kind === "list" && takes(wanted.items, given.items);
  if (wanted.kind === "map") return given.kind === "map" || given.kind === "object";
  return wanted.kind === given.kind;
}

function usages(name: string): string {
  const all = functions.filter((each) => each.name === name).map(({ receiver, params }) =>
    `${receiver === undefined ? "" : `${showType(receiver)}.`}${name}(${
      params.map(showType).join(", ")
    })`
  );
  return `there is ${all.slice(0, 6).join(", ")}`;
}

function unknownFunction(node: Call, name: string, environment: Environment): Judgement {
  if (name === "matches") {
    return fault(
      environment,
      node,
      "ill-typed",
      "matches() is not allowed: a pattern can take without end",
      "use contains(), startsWith(), endsWith(), split() or ==",
    );
  }
  const names = [
    ...new Set(["has", ...Object.keys(comprehensions), ...functions.map((each) => each.name)]),
  ];
  const exists = names.includes(name);
  const what = node.op === "call" ? "function" : "method";
  const hint = exists
    ? what === "function" ? `write value.${name}(…)` : `write ${name}(value)`
    : didYouMean(name, names) ??
      "the language has no others than CEL's for strings, lists and maps";
  return fault(environment, node, "unknown-name", `there is no ${what} ${name}()`, hint);
}

/** `list.map(x, …)` and its like: the arguments after the name see it. */
function judgeComprehension(
  node: Call,
  name: string,
  receiver: ASTNode,
  args: readonly ASTNode[],
  environment: Environment,
): Judgement {
  const range = environment.judge(receiver, environment).type;
  const [variable, ...bodies] = args;
  if (!comprehensions[name]!.includes(args.length) || variable?.op !== "id") {
    const form = name === "map" ? "map(x, result)" : `${name}(x, condition)`;
    return fault(environment, node, "ill-typed", `${name}() is not used so`, `write list.${form}`);
  }
  if (environment.nesting >= limits.comprehensions) {
    return fault(
      environment,
      node,
      "expression-limit",
      `comprehensions nest more than ${limits.comprehensions} deep`,
      "let a step do this work",
    );
  }
  const local = variable.args;
  if (environment.locals.has(local) || rootNames.some((root) => root === local)) {
    const message = `the name ${local} is taken`;
    return fault(environment, variable, "ill-typed", message, "choose another name");
  }
  if (range === undefined) return faulty;
  const item = itemOf(range);
  if (item === undefined) {
    const message = `${name}() goes through a list or a map, not through ${showType(range)}`;
    return fault(environment, receiver, "ill-typed", message);
  }
  return judgeBodies(name, item, bodies, {
    ...environment,
    locals: new Map([...environment.locals, [local, item]]),
    nesting: environment.nesting + 1,
  });
}

function judgeBodies(
  name: string,
  item: CelType,
  bodies: readonly ASTNode[],
  environment: Environment,
): Judgement {
  const [first, second] = bodies;
  const transforms = name === "map";
  const condition = transforms && second === undefined ? undefined : first!;
  let inside = environment;
  if (condition !== undefined) {
    const judged = environment.judge(condition, environment);
    if (judged.type === undefined) return faulty;
    if (!["bool", "dyn", "never"].includes(judged.type.kind)) {
      const message = `the condition of ${name}() is ${showType(judged.type)}, not bool`;
      return fault(environment, condition, "ill-typed", message);
    }
    inside = knowing(environment, judged.whenTrue);
  }
  if (name === "filter") return typed(listOf(item));
  if (!transforms) return typed(boolType);
  const result = environment.judge((second ?? first)!, inside).type;
  return result === undefined ? faulty : typed(listOf(result));
}

/** What a comprehension goes through: elements, or keys. */
function itemOf(range: CelType): CelType | undefined {
  switch (range.kind) {
    case "list":
      return range.items;
    case "map":
    case "object":
      return stringType;
    case "dyn":
    case "never":
      return dynType;
    default:
      return undefined;
  }
}
