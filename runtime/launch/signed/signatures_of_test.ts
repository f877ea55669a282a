// flags: --allow-read=<tmp> --allow-write=<tmp>
import assert from "node:assert/strict";
import { InvalidInputError, NotAuthorisedError, UsageError } from "../../../engine/errors.ts";
import { signRequest } from "./sign_request.ts";
import { signaturesOf } from "./signatures_of.ts";

const places = { deno: "", project: "/p", cwd: "/none", runs: "/none/runs", tmp: "/tmp" };
const noLock = () => Promise.reject(new Error("the lock was read"));
const asked = (...args: string[]) => signaturesOf(args, places, noLock);

Deno.test("signaturesOf() looks at no file where a command line has nothing to do with signatures", async () => {
  assert.deepEqual(await asked("run", "x.yaml", "--param", "a=sign"), {});
  assert.deepEqual(await asked("run", "x.yaml", "--", "--require-signature", "keys"), {});
});

Deno.test("signaturesOf() verifies before planning, however the option is written", async () => {
  for (const option of [["--require-signature", "keys"], ["--require-signature=keys"]]) {
    await assert.rejects(asked(...option, "run", "x.yaml"), InvalidInputError);
    await assert.rejects(asked("run", ...option, "--plan", "x.json"), NotAuthorisedError);
  }
  await assert.rejects(asked("verify", "x.yaml", "--keys", "keys"), InvalidInputError);
});

Deno.test("signRequest() refuses an end that is past, by the second", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  await Deno.writeTextFile(`${folder}/x.yaml`, "");
  const args = ["sign", `${folder}/x.yaml`, "--print", "--expires", "2027-01-01T00:00:00Z"];
  const end = Date.parse("2027-01-01T00:00:00Z");
  const request = await signRequest(args, places, noLock, end - 1);
  assert.equal(request?.expires, "2027-01-01T00:00:00Z");
  await assert.rejects(signRequest(args, places, noLock, end), (error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /--expires "2027-01-01T00:00:00Z" is past/);
    assert.equal(error.hint, "now it is 2027-01-01T00:00:00Z");
    return true;
  });
});

Deno.test("signaturesOf() reads what is to be signed", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  await Deno.writeTextFile(`${folder}/x.yaml`, "");
  const { signing } = await asked("sign", `${folder}/x.yaml`, "--print");
  assert.deepEqual(signing?.pipelines, [`${folder}/x.yaml`]);
});
