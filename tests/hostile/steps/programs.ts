import assert from "node:assert/strict";
import type { Bed } from "../bed.ts";
import type { StepCase } from "../case.ts";

const exec = (program: string, args: readonly string[], env = {}) =>
  `const { stdout } = await ctx.exec(${JSON.stringify({ program, args, env })});
  return { stdout };`;
const notAllowed = (why: string) => ({
  layer: "engine" as const,
  error: new RegExp(`^RefusedError: [\\w-]+ ${why}`),
});
const echo = (args: readonly string[]) => ({ run: [{ program: "echo", args }] });
const denied = (what: string) => ({
  layer: "deno" as const,
  error: new RegExp(`^RefusedError: the sandbox refused [\\w-]+: run access`.concat(what)),
});
const isGone = async (path: string) => {
  await assert.rejects(Deno.lstat(path), Deno.errors.NotFound);
};
const variable = (name: string, value: string): Pick<StepCase, "step" | "refused"> => ({
  step: () => ({ grants: echo(["hello"]), run: exec("echo", ["hello"], { [name]: value }) }),
  refused: notAllowed(`may not give echo the variables ${name}`),
});

/** What is started. */
export const programs: readonly StepCase[] = [
  {
    name: "spawn",
    attack: "starts a program itself",
    step: () => ({ run: `await new Deno.Command("/bin/true").output();` }),
    refused: denied(' to "/bin/true"'),
    real: () => ["--allow-run"],
  },
  {
    name: "spawn-granted",
    needsBox: true,
    attack: "starts a granted program itself, and not by the launcher",
    step: () => ({
      grants: echo(["hello"]),
      run: `await new Deno.Command("/usr/bin/echo", { args: ["hello"] }).output();`,
    }),
    refused: denied(' to "/usr/bin/echo"'),
    real: () => ["--allow-run"],
  },
  {
    name: "not-granted",
    needsBox: true,
    attack: "asks the launcher for a program that it has no grant for",
    step: (at) => ({ grants: echo(["hello"]), run: exec("/usr/bin/cat", [at.secret]) }),
    refused: notAllowed("did not declare the program /usr/bin/cat"),
    real: () => ["--allow-run"],
  },
  {
    name: "other-arguments",
    needsBox: true,
    attack: "gives a granted program other arguments",
    step: (at) => ({
      grants: { run: [{ program: "cat", args: ["/etc/hostname"] }] },
      run: exec("cat", [at.secret]),
    }),
    refused: notAllowed("may not start cat with the arguments"),
    real: () => ["--allow-run"],
  },
  {
    name: "other-spelling",
    needsBox: true,
    attack: "spells a granted program by a path",
    step: () => ({ grants: echo(["hello"]), run: exec("/usr/bin/../bin/echo", ["hello"]) }),
    refused: notAllowed("did not declare the program /usr/bin/../bin/echo"),
    real: () => ["--allow-run"],
  },
  {
    name: "grant-of-another",
    attack: "starts the program that another step of the run was granted",
    step: () => ({ run: exec("cat", ["/etc/hostname"]) }),
    refused: notAllowed("did not declare the program cat"),
    real: () => ["--allow-run"],
  },
  {
    name: "shell-characters",
    needsBox: true,
    attack: "puts shell metacharacters into an argument",
    step: (at) => ({
      grants: echo(["*"]),
      run: exec("echo", [`$(touch ${at.folder}/pwned); \`touch ${at.folder}/pwned\``]).replace(
        "return { stdout }",
        'return { literal: stdout.startsWith("$(touch ") }',
      ),
    }),
    refused: { layer: "launcher", facts: { literal: true } },
    after: (at) => isGone(`${at.folder}/pwned`),
  },
  {
    name: "tar-checkpoint",
    needsBox: true,
    attack: "has tar run a command by --checkpoint-action, with a grant to list one archive",
    step: (at) => ({
      grants: { run: [{ program: "tar", args: ["-cf", "/dev/null", `${at.folder}/spare.txt`] }] },
      run: exec("tar", [
        ...["-cf", "/dev/null", `${at.folder}/spare.txt`],
        ...["--checkpoint=1", `--checkpoint-action=exec=touch ${at.folder}/pwned-by-tar`],
      ]),
    }),
    refused: notAllowed("may not start tar with the arguments"),
    real: () => ["--allow-run"],
    after: (at) => isGone(`${at.folder}/pwned-by-tar`),
  },
  {
    name: "bash-env",
    needsBox: true,
    attack: "gives a granted program BASH_ENV",
    ...variable("BASH_ENV", "/tmp/x"),
  },
  {
    name: "git-config",
    needsBox: true,
    attack: "gives a granted program GIT_CONFIG_COUNT",
    ...variable("GIT_CONFIG_COUNT", "1"),
  },
  {
    name: "ld-preload",
    needsBox: true,
    attack: "gives a granted program LD_PRELOAD",
    ...variable("LD_PRELOAD", "/tmp/x.so"),
  },
  {
    name: "node-options",
    needsBox: true,
    attack: "gives a granted program NODE_OPTIONS",
    ...variable("NODE_OPTIONS", "--require /tmp/x.js"),
  },
  {
    name: "swapped-program",
    needsBox: true,
    attack: "was granted a program in a folder; that has become a link to the shell",
    step: (at: Bed) => ({
      grants: { run: [{ program: `${at.folder}/tools/hello`, args: ["-c", "*"] }] },
      run: exec(`${at.folder}/tools/hello`, ["-c", `touch ${at.folder}/pwned-by-link`]),
    }),
    refused: { layer: "launcher", error: /^RefusedError: .*tools\/hello is not a file/ },
    real: () => ["--allow-run"],
    after: (at) => isGone(`${at.folder}/pwned-by-link`),
  },
  {
    name: "kill-parent",
    attack: "kills the process that started it",
    step: () => ({ run: `Deno.kill(Deno.ppid, "SIGCONT");` }),
    refused: denied(""),
    real: () => ["--allow-run"],
  },
  {
    name: "kill-group",
    attack: "signals its whole process group by node:process",
    step: () => ({ run: `(await import("node:process")).kill(0, "SIGCONT");` }),
    refused: denied(""),
    real: () => ["--allow-run"],
  },
];
