import { sluice } from "../cli/start_sluice.ts";
import type { Bench, Subject } from "./bench.ts";
import { starterFlags } from "./one_step.ts";

const count = 10;

/** Reads a file, as a step of the registry would take a lock. */
const source = (file: string) =>
  `export default {
  summary: "Look at a file",
  effect: "none",
  params: { type: "object", properties: { file: { type: "string", sluice: "path" } } },
  facts: { type: "object", properties: { size: { type: "integer" } }, required: ["size"] },
  permissions: () => ({ run: { read: [${JSON.stringify(file)}] } }),
  run: async () => ({ size: (await Deno.stat(${JSON.stringify(file)})).size }),
};
`;

/** What a step costs that runs in a process of its own, by the time between its two tokens. */
export const bench: Bench = {
  summary: "a step of others, in no box and in its own, beside a step of the registry",
  rounds: 25,
  needs: ["bwrap"],
  probe: {
    what: "the right to make namespaces",
    command: ["/usr/bin/bwrap", "--dev-bind", "/", "/", "/usr/bin/true"],
  },
  flags: starterFlags,
  async open({ tmp }) {
    const pipeline = (name: string, step: (n: number) => string) => {
      const steps = Array.from({ length: count }, (_, n) => `  - { id: s${n}, ${step(n)} }\n`);
      return Deno.writeTextFile(
        `${tmp}/${name}.yaml`,
        `sluice: v1\nname: ${name}\nsteps:\n${steps.join("")}`,
      );
    };
    for (let n = 0; n < count; n++) await Deno.mkdir(`${tmp}/root${n}`);
    await Deno.writeTextFile(`${tmp}/file`, "");
    // No two have one text: what Deno has kept of one in no box would be found in a box.
    for (const name of ["free", "boxed"]) {
      const text = `type As = "${name}";\n${source(`${tmp}/file`)}`;
      await Deno.writeTextFile(`${tmp}/${name}.ts`, text);
    }
    await pipeline("registry", (n) => `uses: release.lock, with: { root: ${tmp}/root${n} }`);
    const accepted = async (name: string) => {
      await pipeline(name, () => `uses: ./${name}.ts`);
      const { stdout } = await sluice(["plan", `${name}.yaml`], { cwd: tmp });
      return [`${name}.yaml`, "--accept", /\nset (sha256:\w+)/.exec(stdout)![1]!];
    };
    const subject = (name: string, args: readonly string[]): Subject => ({
      name,
      async run() {
        const { code, stdout, stderr } = await sluice(["run", ...args], { cwd: tmp });
        if (code !== 0) throw new Error(`it ended with ${code}: ${stderr}`);
        const seconds = [...stdout.matchAll(/"elapsed_s":([\d.]+)/g)].map(([, each]) =>
          Number(each)
        );
        return 1000 * seconds.reduce((sum, each) => sum + each, 0) / count;
      },
    });
    return {
      subjects: [
        subject("of the registry", ["registry.yaml"]),
        subject("of others, in no box", [...await accepted("free"), "--box", "none"]),
        subject("of others, in a box", [...await accepted("boxed"), "--box", "bubblewrap"]),
      ],
    };
  },
};
