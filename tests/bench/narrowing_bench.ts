import type { Bench, Subject } from "./bench.ts";
import { files, filesIn, flagsIn, runIn } from "./thousand_permitted_steps.ts";

/** What giving up permissions on the way costs, and having Deno log each check. */
export const bench: Bench = {
  summary: "processor time of 1,000 steps, with and without shedding and audit",
  flags: ({ project, tmp, deno }) => [
    `--allow-read=${project},${tmp}`,
    `--allow-write=${tmp}`,
    `--allow-run=${deno}`,
  ],
  rounds: 25,
  async open({ project, tmp, deno }) {
    await Deno.mkdir(filesIn(tmp));
    await Deno.mkdir(runIn(tmp));
    for (let n = 0; n < files; n++) await Deno.writeTextFile(`${filesIn(tmp)}/${n}`, `${n}`);
    let runs = 0;
    const steps = (name: string, { shed, audit }: { shed: boolean; audit: boolean }): Subject => ({
      name,
      async run() {
        const journal = `${runIn(tmp)}/journal-${++runs}.jsonl`;
        const { success, stdout, stderr } = await new Deno.Command(deno, {
          args: [
            ...["run", "--quiet", "--no-prompt", "--cached-only", "--no-check"],
            ...flagsIn(tmp),
            `${project}/tests/bench/thousand_permitted_steps.ts`,
            ...[tmp, journal, shed ? "shed" : "keep"],
          ],
          env: audit ? { DENO_AUDIT_PERMISSIONS: `${tmp}/audit.jsonl` } : {},
        }).output();
        const text = new TextDecoder();
        if (!success) throw new Error(text.decode(stderr));
        return Number(text.decode(stdout));
      },
    });
    return {
      subjects: [
        steps("neither", { shed: false, audit: false }),
        steps("shedding", { shed: true, audit: false }),
        steps("audit", { shed: false, audit: true }),
        steps("shedding and audit", { shed: true, audit: true }),
      ],
    };
  },
};
