// flags: --allow-read=/ --allow-write=<tmp> --allow-run=/bin/sh
import assert from "node:assert/strict";
import { permissions } from "../../../engine/permissions/permissions.ts";
import { renderBubblewrap } from "../../../engine/permissions/render/bubblewrap.ts";
import { placesAt } from "./box_world.ts";

Deno.test("the command of renderBubblewrap() starts a runner, when a shell is given it", async () => {
  const top = await Deno.realPath(await Deno.makeTempDir());
  const { text, unsaid } = renderBubblewrap({
    name: "quiet",
    summary: "Watch this",
    set: permissions({ read: [top], write: [top] }),
    explained: [],
    programs: {},
    places: placesAt(top),
  });
  assert.deepEqual(unsaid, []);
  const { code, stderr } = await new Deno.Command("/bin/sh", {
    args: ["-c", text],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  const said = new TextDecoder().decode(stderr);
  // It was told nothing to run.
  assert.equal(code, 64, said);
  assert.match(said, /give one of --plan, --resume and --undo/);
});
