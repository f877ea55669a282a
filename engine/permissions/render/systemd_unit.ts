/** A line of a unit, with the reasons that stand above it as comments. */
export interface Directive {
  readonly key: string;
  readonly value: string;
  readonly because?: readonly string[];
}

/** `Key=value`, with one reason or none. */
export function directive(key: string, value: string, ...because: readonly string[]): Directive {
  return { key, value, because };
}

/** A section of a unit; a reason that the line before has already is not repeated. */
export function showSection(name: string, groups: readonly (readonly Directive[])[]): string {
  const shown = groups.filter((group) => group.length > 0).map((group) =>
    group.flatMap(({ key, value, because = [] }, index) => {
      const before = group[index - 1]?.because ?? [];
      return [
        ...[...new Set(because)].filter((reason) => !before.includes(reason))
          .map((reason) => `# ${oneLine(reason)}`),
        `${key}=${value}`,
      ];
    }).join("\n")
  );
  return `[${name}]\n${shown.join("\n\n")}\n`;
}

/**
 * A path as a unit has to have it: `%` doubled, quoted where it has to be; `undefined` where a unit
 * cannot name it: a colon ends a path in `BindPaths=`, a control character ends the line.
 */
export function unitPath(path: string): string | undefined {
  // deno-lint-ignore no-control-regex
  if (!path.startsWith("/") || /[:\x00-\x1f\x7f]/.test(path)) return undefined;
  const text = path.replaceAll("%", "%%");
  if (/^[A-Za-z0-9/_.@+=,%-]+$/.test(text)) return text;
  return `"${text.replaceAll(/["\\]/g, (character) => `\\${character}`)}"`;
}

/** A word of `ExecStart=`: nothing in it is put in or split. */
export function execWord(word: string): string {
  const text = word.replaceAll("%", "%%").replaceAll("$", "$$$$");
  if (/^[A-Za-z0-9/_.@+=,:%$-]+$/.test(text)) return text;
  const escaped = text.replaceAll(/["\\]/g, (character) => `\\${character}`)
    .replaceAll("\n", "\\n").replaceAll("\t", "\\t").replaceAll("\r", "\\r");
  return `"${escaped}"`;
}

/** Text of a description or a comment: one line, nothing put in. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll("%", "%%").trim();
}
