import assert from "node:assert/strict";
import { bubblewrapArguments } from "./bubblewrap_arguments.ts";

const box = (mounts: readonly string[], more = {}) =>
  bubblewrapArguments({
    contents: { mounts: mounts.map((path) => ({ path, write: false })), links: [], notes: [] },
    network: false,
    cwd: "/srv/a",
    ...more,
  }).join(" ");

Deno.test("bubblewrapArguments() separates everything, and shares the network only when asked", () => {
  const args = box(["/srv"]);
  assert.match(args, /^--unshare-all --die-with-parent --new-session --cap-drop ALL /);
  assert.doesNotMatch(args, /--share-net/);
  assert.match(box([], { network: true }), /^--unshare-all --share-net /);
});

Deno.test("bubblewrapArguments() mounts an own /tmp first, unless a mount holds it", () => {
  assert.match(box(["/tmp/x"]), /--tmpfs \/tmp --ro-bind \/tmp\/x \/tmp\/x/);
  const ways = "--perms 0555 --dir /tmp/a --perms 0555 --dir /tmp/a/b --ro-bind /tmp/a/b/c ";
  assert.ok(box(["/tmp/a/b/c"]).includes(` --tmpfs /tmp ${ways}`));
  assert.match(
    box([], { tmp: 1024 }),
    /--size 1024 --tmpfs \/tmp .*--size 1024 --perms 1777 --tmpfs \/dev\/shm/,
  );
  for (const path of ["/tmp", "/"]) assert.doesNotMatch(box([path]), /--tmpfs \/tmp/);
});

Deno.test("bubblewrapArguments() makes what nothing is mounted on read-only", () => {
  assert.match(box(["/srv"]), / --remount-ro \/ /);
  assert.doesNotMatch(box(["/"]), /--remount-ro \/ /);
});

Deno.test("bubblewrapArguments() stands where the program does, if that is there", () => {
  assert.match(box(["/srv"]), /--chdir \/srv\/a --$/);
  assert.match(box(["/opt"]), /--chdir \/ --$/);
});
