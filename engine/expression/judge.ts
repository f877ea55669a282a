import type { ASTNode } from "@marcbachmann/cel-js";
import { didYouMean } from "../document/suggest.ts";
import {
  boolType,
  type CelType,
  doubleType,
  type Field,
  intType,
  listOf,
  neverType,
  nullType,
  showType,
  stringType,
  unify,
} from "./cel_type.ts";
import { judgeCall } from "./judge_call.ts";
import { judgeMember } from "./judge_member.ts";
import { judgeLogic } from "./judge_logic.ts";
import { judgeBinary, judgeMinus } from "./judge_operator.ts";
import { type Environment, fault, faulty, type Judgement, typed } from "./judgement.ts";
import { notNull } from "./narrowing.ts";
import { rootNames } from "./type_scope.ts";

/** Finds the type of a node, and notes what is wrong with it and all below it. */
export function judge(node: ASTNode, environment: Environment): Judgement {
  switch (node.op) {
    case "value":
      return judgeLiteral(node, environment);
    case "id":
      return judgeName(node, environment);
    case ".":
    case "[]":
      return judgeMember(node, environment);
    case "call":
    case "rcall":
      return judgeCall(node, environment);
    case "list":
      return judgeList(node, environment);
    case "map":
      return judgeMap(node, environment);
    case "&&":
    case "||":
    case "!_":
    case "?:":
      return judgeLogic(node, environment);
    case "-_":
      return judgeMinus(node, environment);
    case ".?":
    case "[?]":
      return fault(environment, node, "ill-typed", "optional members are written with has()");
    default:
      return judgeBinary(node, environment);
  }
}

function judgeLiteral(
  node: Extract<ASTNode, { op: "value" }>,
  environment: Environment,
): Judgement {
  const value = node.args;
  switch (typeof value) {
    case "string":
      return typed(stringType);
    case "number":
      return typed(doubleType);
    case "boolean":
      return typed(boolType);
    case "bigint":
      if (BigInt.asIntN(64, value) === value) return typed(intType);
      return fault(environment, node, "ill-typed", `the integer ${value} is beyond 64 bits`);
  }
  if (value === null) return typed(nullType);
  const what = value instanceof Uint8Array ? "bytes" : "unsigned integers";
  return fault(environment, node, "ill-typed", `${what} are not supported: JSON has none`);
}

function judgeName(node: Extract<ASTNode, { op: "id" }>, environment: Environment): Judgement {
  const name = node.args;
  const { scope, locals, known } = environment;
  const type = locals.get(name) ??
    (name === "item" ? scope.item : name === "run" ? scope.run : undefined);
  if (type !== undefined) {
    const proven = type.kind === "nullable" && known.has(notNull([name]));
    return typed(proven ? type.of : type, [name]);
  }
  if (name === "params" || name === "steps") {
    const hint = name === "params" ? "write params.NAME" : "write steps['ID'].FACT";
    return fault(environment, node, "ill-typed", `${name} stands for no value by itself`, hint);
  }
  if (name === "item" || name === "run") {
    const where = name === "item" ? "in a step with for_each" : "under finally";
    return fault(environment, node, "unknown-name", `${name} exists only ${where}`);
  }
  const names = [
    ...rootNames.filter((root) => root in scope && scope[root] !== undefined),
    ...locals.keys(),
  ];
  const isParameter = Object.hasOwn(scope.params, name);
  const hint = isParameter ? `did you mean params.${name}?` : didYouMean(name, names);
  return fault(environment, node, "unknown-name", `there is no name ${JSON.stringify(name)}`, hint);
}

function judgeList(node: Extract<ASTNode, { op: "list" }>, environment: Environment): Judgement {
  let items: CelType | undefined = neverType;
  for (const element of node.args) {
    const { type } = environment.judge(element, environment);
    if (type === undefined || items === undefined) {
      items = undefined;
      continue;
    }
    const both: CelType | undefined = unify(items, type);
    if (both === undefined) {
      const message = `the elements differ: ${showType(items)} and ${showType(type)}`;
      fault(environment, element, "ill-typed", message, "give all the same type");
    }
    items = both;
  }
  return items === undefined ? faulty : typed(listOf(items));
}

/** Members of a map may differ in type, for its keys are known. */
function judgeMap(node: Extract<ASTNode, { op: "map" }>, environment: Environment): Judgement {
  const fields = new Map<string, Field>();
  let whole = true;
  for (const [key, value] of node.args) {
    const { type } = environment.judge(value, environment);
    if (key.op !== "value" || typeof key.args !== "string") {
      fault(environment, key, "ill-typed", "a key is a string in quotes", "write {'key': value}");
      whole = false;
    } else if (fields.has(key.args)) {
      fault(environment, key, "ill-typed", `the key ${JSON.stringify(key.args)} stands twice`);
      whole = false;
    } else if (type === undefined) whole = false;
    else fields.set(key.args, { type, optional: false });
  }
  if (!whole) return faulty;
  return typed({ kind: "object", fields: Object.fromEntries(fields), closed: true });
}
