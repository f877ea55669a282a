// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>
import assert from "node:assert/strict";
import { folderWith } from "./folder_with.ts";
import { runAccepted } from "./foreign_bed.ts";
import { sluice } from "./start_sluice.ts";

const text = await Deno.readTextFile(new URL("../../docs/steps-of-others.md", import.meta.url));

/** The first block of a language. */
function block(language: string): string {
  return new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(text)![1]!;
}

Deno.test("the step in docs/steps-of-others.md does what is said of it", async () => {
  const cwd = await folderWith({
    "count_lines.ts": block("ts"),
    "count.yaml": block("yaml"),
    "hosts": "one\ntwo\n",
  });
  const checked = await sluice(["check", "count.yaml"], { cwd });
  assert.equal(checked.code, 0, checked.stderr);
  const documented = await sluice(["steps", "./count_lines.ts"], { cwd });
  assert.match(documented.stdout, /^\.\/count_lines\.ts: Count the lines of a file\n/);
  const ran = await runAccepted("count.yaml", { cwd });
  assert.equal(ran.code, 0, JSON.stringify(ran.error));
  const done = ran.events.find(({ type }) => type === "step.done");
  assert.deepEqual(done!["facts"], { lines: 2 });
  await Deno.writeTextFile(`${cwd}/hosts`, "\n".repeat(101));
  await Deno.remove(`${cwd}/.sluice`, { recursive: true });
  const failed = await runAccepted("count.yaml", { cwd });
  assert.equal(failed.code, 4);
  assert.match(failed.error!.message, /hosts has 101 lines, more than 100$/);
});
