// flags: --allow-read=/ --allow-write=<tmp> --allow-run=/bin/sh
import assert from "node:assert/strict";
import { permissions } from "../../../engine/permissions/permissions.ts";
import { renderBubblewrap } from "../../../engine/permissions/render/bubblewrap.ts";
import type { RenderedSurface } from "../../../engine/permissions/render/rendering.ts";
import { placesAt } from "./box_world.ts";

Deno.test("the command of renderBubblewrap() starts a runner, when a shell is given it", async () => {
  const top = await Deno.realPath(await Deno.makeTempDir());
  const { text, unsaid } = renderBubblewrap({
    ...quiet(top),
    set: permissions({ read: [top], write: [top] }),
  });
  assert.deepEqual(unsaid, []);
  await startsRunner(text);
});

Deno.test("the command of renderBubblewrap() starts for a ceiling of which not all is there", async () => {
  const top = await Deno.realPath(await Deno.makeTempDir());
  const { runs } = placesAt(top);
  const plan = `${top}/quiet.plan.json`;
  await Deno.mkdir(runs, { recursive: true });
  await Deno.writeTextFile(plan, "{}");
  const { text } = renderBubblewrap({
    ...quiet(top),
    plan,
    locked: { kind: "open", digest: `sha256:${"0".repeat(64)}`, code: [], accepts: [] },
    set: permissions({
      read: ["/etc/passwd", "/no/such/folder"],
      write: ["/no/such/sockets"],
      connect: ["unix:/no/such/sockets", "unix:/tmp"],
    }),
  });
  await startsRunner(text);
});

function quiet(top: string): RenderedSurface {
  return {
    name: "quiet",
    summary: "Watch this",
    set: permissions({}),
    explained: [],
    programs: {},
    places: placesAt(top),
  };
}

async function startsRunner(text: string): Promise<void> {
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
}
