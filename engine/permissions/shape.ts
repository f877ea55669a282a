import { elementReaches, type Shape, shapeOf } from "./element.ts";
import { isPlainPath, pathCovers } from "./path.ts";
import { entryCovers, textKinds } from "./grants.ts";
import type { Permissions, ProgramBox, ProgramGrant } from "./permissions.ts";

/**
 * Whether arguments have the shape of a grant. `*` stands for exactly one argument, `prefix*` for
 * one that begins so (without a segment `..` where the prefix has a `/`), a last `**` for any number,
 * and anything else for itself.
 *
 * @example
 * ```ts
 * import { matchesShape } from "./shape.ts";
 * import assert from "node:assert/strict";
 *
 * const restart = { program: "systemctl", args: ["restart", "--", "atp-*"], env: [] };
 * assert.ok(matchesShape(restart, ["restart", "--", "atp-router"]));
 * assert.ok(!matchesShape(restart, ["restart", "--", "ssh"]));
 * ```
 */
export function matchesShape(grant: ProgramGrant, args: readonly string[]): boolean {
  const { fixed, rest } = shapeOf(grant.args);
  if (rest ? args.length < fixed.length : args.length !== fixed.length) return false;
  return fixed.every((element, index) => elementReaches(element, { literal: args[index]! }));
}

/**
 * Whether a program's path is the one of a grant. In a brokered grant a segment `*` stands for any
 * one segment.
 */
export function matchesProgram(grant: ProgramGrant, program: string): boolean {
  if (grant.program === program) return true;
  if (grant.brokered !== true || !isPlainPath(program)) return false;
  return segmentsCover(grant.program, program);
}

/**
 * Whether one program grant allows everything that another does: the same program (a `*` segment of
 * a brokered path reaches any segment), a shape that every argument list of the other has, no
 * variable less, the same way of being started, no narrower box, and nothing less for a module.
 */
export function programCovers(ceiling: ProgramGrant, grant: ProgramGrant): boolean {
  const brokered = ceiling.brokered === true;
  if (brokered !== (grant.brokered === true)) return false;
  const program = ceiling.program === grant.program ||
    brokered && segmentsCover(ceiling.program, grant.program);
  return program && shapeCovers(shapeOf(ceiling.args), shapeOf(grant.args)) &&
    grant.env.every((name) => ceiling.env.includes(name)) && boxCovers(ceiling.box, grant.box) &&
    moduleCovers(ceiling.deno, grant.deno);
}

/** Whether a module may be granted everything that another may; a program of its own is none. */
function moduleCovers(ceiling: Permissions | undefined, set: Permissions | undefined): boolean {
  if (ceiling === undefined || set === undefined) return ceiling === set;
  return textKinds.every((kind) =>
    set[kind].every((entry) => ceiling[kind].some((outer) => entryCovers(kind, outer, entry)))
  );
}

/** Whether a box holds everything that another does; what is not confined (`undefined`) holds all. */
function boxCovers(ceiling: ProgramBox | undefined, box: ProgramBox | undefined): boolean {
  if (ceiling === undefined) return true;
  if (box === undefined || box.network && !ceiling.network) return false;
  const reaches = (outer: readonly string[], inner: readonly string[]) =>
    inner.every((path) => outer.some((parent) => pathCovers(parent, path)));
  return reaches(ceiling.write, box.write) &&
    reaches([...ceiling.read, ...ceiling.write], box.read);
}

/** Whether every argument list of `inner` is one of `outer`. */
function shapeCovers(outer: Shape, inner: Shape): boolean {
  if (!outer.rest && (inner.rest || inner.fixed.length !== outer.fixed.length)) return false;
  if (inner.fixed.length < outer.fixed.length) return false;
  return outer.fixed.every((element, index) => elementReaches(element, inner.fixed[index]!));
}

function segmentsCover(pattern: string, path: string): boolean {
  const outer = pattern.split("/");
  const inner = path.split("/");
  if (!isPlainPath(pattern) || !isPlainPath(path) || outer.length !== inner.length) return false;
  return outer.every((segment, index) => segment === "*" || segment === inner[index]);
}
