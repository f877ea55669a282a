/**
 * For tests: a small project with code, a lock and a pipeline, and keys that sign it.
 *
 * @module
 */
import { generateKeyPairSync } from "node:crypto";
import { preAuthenticationEncoding, writeEnvelope } from "../engine/trust/dsse.ts";
import {
  encodeStatement,
  type PipelineStatement,
  pipelineStatementType,
} from "../engine/trust/pipeline_statement.ts";
import { signBytes } from "../engine/trust/sign_detached.ts";
import { readSigningKey, type SigningKey } from "../engine/trust/signing_key.ts";
import { signatureSuffix } from "../runtime/launch/signed/file_names.ts";
import { makeStatement } from "../runtime/launch/signed/make_statement.ts";
import { digestBytes } from "../runtime/launch/signed/read_bytes.ts";

export interface TestProject {
  readonly project: string;
  /** Absolute path of the pipeline, and of what it includes. */
  readonly pipeline: string;
  readonly included: string;
  lock: string;
}

const lock = {
  schemaVersion: 1,
  ad_hoc: { ceiling: { read: ["${project}"] } },
  surfaces: {
    demo: { kind: "open", pipelines: ["pipelines/main.yaml"], ceiling: { read: ["/srv"] } },
    other: { kind: "open", pipelines: ["pipelines/other.yaml"], ceiling: { write: ["/"] } },
  },
};

/** Makes one in a folder of its own. */
export async function testProject(): Promise<TestProject> {
  const project = await Deno.realPath(await Deno.makeTempDir());
  const files = {
    "deno.json": '{"name":"x","imports":{"a":"npm:a@1.0.0"},"tasks":{"t":"true"}}',
    "deno.lock": '{"version":"5"}',
    "engine/a.ts": "export const a = 1;\n",
    "engine/plan/b.ts": "export const b = 1;\n",
    "engine/plan/b_test.ts": "// a test\n",
    "runtime/c.ts": "export const c = 1;\n",
    "steps/d/e/f.ts": "export const f = 1;\n",
    "pipelines/main.yaml": "sluice: v1\n",
    "common/part.yaml": "sluice: v1\nname: part\n",
    "pipelines/own_step.ts": "export default 1;\n",
  };
  for (const [name, text] of Object.entries(files)) {
    const path = `${project}/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, text);
  }
  return {
    project,
    pipeline: `${project}/pipelines/main.yaml`,
    included: `${project}/common/part.yaml`,
    lock: JSON.stringify(lock, null, 2),
  };
}

/** States the pipeline with what it includes and its one step of others. */
export async function stateProject(
  { project, pipeline, included, lock }: TestProject,
  expires?: string,
): Promise<PipelineStatement> {
  const digest = async (path: string) => await digestBytes(await Deno.readFile(path));
  const files = {
    "main.yaml": await digest(pipeline),
    "../common/part.yaml": await digest(included),
  };
  const steps = { "own_step.ts": await digest(`${project}/pipelines/own_step.ts`) };
  return await makeStatement({ file: pipeline, files, steps }, {
    project,
    lock,
    expires,
  });
}

export interface TestKey {
  readonly pub: string;
  readonly pem: string;
  readonly key: SigningKey;
}

/** A new key, Ed25519 or P-256. */
export async function testKey(kind: "ed25519" | "ec" = "ed25519"): Promise<TestKey> {
  const { publicKey, privateKey } = kind === "ed25519"
    ? generateKeyPairSync("ed25519")
    : generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return {
    pub: publicKey.export({ type: "spki", format: "pem" }).toString(),
    pem,
    key: await readSigningKey(pem, () => Promise.reject(new Error("no password is needed"))),
  };
}

/** Writes the envelope of a statement, or of any payload, beside a pipeline. */
export async function writeSignature(
  pipeline: string,
  signed: PipelineStatement | Uint8Array<ArrayBuffer>,
  keys: readonly TestKey[],
  payloadType = pipelineStatementType,
): Promise<void> {
  const payload = signed instanceof Uint8Array ? signed : encodeStatement(signed);
  const bytes = preAuthenticationEncoding(payloadType, payload);
  const signatures = await Promise.all(
    keys.map(async ({ key }) => ({ keyid: key.key_id, sig: await signBytes(bytes, key) })),
  );
  await Deno.writeTextFile(
    pipeline + signatureSuffix,
    writeEnvelope({ payloadType, payload, signatures }),
  );
}
