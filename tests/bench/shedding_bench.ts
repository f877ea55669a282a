import { planOf } from "../../engine/execute/test_bed.ts";
import { denoFlags } from "../../engine/permissions/deno_flags.ts";
import { derive } from "../../engine/permissions/derive.ts";
import type { Places } from "../group.ts";
import type { Bench, Subject } from "./bench.ts";
import { nothing, sheddingPlan } from "./shedding_plan.ts";

/**
 * What a run of 1,000 steps adds to its work by giving up its grants one after the other: the ratio is
 * the share. 40 grants are a set of ordinary size.
 */
export const bench: Bench = {
  summary: "giving up grants, beside the 1,000 steps it is done for (processor time)",
  flags: ({ project, tmp, deno }) => [
    `--allow-read=${project},${tmp}`,
    `--allow-write=${tmp}`,
    `--allow-run=${deno}`,
  ],
  async open(places) {
    const steps: Subject = {
      name: "1,000 steps that do nothing, journal on disk",
      run: async () => (await measure(places, 1)).steps,
    };
    const shed = (grants: number): Subject => ({
      name: `giving up ${grants} grants`,
      run: async () => (await measure(places, grants)).shed,
    });
    return await Promise.resolve({ subjects: [steps, shed(40), shed(200), shed(1000)] });
  },
};

async function measure(
  { project, tmp, deno }: Places,
  grants: number,
): Promise<{ readonly steps: number; readonly shed: number }> {
  const folder = `${tmp}/run`;
  await Deno.mkdir(folder);
  const set = derive(planOf(sheddingPlan(grants), [nothing]), { run: folder });
  const { code, stdout, stderr } = await new Deno.Command(deno, {
    args: [
      ...["run", "--quiet", "--no-prompt", "--no-check", "--cached-only", "--frozen"],
      `--config=${project}/deno.json`,
      ...denoFlags(set, { programs: {} }),
      "--ignore-env=LOG_TOKENS,LOG_STREAM",
      `${project}/tests/bench/shedding_child.ts`,
      ...[String(grants), folder],
    ],
    stdin: "null",
  }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  await Deno.remove(folder, { recursive: true });
  return JSON.parse(new TextDecoder().decode(stdout));
}
