import assert from "node:assert/strict";
import { showContent, showKit, showUninstalled } from "./show_kit.ts";
import { testContent, testKit } from "./test_kit.ts";

Deno.test("showKit() says what to do next, and where a kit needs more than itself", () => {
  const how = { start: "/dist/watch/start", project: "/src" } as const;
  const compiled = showKit(testKit({ read: ["/src/keys", "/srv"] }), { made: "compiled", ...how });
  assert.match(
    compiled,
    /^watch is compiled, with the set sha256:0+\n {2}run it {6}\/dist\/watch\/start\n/,
  );
  assert.match(
    compiled,
    /note {8}it uses this checkout: \/src\/keys has to be on the machine, too\n$/,
  );
  const unit = "/etc/systemd/system/sluice-watch.service";
  const installed = showKit(testKit(), { made: "installed", ...how, unit });
  assert.match(installed, /systemctl daemon-reload && systemctl start sluice-watch\n$/);
  assert.doesNotMatch(installed, /checkout/);
  const image = showKit(testKit(), { made: "installed", ...how, unit, elsewhere: true });
  assert.match(image, /systemctl start sluice-watch, on the machine that is made of it\n$/);
  assert.doesNotMatch(image, /daemon-reload/);
});

Deno.test("showContent() lists every file, and shows those that a person reads", () => {
  const shown = showContent(testContent("/usr/bin/deno"), "/lib/watch/id", "/units/watch.service");
  assert.match(shown, /^would be written:\n644 {2}\/lib\/watch\/id\/README\.md {2}\d+ bytes\n/);
  assert.match(shown, /755 {2}\/lib\/watch\/id\/deno {2}copy of \/usr\/bin\/deno\n/);
  assert.match(shown, /=== \/units\/watch\.service\n\[Unit\]\n/);
  assert.match(shown, /=== \/lib\/watch\/id\/start\n#!\/bin\/sh\n/);
  assert.match(shown, /\n644 {2}\/lib\/watch\/id\/SHA256SUMS {2}the SHA-256 of each\n/);
  for (const name of ["plan.json", "README.md"]) {
    assert.ok(shown.includes(`\n=== /lib/watch/id/${name}\n`), name);
  }
  assert.ok(!shown.includes("// runner"));
});

Deno.test("showUninstalled() names runs that are there, and no others", () => {
  assert.equal(showUninstalled("watch", "/runs", false), "watch is uninstalled\n");
  assert.match(showUninstalled("watch", "/runs", true), /; its runs are left, in \/runs\n$/);
});
