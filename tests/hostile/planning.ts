import assert from "node:assert/strict";
import { folderWith } from "../cli/folder_with.ts";
import { sluice } from "../cli/start_sluice.ts";

/** An attack by a file that is asked what it is, under no permission. All are in one pipeline. */
export interface PlanCase {
  readonly name: string;
  readonly attack: string;
  /** Text of the file. */
  readonly code: string;
  /** What the diagnostic of its step says. */
  readonly error: RegExp;
}

/** A file that is a step, but for these members. */
const step = (members: string, top = "") =>
  `${top}
export default {
  summary: "Do what the test says", effect: "none", params: { type: "object" },
  facts: { type: "object" }, permissions: () => ({ run: {} }), run: () => ({}), ${members}
};
`;
const asks = (set: string) => step(`permissions: () => (${set}),`);

export const planCases: readonly PlanCase[] = [
  {
    name: "plan-reads",
    attack: "reads a file while it is planned",
    code: step("", `Deno.readTextFileSync("/etc/hostname");`),
    error: /cannot be loaded: NotCapable: Requires read access to "\/etc\/hostname"/,
  },
  {
    name: "plan-connects",
    attack: "connects somewhere while it is planned",
    code: step("", `await Deno.connect({ hostname: "127.0.0.1", port: 9 });`),
    error: /cannot be loaded: NotCapable: Requires net access to "127.0.0.1:9"/,
  },
  {
    name: "plan-reads-when-asked",
    attack: "reads the environment when it is asked for its permissions",
    code: asks(`{ run: { read: [Deno.env.get("HOME")] } }`),
    error: /cannot tell its permissions: NotCapable: Requires env access to "HOME"/,
  },
  {
    name: "plan-loops",
    attack: "never answers what it is",
    code: step("", "while (true);"),
    error: /was asked to describe itself, and did not answer within 10 s/,
  },
  {
    name: "plan-memory",
    attack: "uses up memory while it is planned",
    code: step("", "const all = []; while (true) all.push(new Array(1e5).fill(0.5));"),
    error: /was asked to describe itself, and used up its memory/,
  },
  {
    name: "plan-prints",
    attack: "prints 20 MB while it is planned, and ends",
    code: `for (let n = 0; n < 200; n++) console.log("y".repeat(1e5));\nDeno.exit(0);`,
    error: /was asked to describe itself, and ended with exit code 0/,
  },
  {
    name: "plan-forges-answer",
    attack: "prints an answer with a guessed nonce, and ends",
    code: `console.log('{"sluice":"x","seq":1,"message":{"type":"answer","number":1,"value":{}}}');
      Deno.exit(0);`,
    error: /was asked to describe itself, and ended with exit code 0/,
  },
  {
    name: "plan-changes",
    attack: "asks for something else each time it is asked",
    code: step(
      "permissions: () => ({ run: { read: [`/srv/${asked++}`] } }),",
      "let asked = 0;",
    ),
    error: /it was asked twice to compute its permissions, and answered differently/,
  },
  {
    name: "plan-comma",
    attack: "asks for a path with a comma, which a flag would split in two",
    code: asks(`{ run: { read: ["/srv/a,/etc"] } }`),
    error: /no flag grants exactly read "\/srv\/a,\/etc"/,
  },
  {
    name: "plan-newline",
    attack: "asks for a path with a new line, which would look like another grant",
    code: asks(`{ run: { read: ["/srv/a\\n  reads /b"] } }`),
    error: /no flag grants exactly read "\/srv\/a\\n/,
  },
  {
    name: "plan-dots",
    attack: "asks for a path that climbs",
    code: asks(`{ run: { read: ["/srv/../etc"] } }`),
    error: /no flag grants exactly read "\/srv\/\.\.\/etc"/,
  },
  {
    name: "plan-proto",
    attack: "asks for permissions under the key `__proto__`",
    code: asks(`{ run: JSON.parse('{"__proto__":{"read":["/"]}}') }`),
    error: /__proto__/,
  },
  {
    name: "plan-wide-box",
    attack: "asks for a program in a box that holds more than the step may touch",
    code: asks(`{ run: { run: [{ program: "ls", args: ["**"],
      box: { read: ["/"], write: [], network: true } }] } }`),
    error: /box reaches what the step itself may not: \/, the network/,
  },
  {
    name: "plan-imports",
    attack: "imports a file beside it, which nobody hashed",
    code: `import "./plan-reads.ts";\n${step("")}`,
    error: /cannot be loaded: it imports/,
  },
  {
    name: "plan-keeps",
    attack: "fills the disk by the Cache API while it is planned",
    code: `await (await caches.open("kept")).put("http://x.invalid/", new Response("x"));\n${
      step("")
    }`,
    error: /cannot be loaded: Failed to create cache storage directory/,
  },
  {
    name: "plan-outside",
    attack:
      "is a link to a file outside of the pipeline's folder, whose error would tell what is in it",
    code: "",
    error: /plan-outside\.ts cannot be read: it is a link that leaves the folder that may be read/,
  },
];

/** What `sluice check` says of each, by name. */
export async function checkAll(): Promise<ReadonlyMap<string, string>> {
  const steps = planCases.map(({ name }) => `  - { id: ${name}, uses: ./${name}.ts }\n`);
  const files = planCases.filter(({ code }) => code !== "");
  const outside = await folderWith({ "outside.ts": step("") });
  const cwd = await folderWith({
    ...Object.fromEntries(files.map(({ name, code }) => [`${name}.ts`, code])),
    "hostile.yaml": `sluice: v1\nname: hostile\nsteps:\n${steps.join("")}`,
  });
  const args = ["-s", `${outside}/outside.ts`, `${cwd}/plan-outside.ts`];
  assert.ok((await new Deno.Command("/usr/bin/ln", { args }).output()).success);
  const { code, stdout, stderr } = await sluice(["check", "hostile.yaml"], { cwd });
  assert.equal(code, 2, stderr);
  assert.equal(stdout, "");
  const said = stderr.split(/^(?=hostile\.yaml:)/m);
  return new Map(planCases.map(({ name }) => [
    name,
    said.find((text) => text.includes(`./${name}.ts`)) ?? "nothing",
  ]));
}
