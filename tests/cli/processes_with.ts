/** Reads the command line of every process, but those of this script's own shell. */
const script = `
for file in /proc/[0-9]*/cmdline; do
  line=$(tr '\\0' ' ' <"$file") || continue
  case $line in /bin/sh*) continue ;; esac
  for text; do case $line in *"$text"*) ;; *) continue 2 ;; esac; done
  id=\${file#/proc/}
  echo "\${id%/cmdline}"
done 2>/dev/null
true`;

/**
 * The ids of the processes whose command lines hold these texts, oldest first, as this machine counts
 * them: in its box a process has another id.
 */
export async function processesWith(...texts: readonly string[]): Promise<readonly number[]> {
  const { stdout } = await new Deno.Command("/bin/sh", {
    args: ["-c", script, "sh", ...texts],
    clearEnv: true,
    env: { PATH: "/usr/bin:/bin" },
  }).output();
  const ids = new TextDecoder().decode(stdout).split("\n").filter((id) => id !== "");
  return ids.map(Number).sort((a, b) => a - b);
}
