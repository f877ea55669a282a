// flags: --allow-read --allow-write=<tmp> --allow-run=/usr/bin/ln
import assert from "node:assert/strict";
import { encodeStatement } from "../../../engine/trust/pipeline_statement.ts";
import { loadKeys } from "./load_keys.ts";
import { digestBytes } from "./read_bytes.ts";
import { describeFaults, type SignatureFault } from "./signature_report.ts";
import {
  stateProject,
  type TestKey,
  testKey,
  type TestProject,
  testProject,
  writeSignature,
} from "../../../tests/signed_project.ts";
import { type SignedWorld, verifyPipeline } from "./verify_pipeline.ts";

const step = "export default 1;\n";
const now = Date.parse("2026-01-02T03:04:05Z");

interface Signed extends TestProject {
  readonly key: TestKey;
  readonly keys: string;
  verify(changes?: Partial<SignedWorld>): ReturnType<typeof verifyPipeline>;
}

/** A signed project whose key is trusted. */
async function signed(kind: "ed25519" | "ec" = "ed25519", expires?: string): Promise<Signed> {
  const project = await testProject();
  const key = await testKey(kind);
  const keys = `${project.project}/keys`;
  await Deno.mkdir(keys);
  await Deno.writeTextFile(`${keys}/release.pub`, key.pub);
  await writeSignature(project.pipeline, await stateProject(project, expires), [key]);
  return {
    ...project,
    key,
    keys,
    async verify(changes) {
      const world = { ...project, keys: await loadKeys(keys), now, ...changes };
      return await verifyPipeline(project.pipeline, world);
    },
  };
}

function differences(faults: readonly SignatureFault[]): string[] {
  return faults.map((fault) =>
    fault.kind === "differs" ? `${fault.part} ${fault.name}` : fault.message
  );
}

for (const kind of ["ed25519", "ec"] as const) {
  Deno.test(`verifyPipeline() gives out the bytes that an ${kind} key signed`, async () => {
    const it = await signed(kind);
    const { report, texts, code } = await it.verify();
    assert.deepEqual(report.faults, []);
    assert.ok(report.ok);
    assert.equal(report.key?.name, "release");
    assert.equal(report.key?.key_id, it.key.key.key_id);
    assert.deepEqual(Object.fromEntries(texts), {
      [it.pipeline]: "sluice: v1\n",
      [it.included]: "sluice: v1\nname: part\n",
      [`${it.project}/pipelines/own_step.ts`]: step,
    });
    assert.deepEqual([...code], [await digestBytes(new TextEncoder().encode(step))]);
  });
}

/** Every way in which something is not what was signed. */
const changes: Record<string, (it: Signed) => Promise<unknown>> = {
  "files main.yaml": ({ pipeline }) => Deno.writeTextFile(pipeline, "# more", { append: true }),
  "files ../common/part.yaml": ({ included }) => Deno.writeTextFile(included, "sluice: v1\n"),
  "steps own_step.ts": ({ project }) =>
    Deno.writeTextFile(`${project}/pipelines/own_step.ts`, "export default 2;\n"),
  "code engine": ({ project }) => Deno.writeTextFile(`${project}/engine/z.ts`, ""),
  "code engine/plan": ({ project }) =>
    Deno.rename(`${project}/engine/plan/b.ts`, `${project}/engine/plan/x.ts`),
  "code steps/d/e": ({ project }) => Deno.remove(`${project}/steps/d/e/f.ts`),
  "code runtime/new": async ({ project }) => {
    await Deno.mkdir(`${project}/runtime/new`);
    await Deno.writeTextFile(`${project}/runtime/new/a.ts`, "");
  },
  "code deno.json": ({ project }) =>
    Deno.writeTextFile(`${project}/deno.json`, '{"imports":{"a":"npm:a@1.0.1"}}'),
  "code deno.lock": ({ project }) => Deno.writeTextFile(`${project}/deno.lock`, "{}"),
};

