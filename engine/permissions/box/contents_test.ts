import assert from "node:assert/strict";
import fc from "fast-check";
import { RefusedError } from "../../errors.ts";
import { pathCovers } from "../path.ts";
import { type BoxWants, contentsOf, type Mount } from "./contents.ts";
import type { Found, Link, Look } from "./look.ts";

const nothing: BoxWants = {
  read: [],
  write: [],
  connect: [],
  listen: [],
  system: [],
  fixed: [],
};

/** A disk: folders end in a slash, links have targets, anything else is a file or a socket. */
function disk(entries: readonly string[], born: Readonly<Record<string, number>> = {}): Look {
  const links = new Map(
    entries.filter((entry) => entry.includes(" -> ")).map((entry) => {
      const [path, target] = entry.split(" -> ");
      return [path!, target!];
    }),
  );
  const folders = new Set([
    "/",
    ...entries.filter((e) => e.endsWith("/")).map((e) => e.slice(0, -1)),
  ]);
  const files = new Set(entries.filter((e) => !e.endsWith("/") && !e.includes(" -> ")));
  return (path): Found => {
    const passed: Link[] = [];
    let real = path;
    for (const [from, target] of links) {
      if (!pathCovers(from, real)) continue;
      passed.push({ path: from, target });
      real = target + real.slice(from.length);
    }
    const at = { real, links: passed };
    if (folders.has(real)) {
      return { kind: "folder", ...at, ...(born[real] === undefined ? {} : { born: born[real] }) };
    }
    if (files.has(real)) {
      return real.endsWith(".sock")
        ? { kind: "other", ...at }
        : { kind: "file", script: false, ...at };
    }
    let folder = real;
    while (!folders.has(folder)) folder = folder.slice(0, folder.lastIndexOf("/")) || "/";
    return { kind: "missing", folder, ...at };
  };
}

function show(mounts: readonly Mount[]): string[] {
  return mounts.map(({ path, write }) => `${write ? "rw" : "ro"} ${path}`);
}

Deno.test("contentsOf() holds a folder that is written by itself", () => {
  const { mounts, notes } = contentsOf(
    { ...nothing, write: ["/srv/a"], read: ["/srv"] },
    disk(["/srv/", "/srv/a/"]),
  );
  assert.deepEqual(show(mounts), ["ro /srv", "rw /srv/a"]);
  assert.deepEqual(notes, []);
});

Deno.test("contentsOf() holds a file by its folder, so that it can be replaced, and says so", () => {
  const { mounts, notes } = contentsOf(
    { ...nothing, write: ["/srv/a/log"], read: ["/srv/a/log"] },
    disk(["/srv/", "/srv/a/", "/srv/a/log"]),
  );
  assert.deepEqual(show(mounts), ["rw /srv/a"]);
  assert.deepEqual(notes, ["/srv/a may be written: /srv/a/log has to be replaceable"]);
});

Deno.test("contentsOf() holds what is not there yet by the nearest folder that is", () => {
  const { mounts, notes } = contentsOf(
    { ...nothing, write: ["/srv/a/b/c"], read: ["/srv/a/b/c"] },
    disk(["/srv/", "/srv/other/"]),
  );
  assert.deepEqual(show(mounts), ["rw /srv"]);
  assert.deepEqual(notes, ["/srv may be written: /srv/a/b/c is not there yet"]);
});

Deno.test("contentsOf() never opens the whole disk for what is not there, and names all of it", () => {
  assert.throws(
    () => contentsOf({ ...nothing, write: ["/a/b", "/c"] }, disk([])),
    (error) =>
      error instanceof RefusedError && /\/a\/b, \/c alone/.test(error.message) &&
      error.hint === "make the folder first: mkdir -p /a /c",
  );
});

Deno.test("contentsOf() lays nothing read-only on what is written, though held by its folder", () => {
  const wants = { ...nothing, write: ["/srv/new"], read: ["/srv/new", "/srv/new/in", "/srv/old"] };
  const files = ["/srv/", "/srv/new/", "/srv/new/in/", "/srv/old/"];
  const { mounts } = contentsOf({ ...wants, since: 10 }, disk(files, { "/srv/new": 11 }));
  assert.deepEqual(show(mounts), ["rw /srv", "ro /srv/old"]);
});

Deno.test("contentsOf() gives a run that goes on the box that it began with", () => {
  const wants = { ...nothing, write: ["/srv/made", "/srv/old"], since: 10 };
  const look = disk(["/srv/", "/srv/made/", "/srv/old/"], { "/srv/made": 11, "/srv/old": 9 });
  assert.deepEqual(show(contentsOf(wants, look).mounts), ["rw /srv"]);
  assert.deepEqual(
    show(contentsOf({ ...nothing, write: wants.write }, look).mounts),
    ["rw /srv/made", "rw /srv/old"],
  );
});

