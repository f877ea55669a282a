import assert from "node:assert/strict";
import { compareGolden } from "../../../tests/golden.ts";
import { permissions } from "../permissions.ts";
import { renderBubblewrap } from "./bubblewrap.ts";
import type { RenderedSurface } from "./rendering.ts";
import { quietSurface, upgradeSurface } from "./upgrade_surface_test.ts";

Deno.test("renderBubblewrap() gives a command to be typed, and what it cannot say", async () => {
  const { text, unsaid } = renderBubblewrap(await upgradeSurface());
  await compareGolden("permissions/upgrade.bubblewrap.txt", `${text}\n${unsaid.join("\n")}\n`);
});

Deno.test("renderBubblewrap() keeps a surface without hosts off the network", () => {
  const { text, unsaid } = renderBubblewrap({
    ...quietSurface,
    set: permissions({ read: ["/srv/it's"], connect: ["unix:/run/quiet/s"] }),
  });
  assert.doesNotMatch(text, /--share-net|resolv/);
  assert.match(text, /--ro-bind '\/srv\/it'\\''s' '\/srv\/it'\\''s' \\\n/);
  assert.match(text, /--ro-bind \/run\/quiet \/run\/quiet \\\n/);
  assert.deepEqual(unsaid, [
    "connecting and listening are one right in Deno: unix:/run/quiet/s to connect to",
    "all of /run/quiet can be read, for the sockets in it",
  ]);
});

/** As a person writes one: folders, in some of which sockets may lie, and not all of them there. */
const ceiling: RenderedSurface = {
  ...quietSurface,
  plan: "/var/lib/sluice/quiet.plan.json",
  locked: { kind: "open", digest: `sha256:${"0".repeat(64)}`, code: [], accepts: [] },
  set: permissions({
    read: ["/usr/lib/sluice", "/srv", "/tmp", "/run/atp"],
    write: ["/srv", "/tmp", "/run/atp", "/usr/lib/sluice/engine/new"],
    connect: ["unix:/srv", "unix:/tmp", "unix:/run/atp", "unix:/opt"],
  }),
};

/** Every mount but those of the system. */
function mounted(text: string): readonly string[] {
  return text.split("\n").flatMap((line) => {
    const [, how, path] = /^ {2}--((?:ro-)?bind(?:-try)?) (\S+) /.exec(line) ?? [];
    const isSystem = how === "ro-bind-try" && path !== "/opt";
    return how === undefined || isSystem ? [] : [`${how} ${path}`];
  });
}

Deno.test("renderBubblewrap() takes the sockets of a ceiling for the folders that they are", () => {
  const { text, unsaid } = renderBubblewrap(ceiling);
  assert.deepEqual(mounted(text), [
    "ro-bind-try /opt",
    "bind-try /srv",
    "bind-try /tmp",
    "bind-try /run/atp",
    "ro-bind /var/lib/sluice/quiet.plan.json",
    "bind /var/lib/sluice/runs",
    'ro-bind "${DENO_DIR:-$HOME/.cache/deno}"',
  ]);
  assert.match(text, /--allow-write=\S*,\/var\/lib\/sluice\/runs,/);
  assert.deepEqual(unsaid.slice(1), [
    "/usr/lib/sluice/engine/new cannot be written: it is code, or lies in it",
    "bubblewrap mounts what is there when it starts: what is made later is not in the box",
  ]);
});

Deno.test("renderBubblewrap() mounts a folder for a socket that a set listens on", () => {
  const { text, unsaid } = renderBubblewrap({
    ...quietSurface,
    set: permissions({ listen: ["unix:/run/quiet/s"] }),
  });
  assert.match(text, /--bind \/run\/quiet \/run\/quiet \\\n/);
  assert.ok(unsaid.includes("/run/quiet may be written: /run/quiet/s has to be replaceable"));
});

Deno.test("renderBubblewrap() never shows the whole disk for a socket at its top", () => {
  const { text, unsaid } = renderBubblewrap({
    ...quietSurface,
    set: permissions({ connect: ["unix:/s"] }),
  });
  assert.doesNotMatch(text, /bind \/ \//);
  assert.match(text, /--ro-bind \/s \/s \\\n/);
  assert.ok(unsaid.includes("the socket /s is shown as it is now: a later one is not seen"));
});
