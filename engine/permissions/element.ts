/** One element of a shape: any argument that begins with `prefix`, or exactly `literal`. */
export type Element = { readonly prefix: string } | { readonly literal: string };

/** An element without its asterisk. */
export function spelled(element: Element): string {
  return "literal" in element ? element.literal : element.prefix;
}

/** The shape of a program's arguments, read. */
export interface Shape {
  readonly fixed: readonly Element[];
  /** Whether any number of arguments may follow. */
  readonly rest: boolean;
}

/** Reads the `args` of a grant: `*`, `prefix*`, a last `**`, and literals. */
export function shapeOf(args: readonly string[]): Shape {
  const rest = args.at(-1) === "**";
  const fixed = (rest ? args.slice(0, -1) : args).map((text): Element =>
    text.endsWith("*") ? { prefix: text.slice(0, -1) } : { literal: text }
  );
  return { fixed, rest };
}

/**
 * Whether every argument that fits one element fits another. A prefix with a `/` in it is the
 * beginning of a path, and `..` would lead out of what it says: no argument with such a segment
 * fits it.
 */
export function elementReaches(outer: Element, inner: Element): boolean {
  if ("literal" in outer) return "literal" in inner && inner.literal === outer.literal;
  const text = spelled(inner);
  if (!text.startsWith(outer.prefix)) return false;
  const slash = outer.prefix.lastIndexOf("/");
  if (slash < 0) return true;
  // What a prefix leaves open it keeps free of `..` itself.
  const settled = "literal" in inner ? text : text.slice(0, text.lastIndexOf("/") + 1);
  return !settled.slice(slash + 1).split("/").includes("..");
}

/** The element that exactly those arguments fit which fit both. */
export function meetElements(a: Element, b: Element): Element | undefined {
  if (elementReaches(a, b)) return b;
  return elementReaches(b, a) ? a : undefined;
}
