import { wordPlaces } from "../lock/words.ts";
import { pathCovers } from "../path.ts";
import type { Finding, LintedSet } from "./finding.ts";

/** What of the project decides how processes are started, and what they do. */
const trusted = [
  "deno.json",
  "deno.lock",
  "permissions.lock.json",
  "engine",
  "pipelines",
  "runtime",
  "steps",
].map((name) => `${wordPlaces.project}/${name}`);

/** A process that may write the lock, `deno.json` or the code chooses its own permissions. */
export function writableTrust({ grants }: LintedSet): readonly Finding[] {
  return grants.flatMap((one): readonly Finding[] => {
    if (one.kind !== "write") return [];
    const reached = trusted.find((path) =>
      pathCovers(one.entry, path) || pathCovers(path, one.entry)
    );
    if (reached === undefined) return [];
    const name = reached.slice(wordPlaces.project.length + 1);
    return [{
      code: "writable-trust",
      severity: "error",
      grant: one,
      message: `whoever may write this may change ${name}, and with it what is allowed`,
      hint: "let it write a folder of its own, such as ${project}/artifacts or one elsewhere",
    }];
  });
}
