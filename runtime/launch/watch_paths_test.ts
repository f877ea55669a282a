// flags: --allow-read=<tmp> --allow-write=<tmp> --allow-run=/usr/bin/ln
import assert from "node:assert/strict";
import { none, type Permissions, permissions } from "../../engine/permissions/permissions.ts";
import { refuseLinked, watchPaths } from "./watch_paths.ts";

async function link(target: string, path: string): Promise<void> {
  const args = ["-sfn", "--", target, path];
  await new Deno.Command("/usr/bin/ln", { args, clearEnv: true }).output();
}

/** A folder with `open`, which the step `A` may write, and `kept`, which none was granted. */
async function world(
  granted: (top: string) => Parameters<typeof permissions>[0],
  written = (top: string) => [`${top}/open`],
) {
  const top = await Deno.realPath(await Deno.makeTempDir());
  for (const name of ["open/data", "kept", "apart"]) {
    await Deno.mkdir(`${top}/${name}`, { recursive: true });
  }
  const of = (run: Permissions) => ({ code: "sha256:c", run, undo: none });
  const set = permissions(granted(top));
  const steps = { A: of(permissions({ write: written(top) })), B: of(set) };
  const watch = (boxed = true) => {
    const refuse = watchPaths(steps, boxed);
    return () => refuse("B", set);
  };
  const swap = async () => {
    await Deno.rename(`${top}/open/data`, `${top}/open/was`);
    await link(`${top}/kept`, `${top}/open/data`);
  };
  return { top, steps, watch, swap };
}

Deno.test("watchPaths() refuses a path through a link that a step of others may make", async () => {
  const { top, watch, swap } = await world((top) => ({ read: [`${top}/open/data`] }));
  const refuse = watch();
  refuse();
  await swap();
  assert.throws(refuse, {
    name: "RefusedError",
    message:
      `B is granted ${top}/open/data, which leads to ${top}/kept: A, a step of others, may ` +
      `have made the link ${top}/open/data`,
  });
});

Deno.test("watchPaths() refuses a link of an earlier run, and refuseLinked() before anything starts", async () => {
  const { steps, watch, swap } = await world((top) => ({ write: [`${top}/open/data`] }));
  refuseLinked(steps);
  await swap();
  assert.throws(watch(), /^RefusedError: B is granted/);
  assert.throws(() => refuseLinked(steps), /^RefusedError: B is granted/);
});

Deno.test("watchPaths() finds such a link behind others, relative ones too", async () => {
  const { top, watch } = await world((top) => ({ read: [`${top}/apart/way`] }));
  await link("../open/data", `${top}/apart/way`);
  const refuse = watch();
  refuse();
  await Deno.rename(`${top}/open/data`, `${top}/open/was`);
  await link("../kept", `${top}/open/data`);
  assert.throws(refuse, /may have made the link .*\/open\/data$/);
});

Deno.test("watchPaths() looks at the boxes of programs", async () => {
  const { watch, swap } = await world((top) => ({
    run: [{
      program: "cat",
      args: [],
      env: [],
      brokered: true,
      box: { read: [`${top}/open/data`], write: [], network: false },
    }],
  }));
  const refuse = watch();
  refuse();
  await swap();
  assert.throws(refuse, /^RefusedError: B is granted .*\/open\/data/);
});

Deno.test("watchPaths() lets what is trusted point a link elsewhere, and make what was not there", async () => {
  const { top, watch } = await world((top) => ({ read: [`${top}/apart/current`] }));
  await link("../kept", `${top}/apart/current`);
  const refuse = watch();
  await link("../open", `${top}/apart/current`);
  refuse();

  const later = await world((top) => ({ read: [`${top}/open/later`] }));
  const refuseLater = later.watch();
  await Deno.mkdir(`${later.top}/open/later`);
  refuseLater();
});

Deno.test("watchPaths() knows where a step may write when its own path was pointed elsewhere", async () => {
  const way = (top: string) => `${top}/apart/way`;
  const { top, watch, swap } = await world(
    (top) => ({ read: [`${way(top)}/data`] }),
    (top) => [way(top)],
  );
  await link("../kept", way(top));
  const refuse = watch();
  await link("../open", way(top));
  refuse();
  await swap();
  assert.throws(refuse, /may have made the link .*\/open\/data$/);
});

Deno.test("watchPaths() takes a link that is granted to be written, in no box until it leads elsewhere", async () => {
  const way = (top: string) => `${top}/apart/way`;
  const { top, watch } = await world((top) => ({ read: [way(top)] }), (top) => [way(top)]);
  await link("../open", way(top));
  const [inBox, free] = [watch(), watch(false)];
  free();
  await link("../kept", way(top));
  inBox();
  assert.throws(free, /may have made the link .*\/apart\/way$/);
});
