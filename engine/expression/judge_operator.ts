import type { ASTNode } from "@marcbachmann/cel-js";
import {
  boolType,
  type CelType,
  dynType,
  listOf,
  showType,
  stringType,
  unify,
} from "./cel_type.ts";
import {
  type Environment,
  fault,
  faulty,
  guardAgainstNull,
  isOpen,
  type Judgement,
  sourceOf,
  typed,
} from "./judgement.ts";
import { nothing, notNull } from "./narrowing.ts";

type Binary = Extract<ASTNode, { op: BinaryOp }>;
type BinaryOp = "!=" | "==" | "in" | "+" | "-" | "*" | "/" | "%" | "<" | "<=" | ">" | ">=";

/** Types arithmetic, comparisons and `in`. */
export function judgeBinary(node: Binary, environment: Environment): Judgement {
  const left = environment.judge(node.args[0], environment);
  const right = environment.judge(node.args[1], environment);
  const isComparison = !["+", "-", "*", "/", "%"].includes(node.op);
  if (left.type === undefined || right.type === undefined) {
    return isComparison ? typed(boolType) : faulty;
  }
  const type = resultOf(node.op, left.type, right.type);
  if (type === undefined) return refuse(node, left.type, right.type, environment);
  if (node.op === "/" && type.kind === "double" && !node.args.some(isSurelyDouble)) {
    // Outside CEL there is one type of numbers: 4.0 arrives as 4, and 4 / 8 would be 0.
    const dividend = sourceOf(environment, node.args[0]);
    return fault(
      environment,
      node,
      "ill-typed",
      "whether this divides whole numbers would depend on the values",
      `write double(${dividend}) / …`,
    );
  }
  if (node.op !== "==" && node.op !== "!=") return typed(type);
  return nullComparison(node.op, left, right);
}

function resultOf(op: BinaryOp, left: CelType, right: CelType): CelType | undefined {
  const open = isOpen(left) || isOpen(right);
  switch (op) {
    case "==":
    case "!=":
      return areComparable(left, right) ? boolType : undefined;
    case "<":
    case "<=":
    case ">":
    case ">=": {
      const ordered = (isNumber(left) && isNumber(right)) ||
        (left.kind === "string" && right.kind === "string");
      const possible = [left, right].every((type) =>
        isOpen(type) || isNumber(type) || type.kind === "string"
      );
      return ordered || (open && possible) ? boolType : undefined;
    }
    case "in":
      if (right.kind === "list") {
        return areComparable(left, right.items) ? boolType : undefined;
      }
      if (right.kind === "map" || right.kind === "object") {
        return left.kind === "string" || isOpen(left) ? boolType : undefined;
      }
      return isOpen(right) ? boolType : undefined;
    case "+":
      if (left.kind === "string" && right.kind === "string") return stringType;
      if (left.kind === "list" && right.kind === "list") {
        const items = unify(left.items, right.items);
        return items && listOf(items);
      }
      return arithmetic(left, right, ["int", "double"], ["string", "list"]);
    case "%":
      return arithmetic(left, right, ["int"]);
    default:
      return arithmetic(left, right, ["int", "double"]);
  }
}

/** Both alike and of these kinds; with a `dyn` on one side the result is `dyn`. */
function arithmetic(
  left: CelType,
  right: CelType,
  kinds: readonly string[],
  also: readonly string[] = [],
): CelType | undefined {
  const fits = (type: CelType) => isOpen(type) || [...kinds, ...also].includes(type.kind);
  if (isOpen(left) || isOpen(right)) return fits(left) && fits(right) ? dynType : undefined;
  return left.kind === right.kind && kinds.includes(left.kind) ? left : undefined;
}

function areComparable(left: CelType, right: CelType): boolean {
  if (left.kind === "null" || right.kind === "null") {
    return [left, right].every((type) => type.kind === "null" || isOpen(type) || isNullable(type));
  }
  const [a, b] = [withoutNull(left), withoutNull(right)];
  return (isNumber(a) && isNumber(b)) || unify(a, b) !== undefined;
}

function refuse(
  node: Binary,
  left: CelType,
  right: CelType,
  environment: Environment,
): Judgement {
  const report = (place: ASTNode, message: string, hint?: string) => {
    fault(environment, place, "ill-typed", message, hint);
    return typed(undefined);
  };
  const null_ = [left, right].findIndex((type) => type.kind === "null");
  if ((node.op === "==" || node.op === "!=") && null_ !== -1) {
    const other = node.args[1 - null_]!;
    return report(other, `${sourceOf(environment, other)} is never null`);
  }
  const nullable = [left, right].findIndex(isNullable);
  if (nullable !== -1 && node.op !== "==" && node.op !== "!=") {
    const text = sourceOf(environment, node.args[nullable]!);
    fault(
      environment,
      node.args[nullable]!,
      "unguarded",
      `${text} may be null`,
      guardAgainstNull(text),
    );
    return faulty;
  }
  const kinds = new Set([left.kind, right.kind]);
  const hint = kinds.has("int") && kinds.has("double")
    ? "convert one of them: double(…) or int(…)"
    : kinds.has("string") && node.op === "+"
    ? "convert the other: string(…)"
    : undefined;
  return report(node, `there is no ${showType(left)} ${node.op} ${showType(right)}`, hint);
}

/** `path != null` proves the path where it holds, `path == null` where it does not. */
function nullComparison(op: "==" | "!=", left: Judgement, right: Judgement): Judgement {
  const path = left.type?.kind === "null" ? right.path : right.type?.kind === "null" && left.path;
  if (!path) return typed(boolType);
  const proof = new Set([notNull(path)]);
  return {
    ...typed(boolType),
    ...(op === "!=" ? { whenTrue: proof, whenFalse: nothing } : { whenFalse: proof }),
  };
}

/** Whether the node gives a double whatever the values from outside look like. */
function isSurelyDouble(node: ASTNode): boolean {
  switch (node.op) {
    case "value":
      return typeof node.args === "number";
    case "call":
      return node.args[0] === "double";
    case "-_":
      return isSurelyDouble(node.args);
    case "+":
    case "-":
    case "*":
    case "/":
      return node.args.some(isSurelyDouble);
    case "?:":
      return isSurelyDouble(node.args[1]) && isSurelyDouble(node.args[2]);
    default:
      return false;
  }
}

/** Types `-x`. */
export function judgeMinus(
  node: Extract<ASTNode, { op: "-_" }>,
  environment: Environment,
): Judgement {
  const { type } = environment.judge(node.args, environment);
  if (type === undefined) return faulty;
  if (isNumber(type)) return typed(type);
  if (isOpen(type)) return typed(dynType);
  return fault(environment, node, "ill-typed", `there is no -${showType(type)}`);
}

function isNumber(type: CelType): boolean {
  return type.kind === "int" || type.kind === "double";
}

function isNullable(type: CelType): boolean {
  return type.kind === "nullable";
}

function withoutNull(type: CelType): CelType {
  return type.kind === "nullable" ? type.of : type;
}