for (const [what, change] of Object.entries(changes)) {
  Deno.test(`verifyPipeline() finds a change of ${what}, and gives out no text`, async () => {
    const it = await signed();
    await change(it);
    const { report, texts, code } = await it.verify();
    assert.deepEqual(differences(report.faults), [what]);
    assert.equal(report.ok, false);
    assert.equal(texts.size, 0);
    assert.equal(code.size, 0);
    const { message } = describeFaults(report);
    assert.ok(message.includes(what.split(" ")[1]!), message);
    assert.match(message, /signed {2}(sha256:[0-9a-f]{64}|not at all)\n/);
  });
}

Deno.test("verifyPipeline() finds what the lock says differently, and nothing that is not about it", async () => {
  const it = await signed();
  const change = (from: string, to: string) => it.verify({ lock: it.lock.replace(from, to) });
  const widened = await change('"/srv"', '"/"');
  assert.deepEqual(differences(widened.report.faults), ["lock surfaces.demo"]);
  const unlisted = await change("pipelines/main.yaml", "pipelines/m.yaml");
  assert.deepEqual(differences(unlisted.report.faults), ["lock ad_hoc", "lock surfaces.demo"]);
  const added = await change("pipelines/other.yaml", "pipelines/main.yaml");
  assert.deepEqual(differences(added.report.faults), ["lock surfaces.other"]);
  const twice = await change('"kind": "open",', '"kind": "open", "kind": "open",');
  assert.match(differences(twice.report.faults).join(), /key "kind" twice/);
  assert.ok((await change('"write"', '"read"')).report.ok, "another surface's entry");
  assert.ok((await change('"${project}"', '"/"')).report.ok, "what it is not admitted by");
});

Deno.test("verifyPipeline() does not mind what no code becomes of", async () => {
  const it = await signed();
  const config = '{"tasks":{},"imports":{"a":"npm:a@1.0.0"},"fmt":{}}';
  await Deno.writeTextFile(`${it.project}/deno.json`, config);
  await Deno.writeTextFile(`${it.project}/README.md`, "more");
  assert.deepEqual((await it.verify()).report.faults, []);
});

