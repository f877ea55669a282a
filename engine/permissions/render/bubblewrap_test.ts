import assert from "node:assert/strict";
import { compareGolden } from "../../../tests/golden.ts";
import { permissions } from "../permissions.ts";
import { renderBubblewrap } from "./bubblewrap.ts";
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
  ]);
});
