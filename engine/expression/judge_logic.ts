import type { ASTNode } from "@marcbachmann/cel-js";
import { boolType, showType, unify } from "./cel_type.ts";
import {
  type Environment,
  fault,
  faulty,
  guardAgainstNull,
  isOpen,
  type Judgement,
  knowing,
  sourceOf,
  typed,
} from "./judgement.ts";

/** Types `&&`, `||`, `!` and `? :`, and carries over what conditions prove. */
export function judgeLogic(
  node: Extract<ASTNode, { op: "&&" | "||" | "!_" | "?:" }>,
  environment: Environment,
): Judgement {
  if (node.op === "!_") {
    const { whenTrue, whenFalse } = condition(node.args, environment);
    return { type: boolType, whenTrue: whenFalse, whenFalse: whenTrue };
  }
  const first = condition(node.args[0], environment);
  const onTrue = knowing(environment, first.whenTrue);
  const onFalse = knowing(environment, first.whenFalse);
  if (node.op === "&&") {
    const second = condition(node.args[1], onTrue);
    return {
      type: boolType,
      whenTrue: first.whenTrue.union(second.whenTrue),
      whenFalse: first.whenFalse.intersection(second.whenFalse),
    };
  }
  if (node.op === "||") {
    const second = condition(node.args[1], onFalse);
    return {
      type: boolType,
      whenTrue: first.whenTrue.intersection(second.whenTrue),
      whenFalse: first.whenFalse.union(second.whenFalse),
    };
  }
  const yes = environment.judge(node.args[1], onTrue).type;
  const no = environment.judge(node.args[2], onFalse).type;
  if (yes === undefined || no === undefined) return faulty;
  const type = unify(yes, no);
  if (type !== undefined) return typed(type);
  const message = `the branches differ: ${showType(yes)} and ${showType(no)}`;
  return fault(environment, node, "ill-typed", message, "give both the same type");
}

function condition(node: ASTNode, environment: Environment): Judgement {
  const judged = environment.judge(node, environment);
  if (judged.type === undefined || judged.type.kind === "bool" || isOpen(judged.type)) {
    return judged;
  }
  const text = sourceOf(environment, node);
  return fault(
    environment,
    node,
    "ill-typed",
    `${text} is ${showType(judged.type)}, not bool`,
    judged.type.kind === "nullable" ? guardAgainstNull(text) : "compare it: == != < > in",
  );
}
