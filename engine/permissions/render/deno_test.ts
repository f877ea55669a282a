import assert from "node:assert/strict";
import { compareGolden } from "../../../tests/golden.ts";
import { permissions } from "../permissions.ts";
import { renderDeno } from "./deno.ts";
import { quietSurface, upgradeSurface } from "./upgrade_surface_test.ts";

Deno.test("renderDeno() gives a command to be typed, and what its flags cannot say", async () => {
  const { text, unsaid } = renderDeno(await upgradeSurface());
  await compareGolden("permissions/upgrade.deno.txt", `${text}\n${unsaid.join("\n")}\n`);
});

Deno.test("renderDeno() leaves out what no flag says, and says so", () => {
  const set = permissions({
    read: ["/ok", "/a,b"],
    connect: ["10.0.0.0/8", "example.com"],
    listen: ["example.com"],
    run: [{ program: "gone", args: [], env: [] }],
  });
  const { text, unsaid } = renderDeno({ ...quietSurface, set });
  assert.match(text, /--allow-read=\/ok \\\n/);
  assert.match(text, /--allow-net=example.com \\\n/);
  assert.ok(!text.includes("--allow-run"));
  assert.deepEqual(unsaid, [
    'no flag grants exactly read "/a,b": it is left out',
    'no flag grants exactly net "10.0.0.0/8": it is left out',
    'no flag grants exactly run "gone": it is left out',
  ]);
});

Deno.test("renderDeno() quotes for a shell", () => {
  const set = permissions({ read: ["/it's $HOME"] });
  assert.match(renderDeno({ ...quietSurface, set }).text, /'--allow-read=\/it'\\''s \$HOME' \\\n/);
});
