import type { Bench, Subject } from "./bench.ts";
import { files, filesIn, flagsIn, runIn } from "./permitted_steps.ts";

/** What it costs that Deno writes down each permission that is asked for. */
export const bench: Bench = {
  summary: "processor time of 1,000 steps that each read a file, with and without Deno's audit log",
  rounds: 25,
  flags: ({ project, tmp, deno }) => [
    `--allow-read=${project},${tmp}`,
    `--allow-write=${tmp}`,
    `--allow-run=${deno}`,
  ],
  async open({ project, tmp, deno }) {
    await Deno.mkdir(filesIn(tmp));
    await Deno.mkdir(runIn(tmp));
    for (let n = 0; n < files; n++) await Deno.writeTextFile(`${filesIn(tmp)}/${n}`, `${n}`);
    let runs = 0;
    const steps = (name: string, env: Readonly<Record<string, string>>): Subject => ({
      name,
      async run() {
        const { success, stdout, stderr } = await new Deno.Command(deno, {
          args: [
            ...["run", "--quiet", "--no-prompt", "--cached-only", "--no-check"],
            ...flagsIn(tmp),
            `${project}/tests/bench/permitted_steps.ts`,
            ...[tmp, `${runIn(tmp)}/journal-${++runs}`],
          ],
          env,
        }).output();
        const text = new TextDecoder();
        if (!success) throw new Error(text.decode(stderr));
        return Number(text.decode(stdout));
      },
    });
    return {
      subjects: [
        steps("no log", {}),
        steps("audit log", { DENO_AUDIT_PERMISSIONS: `${tmp}/audit.jsonl` }),
      ],
    };
  },
};
