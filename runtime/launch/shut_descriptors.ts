/** What closes what whoever started the launcher has open beyond the standard streams. */
export interface Shutting {
  /** A command that starts the one after it with standard streams alone, where more is open. */
  readonly shut?: readonly string[];
  /** What it cannot close, for people. */
  readonly notes?: readonly string[];
}

/** Lines of shell that print which descriptors are open, but for the one by which it looks. */
export const tellOpen =
  `for one in /proc/self/fd/*; do [ -L "$one" ] && printf '%s ' "\${one##*/}"; done; echo`;

/** What these lines say: the numbers beyond the standard streams. */
export function readOpen(line: string): readonly number[] {
  return line.split(" ").map(Number).filter((number) => number > 2);
}

/**
 * What closes descriptors before a program begins. Deno hands on what it got, and bubblewrap what Deno
 * has: sockets that a step uses by their numbers, files that a program reads, folders by which it
 * leaves its box. bash reads nothing of the environment with -p; another shell knows one digit.
 *
 * @param bash whether it is installed
 */
export function shutting(open: readonly number[], bash: boolean): Shutting {
  const able = open.filter((number) => bash || number < 10);
  const left = open.filter((number) => !able.includes(number));
  const lines = `exec ${able.map((number) => `${number}<&-`).join(" ")}; exec "$@"`;
  const shell = bash ? ["/bin/bash", "-p"] : ["/bin/sh"];
  return {
    ...(able.length === 0 ? {} : { shut: [...shell, "-c", lines, "sluice"] }),
    ...(left.length === 0 ? {} : {
      notes: [`what is open as ${left.join(", ")} where this was started is open in it as well`],
    }),
  };
}
