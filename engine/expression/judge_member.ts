import type { ASTNode } from "@marcbachmann/cel-js";
import { knownHere, suggest } from "../document/suggest.ts";
import { boolType, type CelType, dynType, type Field, fieldOf, showType } from "./cel_type.ts";
import {
  type Environment,
  fault,
  faulty,
  guardAgainstNull,
  type Judgement,
  sourceOf,
  typed,
} from "./judgement.ts";
import { notNull, presence, presenceOf } from "./narrowing.ts";
import { type Path, showPath } from "./path.ts";

type Member = Extract<ASTNode, { op: "." | "[]" }>;
type Place = { readonly start: number; readonly end: number };

/**
 * Types `value.name` and `value[index]`. What may be absent or null must have been proven to be
 * there by `has()` or a comparison around it.
 */
export function judgeMember(node: Member, environment: Environment): Judgement {
  return judge(node, environment, false);
}

/**
 * Types `has(path)`, and tells what holds where it is true. Unlike CEL's it may end in an index
 * with a string, for ids have hyphens, and it is false, no error, where a member on the way is absent.
 */
export function judgeHas(
  call: ASTNode,
  args: readonly ASTNode[],
  environment: Environment,
): Judgement {
  const [node] = args;
  if (args.length !== 1 || node === undefined || !isMember(node)) {
    return fault(environment, call, "ill-typed", ...hasNeedsPath);
  }
  const judged = judge(node, environment, true);
  if (judged.type === undefined) return typed(boolType);
  if (judged.path === undefined || typeof judged.path.at(-1) === "number") {
    return fault(environment, call, "ill-typed", ...hasNeedsPath);
  }
  return { ...typed(boolType), whenTrue: presenceOf(judged.path) };
}

const hasNeedsPath = [
  "has() takes the path of a member",
  "write has(steps['id'].fact)",
] as const;

function isMember(node: ASTNode): node is Member {
  return node.op === "." || node.op === "[]";
}

/** @param tolerant within `has()`, where things may be absent */
function judge(node: Member, environment: Environment, tolerant: boolean): Judgement {
  const [base] = node.args;
  const key = keyOf(node);
  if (base.op === "id" && (base.args === "params" || base.args === "steps")) {
    return judgeRoot(node, base.args, key, environment, tolerant);
  }
  const judged = isMember(base)
    ? judge(base, environment, tolerant)
    : environment.judge(base, environment);
  const index = node.op === "[]" ? environment.judge(node.args[1], environment).type : undefined;
  if (judged.type === undefined || (node.op === "[]" && index === undefined)) return faulty;
  const path = judged.path !== undefined && key !== undefined ? [...judged.path, key] : undefined;

  let type = judged.type;
  if (type.kind === "nullable") {
    if (!tolerant) {
      const text = sourceOf(environment, base);
      const message = `${text} may be null`;
      return fault(environment, base, "unguarded", message, guardAgainstNull(text));
    }
    type = type.of;
  }
  const field = memberType(type, key, index, node, environment);
  if (field === undefined) return faulty;
  return found(field, path, node, environment, tolerant);
}

/** The name or number in the source; `undefined` for an index that must be computed. */
function keyOf(node: Member): string | number | undefined {
  if (node.op === ".") return node.args[1];
  const index = node.args[1];
  if (index.op !== "value") return undefined;
  if (typeof index.args === "string") return index.args;
  return typeof index.args === "bigint" ? Number(index.args) : undefined;
}

function memberType(
  type: CelType,
  key: string | number | undefined,
  index: CelType | undefined,
  node: Member,
  environment: Environment,
): Field | undefined {
  const always = (type: CelType): Field => ({ type, optional: false });
  const byName = node.op === "." || index?.kind === "string" || index?.kind === "dyn";
  const byNumber = index?.kind === "int" || index?.kind === "dyn";
  const refuse = (message: string, hint?: string): undefined => {
    fault(environment, placeOfKey(node), "ill-typed", message, hint);
  };
  switch (type.kind) {
    case "dyn":
    case "never":
      return always(dynType);
    case "list":
      if (byNumber) return always(type.items);
      return refuse(
        `a list is indexed by an int, not by ${index === undefined ? "a name" : showType(index)}`,
        "write list[0], list.size(), or list.map(x, …)",
      );
    case "map":
      return byName ? always(type.values) : refuse("a map is indexed by a string");
    case "object": {
      if (!byName) return refuse("a map is indexed by a string");
      if (typeof key !== "string") {
        return refuse("which member this is must be known when planning", "write its name");
      }
      const field = fieldOf(type, key) ?? (type.rest && { type: type.rest, optional: true });
      if (field !== undefined) return field;
      const owner = sourceOf(environment, node.args[0]);
      const message = `${owner} has no member ${JSON.stringify(key)}`;
      const hint = hintFor(key, Object.keys(type.fields), (name) => name);
      fault(environment, placeOfKey(node), "unknown-name", message, hint);
      return undefined;
    }
    default:
      return refuse(`a value of type ${showType(type)} has no members`);
  }
}

