// flags: --allow-read --allow-write=<tmp>
import assert from "node:assert/strict";
import { loadKeys } from "./load_keys.ts";
import { testKey } from "../../../tests/signed_project.ts";

Deno.test("loadKeys() reads one file, or every *.pub of a folder", async () => {
  const folder = await Deno.makeTempDir();
  const [one, other] = [await testKey(), await testKey("ec")];
  await Deno.writeTextFile(`${folder}/b.pub`, one.pub);
  await Deno.writeTextFile(`${folder}/a.pub`, other.pub);
  await Deno.writeTextFile(`${folder}/README`, "no key");
  const keys = await loadKeys(folder);
  assert.deepEqual(keys.map(({ name, kind }) => [name, kind]), [
    ["a", "ecdsa-p256"],
    ["b", "ed25519"],
  ]);
  assert.equal((await loadKeys(`${folder}/b.pub`))[0]!.key_id, one.key.key_id);
});

Deno.test("loadKeys() passes over nothing that somebody believes to be trusted", async () => {
  const folder = await Deno.makeTempDir();
  const refused = (path: string, message: RegExp) =>
    assert.rejects(loadKeys(path), { name: "NotAuthorisedError", exit: 6, message });
  await refused(folder, /there is no public key \(\*\.pub\)/);
  await refused(`${folder}/none`, /there is no key and no folder of keys/);
  const { pem, pub } = await testKey();
  await Deno.writeTextFile(`${folder}/a.pub`, pub);
  await Deno.writeTextFile(`${folder}/b.pub`, pem);
  await refused(folder, /b\.pub cannot be used: it is a private key/);
  await Deno.writeTextFile(`${folder}/b.pub`, "x");
  await refused(folder, /b\.pub cannot be used: it holds no PEM block/);
  await Deno.remove(`${folder}/b.pub`);
  await Deno.mkdir(`${folder}/c.pub`);
  await refused(folder, /c\.pub cannot be used: it is no regular file/);
});
