// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>
import assert from "node:assert/strict";
import { copyProject } from "./copy_project.ts";

Deno.test("docs/reviewing.md shows what its commands print", async () => {
  const copy = await copyProject();
  const text = await copy.original("docs/reviewing.md");
  const pipeline = "pipelines/appliance/watch.yaml";
  const [, change] = /```yaml\n([\s\S]*?)```/.exec(text)!;
  const steps = change!.replaceAll(/^(?=.)/gm, "  ");
  const [asked, unannounced] = steps.split(/(?=^ *- id: P6-3$)/m);
  assert.ok(asked && unannounced, "the change has the two steps that the text speaks of");
  const before = await copy.read(pipeline);
  await copy.write(pipeline, before + steps);

  let replayed = 0;
  const blocks = text.matchAll(/^## (.*)$|```console\n\$ sluice (.*)\n([\s\S]*?)```/gm);
  for (const [, title, command, printed] of blocks) {
    if (title === "Asking back") await copy.write(pipeline, before + asked);
    if (command === undefined) continue;
    const { code, stdout, stderr } = await copy.sluice(command.split(" "));
    const end = code === 0 ? "" : `[${code}]\n`;
    assert.equal(stdout + stderr + end, printed!, `sluice ${command}`);
    replayed++;
  }
  assert.ok(replayed >= 5, `${replayed} commands were replayed`);
});
