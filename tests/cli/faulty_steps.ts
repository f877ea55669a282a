/**
 * Steps of others that are wrong in every way that shows before they run, by the name of their file.
 * As texts, since half of them are no code that could be checked.
 *
 * @module
 */
export const faultySteps: Readonly<Record<string, string>> = {
  "syntax.ts": `export default {
  summary: "Forget a bracket",
`,
  "imports.ts": `import { parse } from "npm:yaml";
export default { parse };
`,
  "throws.ts": `throw new Error("this machine is not supported");
`,
  "exits.ts": `console.log("goodbye");
Deno.exit(3);
`,
  "reads.ts": `export default { summary: Deno.readTextFileSync("/etc/hostname") };
`,
  "no_step.ts": `export const summary = "This is no default export";
`,
  "members.ts": `export default {
  summary: "Mistype a member",
  effect: "none",
  parms: { type: "object" },
  facts: { type: "object" },
  permissions: () => ({ run: {} }),
  run: () => ({}),
};
`,
  "schema.ts": `export default {
  summary: "Use a word that nobody keeps",
  effect: "none",
  params: { type: "object", properties: { name: { type: "string", pattern: "^(a+)+$" } } },
  facts: { type: "object" },
  permissions: () => ({ run: {} }),
  run: () => ({}),
};
`,
  "undone.ts": `export default {
  summary: "Forget how to undo",
  effect: "reversible",
  params: { type: "object" },
  facts: { type: "object" },
  permissions: () => ({ run: {} }),
  run: () => ({}),
};
`,
  "impure.ts": `export default {
  summary: "Ask for another file each time",
  effect: "none",
  params: { type: "object" },
  facts: { type: "object" },
  permissions: () => ({ run: { read: [\`/tmp/\${Math.random()}\`] } }),
  run: () => ({}),
};
`,
  "relative.ts": `export default {
  summary: "Ask for a relative path",
  effect: "none",
  params: { type: "object" },
  facts: { type: "object" },
  permissions: () => ({ run: { read: ["data"] } }),
  run: () => ({}),
};
`,
  "shell.ts": `export default {
  summary: "Ask for a box wider than itself",
  effect: "none",
  params: { type: "object" },
  facts: { type: "object" },
  permissions: () => ({
    run: { run: [{ program: "ls", args: ["**"], box: { read: ["/"], write: [], network: true } }] },
  }),
  run: () => ({}),
};
`,
  "picky.ts": `export default {
  summary: "Refuse its parameters",
  effect: "none",
  params: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
  facts: { type: "object" },
  permissions({ name }: { name: string }) {
    const hint = "write a name of lower-case letters";
    if (!/^[a-z]+$/.test(name)) throw Object.assign(new Error(\`\${name} is no name\`), { hint });
    return { run: {} };
  },
  run: () => ({}),
};
`,
};

/** A pipeline that uses each of them. */
export const faultyPipeline = `sluice: v1
name: faulty
steps:
  - { id: syntax, uses: ./syntax.ts }
  - { id: imports, uses: ./imports.ts }
  - { id: throws, uses: ./throws.ts }
  - { id: exits, uses: ./exits.ts }
  - { id: reads, uses: ./reads.ts }
  - { id: no_step, uses: ./no_step.ts }
  - { id: members, uses: ./members.ts }
  - { id: schema, uses: ./schema.ts }
  - { id: undone, uses: ./undone.ts }
  - { id: impure, uses: ./impure.ts }
  - { id: relative, uses: ./relative.ts }
  - { id: shell, uses: ./shell.ts }
  - { id: gone, uses: ./gone.ts }
  - { id: picky, uses: ./picky.ts, with: { name: A B } }
  - { id: wrong, uses: ./picky.ts, with: { nam: 3, name: 4 } }
  - { id: folder, uses: ./ }
  - { id: text, uses: ./faulty.yaml }
`;
