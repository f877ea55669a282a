// flags: --allow-read=<project>,<tmp> --allow-write=<tmp>
import assert from "node:assert/strict";
import { permissions } from "../../engine/permissions/permissions.ts";
import { foreseeBox } from "./foresee_box.ts";

const places = { deno: "/deno", project: "/project", cwd: "/", runs: "/runs", tmp: "/tmp" };

Deno.test("foreseeBox() says what is to be read and is not there, such as the file of a secret", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/there`, "");
  const set = permissions({
    read: [`${folder}/there`, `${folder}/token`, `${folder}/out/made`],
    write: [`${folder}/out`],
  });
  const box = foreseeBox({ kind: "none", why: "asked for" }, set, places);
  assert.deepEqual(box.notes, [`${folder}/token is to be read, and is not there yet`]);
  await Deno.remove(folder, { recursive: true });
});
