// flags: --allow-read=<tmp> --allow-write=<tmp> --allow-run=/usr/bin/ln
import assert from "node:assert/strict";
import { none, type Permissions, permissions } from "../../engine/permissions/permissions.ts";
import { watchPaths } from "./watch_paths.ts";

async function link(target: string, path: string): Promise<void> {
  const args = ["-sfn", "--", target, path];
  await new Deno.Command("/usr/bin/ln", { args, clearEnv: true }).output();
}

/** A folder with `open`, which one step may write, and `kept`, which none was granted. */
async function world(reads: (top: string) => string) {
  const top = await Deno.realPath(await Deno.makeTempDir());
  for (const name of ["open/data", "kept", "apart"]) {
    await Deno.mkdir(`${top}/${name}`, { recursive: true });
  }
  const of = (run: Permissions) => ({ code: "sha256:c", run, undo: none });
  const set = () => permissions({ read: [reads(top)] });
  const watch = () => {
    const refuse = watchPaths({
      A: of(permissions({ write: [`${top}/open`] })),
      B: of(set()),
    });
    return () => refuse(set());
  };
  return { top, watch };
}

Deno.test("watchPaths() refuses a path that a link leads elsewhere which a step of others may make", async () => {
  const { top, watch } = await world((top) => `${top}/open/data`);
  const refuse = watch();
  refuse();
  await Deno.rename(`${top}/open/data`, `${top}/open/was`);
  await link(`${top}/kept`, `${top}/open/data`);
  assert.throws(refuse, {
    name: "RefusedError",
    message: `${top}/open/data leads to ${top}/kept, and led to ${top}/open/data when this was ` +
      `admitted: a step of others may have made the link ${top}/open/data`,
  });
});

Deno.test("watchPaths() finds such a link behind others, relative ones too", async () => {
  const { top, watch } = await world((top) => `${top}/apart/way`);
  await link("../open/next", `${top}/apart/way`);
  await link("data", `${top}/open/next`);
  const refuse = watch();
  refuse();
  await link("../kept", `${top}/open/next`);
  assert.throws(refuse, /may have made the link .*\/open\/next$/);
});

Deno.test("watchPaths() lets what is trusted point a link elsewhere, and make what was not there", async () => {
  const { top, watch } = await world((top) => `${top}/apart/current`);
  await link("../kept", `${top}/apart/current`);
  const refuse = watch();
  await link("../open", `${top}/apart/current`);
  refuse();

  const later = await world((top) => `${top}/open/later`);
  const refuseLater = later.watch();
  await Deno.mkdir(`${later.top}/open/later`);
  refuseLater();
});
