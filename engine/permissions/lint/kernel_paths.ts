import { pathCovers } from "../path.ts";
import type { Finding, LintedSet } from "./finding.ts";

/** Deno refuses all of these, listed or not, unless everything is allowed. */
const kernel = ["/proc", "/sys", "/dev"];

/** A grant below `/proc`, `/sys` or `/dev` is none: Deno keeps them shut. */
export function kernelPaths({ grants }: LintedSet): readonly Finding[] {
  return grants.flatMap((one): readonly Finding[] => {
    if (one.kind === "run") return [];
    const path = one.entry.replace(/^unix:/, "");
    const root = kernel.find((each) => pathCovers(each, path));
    if (root === undefined) return [];
    return [{
      code: "kernel-paths",
      severity: "error",
      grant: one,
      message: `Deno keeps ${root} shut, whatever is listed`,
      hint: one.kind === "read"
        ? "read it through a declared program, such as findmnt, lsblk or ps"
        : "leave it to a declared program, whose arguments say what it does there",
    }];
  });
}
