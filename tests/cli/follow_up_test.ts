// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>,/bin/sh
/** What a run that was cut off tells a person to type is typed, word for word. */
import assert from "node:assert/strict";
import { folderWith } from "./folder_with.ts";
import { foreignFile, foreignPipeline, startAccepted } from "./foreign_bed.ts";
import { killRunner } from "./kill_processes.ts";
import { sluice } from "./start_sluice.ts";

/** The words of the command that a text advises, up to its end, a comma or the end of its line. */
function advised(text: string, command: string): readonly string[] {
  const found = new RegExp(`sluice (${command} [^,\n]*)`).exec(text)?.[1];
  assert.ok(found !== undefined, `no ${command} in:\n${text}`);
  return found.trim().split(" ");
}

Deno.test("each hint after a cut-off can be followed as it stands, with --runs and --accept", async () => {
  const cwd = await folderWith({});
  const stuck = `ctx.emit.note("at work"); await new Promise(() => {});`;
  await Deno.writeTextFile(
    `${cwd}/step.ts`,
    foreignFile({ effect: "irreversible", run: stuck }),
  );
  await Deno.writeTextFile(`${cwd}/alone.yaml`, foreignPipeline());
  const running = await startAccepted("alone.yaml", { cwd, args: ["--runs", "kept"] });
  await running.said("at work");
  await killRunner(cwd);
  const { code, stderr } = await running.ended;
  assert.equal(code, 70, stderr);

  const asks = await sluice(advised(stderr, "resume"), { cwd });
  assert.equal(asks.code, 4, asks.stderr);
  const again = advised(asks.stderr, "resume");
  assert.deepEqual(again.slice(2, 5), ["--again", "--runs", "kept"]);
  assert.match(again.slice(5).join(" "), /^--accept sha256:[0-9a-f]{64}$/);
  const marked = await sluice(advised(asks.stderr, "mark-done"), { cwd });
  assert.equal(marked.code, 0, marked.stderr);
  const resumed = await sluice(advised(marked.stderr, "resume"), { cwd });
  assert.equal(resumed.code, 0, resumed.stderr);
});
