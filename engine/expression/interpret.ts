import type { ASTNode } from "@marcbachmann/cel-js";
import { comprehensions, overloads, type Spend } from "./functions.ts";
import { interpretBinary } from "./interpret_binary.ts";
import { limits } from "./limits.ts";
import { EvaluationFault, isList, isMap, lift, readMember, typeName, type Value } from "./value.ts";

/** The expression would do more than `limits.work`: never swallowed by `||` or `exists()`. */
export class WorkLimitReached extends Error {
  override readonly name = "WorkLimitReached";
}

interface Run {
  readonly names: ReadonlyMap<string, Value>;
  readonly spend: Spend;
}

/**
 * Evaluates a parsed expression, as CEL says, and counts the work. The library's own evaluator
 * cannot be bounded (`['x'].map(a, a + a).map(a, a + a)…` doubles with every call), so only its
 * parser is used; a test holds the two to the same results.
 *
 * @throws EvaluationFault when the values do not allow it
 * @throws WorkLimitReached after `limits.work` operations
 */
export function interpret(ast: ASTNode, names: ReadonlyMap<string, Value>): Value {
  let left: number = limits.work;
  const spend = (amount: number) => {
    if ((left -= amount) < 0) throw new WorkLimitReached();
  };
  return evaluate(ast, { names, spend });
}

function evaluate(node: ASTNode, run: Run): Value {
  run.spend(1);
  switch (node.op) {
    case "value":
      return literal(node.args);
    case "id": {
      const value = run.names.get(node.args);
      if (value === undefined) throw new EvaluationFault(`there is no ${node.args} here`);
      return lift(value);
    }
    case ".":
      return lift(readMember(evaluate(node.args[0], run), node.args[1]));
    case "[]":
      return lift(readMember(evaluate(node.args[0], run), evaluate(node.args[1], run)));
    case "list":
      return node.args.map((element) => evaluate(element, run));
    case "map":
      return Object.fromEntries(node.args.map(([key, value]) => {
        const name = evaluate(key, run);
        if (typeof name !== "string") throw new EvaluationFault("a key of a map is a string");
        return [name, evaluate(value, run)];
      }));
    case "?:":
      return evaluate(isTrue(evaluate(node.args[0], run)) ? node.args[1] : node.args[2], run);
    case "&&":
      return decide(node.args, false, run);
    case "||":
      return decide(node.args, true, run);
    case "!_":
      return !isTrue(evaluate(node.args, run));
    case "-_":
      return negate(evaluate(node.args, run));
    case "call":
      if (node.args[0] === "has") return has(node.args[1][0], run);
      return call(node.args[0], node.args[1], false, run);
    case "rcall": {
      const [name, receiver, args] = node.args;
      return Object.hasOwn(comprehensions, name)
        ? comprehend(name, receiver, args, run)
        : call(name, [receiver, ...args], true, run);
    }
    case ".?":
    case "[?]":
      throw new EvaluationFault("optional members are written with has()");
    default:
      return interpretBinary(
        node.op,
        evaluate(node.args[0], run),
        evaluate(node.args[1], run),
        run.spend,
      );
  }
}

function literal(value: Extract<ASTNode, { op: "value" }>["args"]): Value {
  if (value === null || typeof value !== "object") return value;
  throw new EvaluationFault("bytes and unsigned integers are not supported");
}

function isTrue(value: Value): boolean {
  if (typeof value === "boolean") return value;
  throw new EvaluationFault(`a condition must be bool, not ${typeName(value)}`);
}

function negate(value: Value): Value {
  if (typeof value === "bigint" || typeof value === "number") return -value;
  throw new EvaluationFault(`there is no -${typeName(value)}`);
}

/** `&&` and `||`: a side that decides hides an error of the other, whichever comes first. */
function decide([left, right]: readonly [ASTNode, ASTNode], deciding: boolean, run: Run): boolean {
  const first = attempt(() => isTrue(evaluate(left, run)));
  if (first === deciding) return deciding;
  if (isTrue(evaluate(right, run)) === deciding) return deciding;
  if (first instanceof EvaluationFault) throw first;
  return !deciding;
}

function attempt(work: () => boolean): boolean | EvaluationFault {
  try {
    return work();
  } catch (error) {
    if (error instanceof EvaluationFault) return error;
    throw error;
  }
}

/** Whether every member on the path is there. */
function has(node: ASTNode | undefined, run: Run): boolean {
  if (node?.op !== "." && node?.op !== "[]") {
    throw new EvaluationFault("has() takes the path of a member");
  }
  const keys: Value[] = [];
  let base: ASTNode = node;
  while (base.op === "." || base.op === "[]") {
    keys.unshift(base.op === "." ? base.args[1] : evaluate(base.args[1], run));
    base = base.args[0];
  }
  let value: Value | undefined = evaluate(base, run);
  for (const key of keys) {
    run.spend(1);
    if (isMap(value)) {
      value = typeof key === "string" && Object.hasOwn(value, key) ? value[key] : undefined;
    } else value = isList(value) && typeof key !== "string" ? value[Number(key)] : undefined;
    if (value === undefined) return false;
  }
  return true;
}

function call(name: string, args: readonly ASTNode[], method: boolean, run: Run): Value {
  const values = args.map((arg) => evaluate(arg, run));
  const types = values.map(typeName);
  const match = overloads(name, method).find(({ receiver, params }) => {
    const wanted = receiver === undefined ? params : [receiver, ...params];
    return wanted.length === types.length && wanted.every(({ kind }, n) => kind === types[n]);
  });
  if (match !== undefined) return match.apply(values, run.spend);
  const shown = method ? `${types[0]}.${name}(${types.slice(1)})` : `${name}(${types})`;
  throw new EvaluationFault(`there is no ${shown}`);
}

function comprehend(
  name: string,
  receiver: ASTNode,
  [variable, first, second]: readonly ASTNode[],
  run: Run,
): Value {
  const range = evaluate(receiver, run);
  if (!isList(range) && !isMap(range)) {
    throw new EvaluationFault(
      `${name}() goes through a list or a map, not through ${typeName(range)}`,
    );
  }
  if (variable?.op !== "id" || first === undefined) {
    throw new EvaluationFault(`${name}() takes a name and an expression`);
  }
  const items = isList(range) ? range : Object.keys(range);
  const withItem = (item: Value): Run => ({
    ...run,
    names: new Map(run.names).set(variable.args, item),
  });
  const holds = (item: Value): boolean => isTrue(evaluate(first, withItem(item)));
  switch (name) {
    case "all":
      return quantify(items, holds, false);
    case "exists":
      return quantify(items, holds, true);
    case "exists_one":
      return items.filter(holds).length === 1;
    case "filter":
      return items.filter(holds);
    default:
      return second === undefined
        ? items.map((item) => evaluate(first, withItem(item)))
        : items.filter(holds).map((item) => evaluate(second, withItem(item)));
  }
}

/** `exists` and `all`: an item that decides hides errors of others. */
function quantify(
  items: readonly Value[],
  holds: (item: Value) => boolean,
  deciding: boolean,
): boolean {
  let failure: EvaluationFault | undefined;
  for (const item of items) {
    const result = attempt(() => holds(item));
    if (result === deciding) return deciding;
    if (typeof result !== "boolean") failure ??= result;
  }
  if (failure !== undefined) throw failure;
  return !deciding;
}
