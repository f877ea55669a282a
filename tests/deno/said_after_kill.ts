import { script } from "./probe.ts";

/**
 * What a program writes that a Deno has started, where that Deno is killed as soon as the program has
 * begun: `begun`, and `alive` if it is left when the Deno is gone.
 *
 * @param wrap the command in front of the program
 */
export async function saidAfterKill(wrap: readonly string[]): Promise<string> {
  // It waits until nothing is left of the Deno, not even an entry for its end: any signal that the
  // end sends has come by then. Then it counts, for what hands the signal on.
  const text = "echo begun; while [ -d /proc/$0 ]; do :; done; " +
    "i=0; while [ $i -lt 500000 ]; do i=$((i + 1)); done; echo alive";
  const command = [...wrap, "/bin/sh", "-c", text];
  const path = await script(
    `const [program, ...args] = command;
     new Deno.Command(program, {
       args: [...args, String(Deno.pid)],
       stdin: "null",
       stdout: "inherit",
     }).spawn();
     await new Promise((resolve) => setTimeout(resolve, 60_000));`,
    { command },
  );
  const parent = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", `--allow-run=${command[0]}`, path],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  let said = "";
  // The stream ends when nobody is left who could write.
  for await (const piece of parent.stdout.pipeThrough(new TextDecoderStream())) {
    said += piece;
    if (said === "begun\n") parent.kill("SIGKILL");
  }
  await parent.status;
  return said;
}
