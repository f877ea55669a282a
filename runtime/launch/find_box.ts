import { readVariable } from "../../engine/read_variable.ts";
import type { Box } from "./box.ts";
import { readOpen, shutting, tellOpen } from "./shut_descriptors.ts";

/** Files that container engines put into their containers. */
const containerFiles = ["/.dockerenv", "/run/.containerenv"];
/** Variables that they set. */
const containerVariables = ["container", "KUBERNETES_SERVICE_HOST"];

/** Where bubblewrap is looked for, and nowhere else: PATH is never asked. */
export const bubblewrapPaths = ["/usr/bin/bwrap", "/run/current-system/sw/bin/bwrap"] as const;

/** What of the machine {@linkcode findBox} asks; the tests ask others. */
export interface BoxProbe {
  isFile(path: string): boolean;
  variable(name: string): string | undefined;
  /** Why bubblewrap makes no box here, or which descriptors beyond 2 are open in one that it made. */
  tryBubblewrap(program: string): Promise<TriedBox>;
}

export type TriedBox = { readonly fault: string } | { readonly open: readonly number[] };

/**
 * The box that this machine can put around a runner: bubblewrap where it is installed and works,
 * which user namespaces may be forbidden for; else the container around all of this; else none, and
 * why. Costs one start of bubblewrap, about 5 ms.
 */
export async function findBox(probe: BoxProbe = thisMachine): Promise<Box> {
  const program = bubblewrapPaths.find((path) => probe.isFile(path));
  const tried = program === undefined
    ? { fault: "bubblewrap is not installed (package bubblewrap)" }
    : await probe.tryBubblewrap(program);
  if (program !== undefined && "open" in tried) {
    return { kind: "bubblewrap", program, ...shutting(tried.open, probe.isFile("/bin/bash")) };
  }
  const fault = "fault" in tried ? tried.fault : "";
  const file = containerFiles.find((path) => probe.isFile(path));
  const name = containerVariables.find((name) => probe.variable(name));
  const sign = file ?? name;
  if (sign === undefined) return { kind: "none", why: fault };
  return { kind: "container", why: `${sign} says that this is one; ${fault}` };
}

const thisMachine: BoxProbe = {
  isFile(path) {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  },
  variable: (name) => readVariable(name),
  async tryBubblewrap(program) {
    try {
      const child = new Deno.Command(program, {
        // All that a box is made of, around a program that every one of them holds.
        args: [
          ...["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"],
          ...["--ro-bind", "/", "/", "--proc", "/proc", "--remount-ro", "/proc", "--dev", "/dev"],
          ...["--perms", "1777", "--tmpfs", "/dev/shm", "--remount-ro", "/dev"],
          ...["--size", "4096", "--tmpfs", "/tmp", "--perms", "0555", "--dir", "/tmp/a"],
          ...["--", "/bin/sh", "-c", tellOpen],
        ],
        clearEnv: true,
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const told = firstLine(child.stdout);
      const [{ success }, said] = await Promise.all([child.status, firstLine(child.stderr)]);
      if (!success) return { fault: `${program} makes no box here: ${said || "it says nothing"}` };
      return { open: readOpen(await told) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const why = reason.replace(/, run again with .*/s, "");
      return { fault: `${program} cannot be started: ${why}` };
    }
  },
};

/**
 * The first line of what a program says. Its end is not waited for: where bubblewrap may not give up
 * what it got, it ends and leaves a process behind that waits for it, and has its standard error.
 */
async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (text.includes("\n")) break;
  }
  return text.split("\n")[0]!.trim();
}
