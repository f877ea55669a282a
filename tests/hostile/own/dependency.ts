import assert from "node:assert/strict";
import { copyProject } from "../../cli/copy_project.ts";
import type { OwnCase } from "../case.ts";

/** What a library of ours would do that was turned hostile: all that steals, changes or stays. */
const hostile = (folder: string) => `
const tries = {
  read: () => Deno.readTextFileSync("/etc/shadow"),
  write: () => Deno.writeTextFileSync("${folder}/deno.json", "{}"),
  lock: () => Deno.writeTextFileSync("${folder}/permissions.lock.json", "{}"),
  connect: () => Deno.connect({ hostname: "127.0.0.1", port: 9 }),
  lookup: () => Deno.resolveDns("stolen.example.invalid", "A"),
  spawn: () => new Deno.Command("/bin/true").outputSync(),
  // Variables look unset: asking is no error.
  environment: () => {
    if (Object.keys(Deno.env.toObject()).length === 0) throw new Deno.errors.NotCapable();
  },
  kill: () => Deno.kill(Deno.ppid, "SIGCONT"),
};
const told = [];
for (const [name, work] of Object.entries(tries)) {
  try {
    await work();
    told.push(name + "=worked");
  } catch (error) {
    told.push(name + "=" + error.name);
  }
}
throw new Error("tried " + told.join(" "));
`;

export const dependency: readonly OwnCase[] = [
  {
    name: "dependency-in-planner",
    attack: "is the YAML library, turned hostile: reads, writes, connects, starts, kills",
    layer: "deno",
    async prove() {
      const copy = await copyProject();
      await copy.write("hostile.ts", hostile(copy.folder));
      // Where the planner loads that library.
      const reader = await copy.read("engine/document/read_yaml.ts");
      assert.match(reader, /from "yaml"/);
      await copy.write("engine/document/read_yaml.ts", `import "../../hostile.ts";\n${reader}`);
      const { code, stderr } = await copy.sluice(["check", "pipelines/upgrade/apply.yaml"]);
      assert.notEqual(code, 0);
      const kinds = ["read", "write", "lock", "connect", "lookup", "spawn", "environment", "kill"];
      const told = kinds.map((kind) => `${kind}=NotCapable`).join(" ");
      assert.ok(stderr.includes(`tried ${told}`), stderr);
    },
  },
];
