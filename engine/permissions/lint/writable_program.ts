import { pathCovers } from "../path.ts";
import { systemFolders } from "../system_paths.ts";
import type { Finding, LintedSet } from "./finding.ts";

/**
 * A process that may write a folder above a program that it may start can put another one in its
 * place. What writes a program and what starts it have to be two processes.
 */
export function writableProgram({ grants }: LintedSet): readonly Finding[] {
  const written = grants.flatMap((one) => one.kind === "write" ? [one.entry] : []);
  return grants.flatMap((one): readonly Finding[] => {
    if (one.kind !== "run" || one.grant.brokered === true) return [];
    const { program } = one.grant;
    const spelled = program.startsWith("/")
      ? [program]
      : systemFolders.map((folder) => `${folder}/${program}`);
    const paths = [...spelled, ...(one.path === undefined ? [] : [one.path])];
    const writer = written.find((folder) => paths.some((path) => pathCovers(folder, path)));
    if (writer === undefined) return [];
    return [{
      code: "writable-program",
      severity: "error",
      grant: one,
      message: `the same process may write ${writer}, in which this program lies`,
      hint: "write less, or declare the program brokered: the launcher then starts it",
    }];
  });
}