Deno.test("verifyPipeline() says what is wrong with a signature", async () => {
  const signature = (it: Signed) => `${it.pipeline}.sig.json`;
  const replace = async (it: Signed, from: string | RegExp, to: string) => {
    const text = await Deno.readTextFile(signature(it));
    const changed = text.replace(from, to);
    assert.notEqual(changed, text);
    await Deno.writeTextFile(signature(it), changed);
  };
  const stranger = await testKey();
  const cases: Record<string, [(it: Signed) => Promise<unknown>, RegExp]> = {
    "none": [(it) => Deno.remove(signature(it)), /it is not signed: there is no .*main\.yaml\.sig/],
    "torn": [(it) => Deno.truncate(signature(it), 100), /is damaged: it is not JSON/],
    "empty": [(it) => Deno.writeTextFile(signature(it), ""), /is damaged/],
    "a folder": [async (it) => {
      await Deno.remove(signature(it));
      await Deno.mkdir(signature(it));
    }, /no regular file/],
    "a key twice": [
      (it) => replace(it, '"payloadType"', '"payload": "", "payloadType"'),
      /is damaged: it has the key "payload" twice/,
    ],
    "another payload": [(it) => replace(it, '"payload": "ey', '"payload": "ez'), /no trusted key/],
    "another type": [
      async (it) => {
        const statement = encodeStatement(await stateProject(it));
        await writeSignature(it.pipeline, statement, [it.key], "application/vnd.in-toto+json");
      },
      /its signature is over "application\/vnd.in-toto\+json"/,
    ],
    "a type that was not signed": [
      (it) => replace(it, "vnd.sluice.pipeline.v1+json", "vnd.sluice.other.v1+json"),
      /its signature is over/,
    ],
    "a changed signature": [(it) => replace(it, /"sig": "..../, '"sig": "AAAA'), /no trusted key/],
    "a stranger": [
      async (it) => await writeSignature(it.pipeline, await stateProject(it), [stranger]),
      new RegExp(`no trusted key signed it: .* of ${stranger.key.key_id}; trusted are release`),
    ],
    "a stranger that calls itself by our key's id": [
      async (it) => {
        await writeSignature(it.pipeline, await stateProject(it), [stranger]);
        await replace(it, stranger.key.key_id, it.key.key.key_id);
      },
      /no trusted key signed it/,
    ],
    "no statement": [
      async (it) => await writeSignature(it.pipeline, new TextEncoder().encode("{}"), [it.key]),
      /what release signed is no statement/,
    ],
    "a statement in another spelling": [
      async (it) => {
        const text = JSON.stringify(await stateProject(it), null, 1);
        await writeSignature(it.pipeline, new TextEncoder().encode(text), [it.key]);
      },
      /not in canonical JSON/,
    ],
    "that of another pipeline": [
      async (it) => {
        const statement = await stateProject(it);
        const files = { ...statement.files, "other.yaml": statement.files["main.yaml"]! };
        const other = { ...statement, files, pipeline: "other.yaml" };
        await writeSignature(it.pipeline, other, [it.key]);
      },
      /its signature is that of other\.yaml/,
    ],
  };
  for (const [what, [change, message]] of Object.entries(cases)) {
    const it = await signed();
    await change(it);
    const { report, texts } = await it.verify();
    assert.equal(report.ok, false, what);
    assert.equal(texts.size, 0, what);
    assert.match(describeFaults(report).message, message, what);
  }
});

Deno.test("verifyPipeline() takes one trusted signature of several, and none after its time", async () => {
  const it = await signed();
  await writeSignature(it.pipeline, await stateProject(it), [await testKey(), it.key]);
  assert.ok((await it.verify()).report.ok);

  const until = await signed("ed25519", "2026-01-02T03:04:05Z");
  assert.ok((await until.verify({ now: now - 1 })).report.ok);
  const late = await until.verify({ now });
  assert.deepEqual(differences(late.report.faults), [
    "its signature was valid until 2026-01-02T03:04:05Z",
  ]);
});

Deno.test("verifyPipeline() takes no pipeline by way of a link", async () => {
  const it = await signed();
  const link = `${it.project}/pipelines/link.yaml`;
  const folder = `${it.project}/linked`;
  const ln = async (...args: string[]) => {
    await new Deno.Command("/usr/bin/ln", { args: ["-s", "--", ...args], clearEnv: true }).output();
  };
  await ln(it.pipeline, link);
  await ln(`${it.pipeline}.sig.json`, `${link}.sig.json`);
  await ln(`${it.project}/pipelines`, folder);
  const world = { ...it, keys: await loadKeys(it.keys), now };
  for (const path of [link, `${folder}/main.yaml`]) {
    const { report } = await verifyPipeline(path, world);
    assert.match(differences(report.faults).join(), /it leads through a link to .*main\.yaml/);
  }
});

Deno.test("verifyPipeline() lets no link among the code pass", async () => {
  const it = await signed();
  const args = ["-s", "--", "/etc", `${it.project}/engine/more`];
  await new Deno.Command("/usr/bin/ln", { args, clearEnv: true }).output();
  const { report } = await it.verify();
  assert.match(differences(report.faults).join(), /engine\/more is neither file nor folder/);
});

Deno.test("verifyPipeline() gives out what it judged, though the file is another by then", async () => {
  const it = await signed();
  const { texts, report } = await it.verify();
  await Deno.writeTextFile(it.pipeline, "sluice: v1\nname: evil\n");
  assert.ok(report.ok);
  assert.equal(texts.get(it.pipeline), "sluice: v1\n");
});
