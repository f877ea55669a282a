import type { ASTNode } from "@marcbachmann/cel-js";
import type { CelType } from "./cel_type.ts";
import type { Fault } from "./fault.ts";
import { type Known, nothing } from "./narrowing.ts";
import type { Path } from "./path.ts";
import type { TypeScope } from "./type_scope.ts";

/** What is known of a node of an expression. */
export interface Judgement {
  /** Absent when the node is faulty: nothing more is said of what contains it. */
  readonly type: CelType | undefined;
  /** Where its value stands, if it is a plain path. */
  readonly path?: Path;
  /** What holds where the node, a condition, is true, and where it is false. */
  readonly whenTrue: Known;
  readonly whenFalse: Known;
}

/** What a node is judged in. */
export interface Environment {
  readonly source: string;
  readonly scope: TypeScope;
  /** Names that comprehensions have bound. */
  readonly locals: ReadonlyMap<string, CelType>;
  readonly known: Known;
  /** How many comprehensions are around the node. */
  readonly nesting: number;
  readonly faults: Fault[];
  readonly judge: (node: ASTNode, environment: Environment) => Judgement;
}

/** A judgement of a node that proves nothing. */
export function typed(type: CelType | undefined, path?: Path): Judgement {
  return {
    type,
    ...(path === undefined ? {} : { path }),
    whenTrue: nothing,
    whenFalse: nothing,
  };
}

export const faulty: Judgement = typed(undefined);

/** Notes a fault; the node is then {@linkcode faulty}. */
export function fault(
  environment: Environment,
  node: { readonly start: number; readonly end: number },
  code: Fault["code"],
  message: string,
  hint?: string,
): Judgement {
  environment.faults.push({
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    offset: node.start,
    length: node.end - node.start,
  });
  return faulty;
}

/** The same environment after a condition has held. */
export function knowing(environment: Environment, more: Known): Environment {
  return more.size === 0 ? environment : { ...environment, known: environment.known.union(more) };
}

/** The node as the author wrote it. */
export function sourceOf(environment: Environment, node: ASTNode): string {
  return environment.source.slice(node.start, node.end);
}

/** Whether the type shows at run time only. */
export function isOpen(type: CelType): boolean {
  return type.kind === "dyn" || type.kind === "never";
}

/** The hint for a value that may be null. */
export function guardAgainstNull(text: string): string {
  return `guard it: ${text} != null ? … : …`;
}