/** `params.name` and `steps.id`: names that the pipeline declares. */
function judgeRoot(
  node: Member,
  root: "params" | "steps",
  key: string | number | undefined,
  environment: Environment,
  tolerant: boolean,
): Judgement {
  const { scope } = environment;
  const what = root === "params" ? "parameter" : "step";
  if (typeof key !== "string") {
    const message = `which ${what} this is must be known when planning`;
    const hint = root === "params" ? "write params.NAME" : "write steps['ID']";
    return fault(environment, node, "ill-typed", message, hint);
  }
  const path = [root, key];
  if (root === "params") {
    const type = Object.hasOwn(scope.params, key) ? scope.params[key] : undefined;
    if (type !== undefined) {
      return found({ type, optional: false }, path, node, environment, tolerant);
    }
    const hint = hintFor(key, Object.keys(scope.params), (name) => showPath([root, name]));
    const message = `there is no parameter ${JSON.stringify(key)}`;
    return fault(environment, placeOfKey(node), "unknown-name", message, hint);
  }
  const step = Object.hasOwn(scope.steps, key) ? scope.steps[key] : undefined;
  if (step === undefined) return unknownStep(node, key, environment);
  return found({ type: step.facts, optional: step.optional }, path, node, environment, tolerant);
}

function unknownStep(node: Member, id: string, environment: Environment): Judgement {
  const { steps, allSteps, laterSteps, self } = environment.scope;
  const name = JSON.stringify(id);
  const place = placeOfKey(node);
  if (id === self || laterSteps?.has(id)) {
    const why = id === self ? "is this step itself" : "runs later";
    const hint = "only facts of steps that have ended before this one can be used";
    return fault(environment, place, "unknown-name", `step ${name} ${why}`, hint);
  }
  if (allSteps?.has(id)) {
    return laterSteps !== undefined
      ? fault(
        environment,
        place,
        "unknown-name",
        `step ${name} is not among the steps that this one needs`,
        `add ${name} to its needs`,
      )
      : fault(
        environment,
        place,
        "unknown-name",
        `step ${name} runs later, or is not among the steps that this one needs`,
        `move it before this step, or add ${name} to its needs`,
      );
  }
  const ids = Object.keys(steps);
  const near = suggest(id, ids) ?? suggest(id, allSteps ?? []);
  const hint = near === undefined ? hintFor(id, ids, (name) => name) : meant(["steps", near]);
  return fault(environment, place, "unknown-name", `there is no step ${name}`, hint);
}

/** The type of what was found, unless it may be absent. */
function found(
  { type, optional }: Field,
  path: Path | undefined,
  node: Member,
  environment: Environment,
  tolerant: boolean,
): Judgement {
  const { known } = environment;
  if (optional && !tolerant && (path === undefined || !known.has(presence(path)))) {
    const text = sourceOf(environment, node);
    const isStep = path?.[0] === "steps" && path.length === 2;
    const message = isStep
      ? `step ${JSON.stringify(path[1])} may be skipped or fail, and then has no facts`
      : `${text} may be absent`;
    // Of a step with `for_each` the facts are a list, in which no name is looked up.
    const guard = isStep && type.kind !== "list" ? `has(${text}.FACT)` : `has(${text})`;
    const hint = path === undefined
      ? "only a member with a plain path can be guarded with has()"
      : `guard it: ${guard} ? … : …`;
    return fault(environment, node, "unguarded", message, hint);
  }
  const proven = type.kind === "nullable" && path !== undefined && known.has(notNull(path));
  return typed(proven ? type.of : type, path);
}

/** The name or the index alone, without what stands before it. */
function placeOfKey(node: Member): Place {
  if (node.op === "[]") return node.args[1];
  return { start: node.pos, end: node.pos + node.args[1].length };
}

function hintFor(
  word: string,
  names: readonly string[],
  show: (name: string) => string,
): string | undefined {
  const near = suggest(word, names);
  if (near !== undefined) return `did you mean ${show(near)}?`;
  return knownHere(names);
}

function meant(path: Path): string {
  return `did you mean ${showPath(path)}?`;
}
