import { launcherFlags } from "../cli/start_sluice.ts";

const project = decodeURIComponent(new URL("../..", import.meta.url).pathname).replace(/\/$/, "");

/**
 * Runs a shell script in a mount and a network namespace of its own, where `sluice ARGS…` is the
 * launcher and `$at` the folder in which the user stands. What it mounts is gone with it.
 *
 * @returns all that it says
 */
export async function inNamespaces(at: string, script: string): Promise<string> {
  const start = `
    PATH=/usr/sbin:/usr/bin:/sbin:/bin
    at=$1 deno=$2 main=$3
    shift 3
    flags=$*
    sluice() { "$deno" run --quiet $flags "$main" "$@"; }
    runs=$at/.sluice/runs
  `;
  const { stdout, stderr } = await new Deno.Command("/usr/bin/unshare", {
    args: [
      ...["--mount", "--net", "/bin/sh", "-c", `exec 2>&1\n${start}${script}`, "sh"],
      ...[at, Deno.execPath(), `${project}/runtime/launch/main.ts`, ...launcherFlags],
    ],
    cwd: project,
    env: { INIT_CWD: at, NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return decoder.decode(stdout) + decoder.decode(stderr);
}

/** The set that a plan needs, for `--accept`. */
export const acceptedSet = (file: string) => `$(sluice plan ${file} | sed -n 's/^set //p')`;