Deno.test("contentsOf() keeps code read-only below what is written, and above it too", () => {
  const look = disk(["/w/", "/w/code/", "/w/code/deep/", "/w/data/"]);
  const below = contentsOf({ ...nothing, write: ["/w"], fixed: ["/w/code"] }, look);
  assert.deepEqual(show(below.mounts), ["rw /w", "ro /w/code"]);
  const same = contentsOf({ ...nothing, write: ["/w/code"], fixed: ["/w/code"] }, look);
  assert.deepEqual(show(same.mounts), ["ro /w/code"]);
  const above = contentsOf({ ...nothing, write: ["/w/code/deep"], fixed: ["/w/code"] }, look);
  assert.deepEqual(show(above.mounts), ["ro /w/code"]);
  const shown = { read: ["/w"], write: ["/w/code/deep", "/w/data"], fixed: ["/w/code"] };
  assert.deepEqual(show(contentsOf({ ...nothing, ...shown }, look).mounts), [
    "ro /w",
    "rw /w/data",
  ]);
});

Deno.test("contentsOf() shows the folder of a socket, which is made anew; of a crowded one only itself", () => {
  const look = disk(["/run/", "/run/a.sock", "/run/atp/", "/run/atp/s.sock"]);
  const { mounts, notes } = contentsOf(
    {
      ...nothing,
      connect: ["/run/a.sock", "/run/atp/s.sock", "/run/x/y.sock"],
      write: ["/run/atp/s.sock"],
    },
    look,
  );
  assert.deepEqual(show(mounts), ["ro /run/a.sock", "ro /run/atp"]);
  assert.deepEqual(notes, [
    "the socket /run/a.sock is shown as it is now: a later one is not seen",
    "the socket /run/x/y.sock is not there: a later one is not seen",
  ]);
  const folder = { ...nothing, connect: ["/run/atp", "/srv"], read: ["/srv"], write: ["/srv"] };
  const shown = contentsOf(folder, disk(["/run/", "/run/atp/", "/srv/"]));
  assert.deepEqual([show(shown.mounts), shown.notes], [["rw /srv", "ro /run/atp"], []]);
  const top = contentsOf({ ...nothing, connect: ["/s.sock"] }, disk(["/s.sock"]));
  assert.deepEqual(show(top.mounts), ["ro /s.sock"]);
  const listening = contentsOf({ ...nothing, listen: ["/run/atp/s.sock"] }, look);
  assert.deepEqual(show(listening.mounts), ["rw /run/atp"]);
});

Deno.test("contentsOf() mounts real paths and makes the links again that lead to them", () => {
  const look = disk([
    "/run/",
    "/run/atp/",
    "/srv/",
    "/srv/in/",
    "/var/run -> /run",
    "/srv/in/l -> /run/atp",
  ]);
  const { mounts, links } = contentsOf(
    { ...nothing, read: ["/var/run/atp", "/srv/in", "/srv/in/l"] },
    look,
  );
  assert.deepEqual(show(mounts), ["ro /run/atp", "ro /srv/in"]);
  // The other link is seen through its mount.
  assert.deepEqual(links, [{ path: "/var/run", target: "/run" }]);
});

Deno.test("contentsOf() says what is not seen, and leaves out what a box has of its own", () => {
  const { mounts, notes } = contentsOf(
    { ...nothing, read: ["/srv/x", "/proc/mounts"], system: ["/lib64"] },
    disk(["/srv/"]),
  );
  assert.deepEqual(mounts, []);
  assert.deepEqual(notes, ["/srv/x is not there: what is made there later is not seen"]);
});

Deno.test("contentsOf() exactly holds files by themselves, and refuses what is not there", () => {
  const look = disk(["/srv/", "/srv/f", "/srv/d/"]);
  const { mounts, notes } = contentsOf(
    { ...nothing, write: ["/srv/f", "/srv/d"], exact: true },
    look,
  );
  assert.deepEqual(show(mounts), ["rw /srv/d", "rw /srv/f"]);
  assert.deepEqual(notes, []);
  assert.throws(
    () => contentsOf({ ...nothing, write: ["/srv/e"], exact: true }, look),
    /mkdir -p \/srv\/e|is not there/,
  );
});

const paths = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 4 })
  .map((parts) => `/${parts.join("/")}`);

Deno.test("contentsOf() shows all that was asked for, and lets write all that is to be written", () => {
  fc.assert(fc.property(
    fc.array(paths, { maxLength: 8 }),
    fc.array(paths, { maxLength: 4 }),
    fc.array(paths, { maxLength: 4 }),
    (folders, read, write) => {
      const all = folders.flatMap((path) =>
        path.split("/").slice(1).map((_, index, parts) =>
          `/${parts.slice(0, index + 1).join("/")}/`
        )
      );
      const look = disk(all);
      let contents;
      try {
        contents = contentsOf({ ...nothing, read, write }, look);
      } catch (error) {
        assert.ok(error instanceof RefusedError);
        return assert.ok(write.some((path) => {
          const found = look(path);
          return found.kind === "missing" && found.folder === "/";
        }));
      }
      const { mounts } = contents;
      /** What of the machine is at a path in the box: its deepest mount decides. */
      const at = (path: string) => mounts.filter((mount) => pathCovers(mount.path, path)).at(-1);
      for (const path of write) assert.equal(at(path)?.write, true, `${path} in ${show(mounts)}`);
      for (const path of read.filter((path) => look(path).kind === "folder")) {
        assert.ok(at(path) !== undefined, `${path} in ${show(mounts)}`);
      }
      // Nothing is mounted twice, outer ones first.
      mounts.forEach((mount, index) =>
        mounts.slice(index + 1).forEach((later) => assert.ok(!pathCovers(later.path, mount.path)))
      );
    },
  ));
});
