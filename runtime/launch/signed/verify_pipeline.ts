import { SluiceError } from "../../../engine/errors.ts";
import { preAuthenticationEncoding, readEnvelope } from "../../../engine/trust/dsse.ts";
import {
  type Digests,
  type PipelineStatement,
  pipelineStatementType,
  readStatement,
} from "../../../engine/trust/pipeline_statement.ts";
import { verifyWithWebKey } from "../../../engine/trust/web_key.ts";
import { codeDigests } from "./code_digests.ts";
import { withinProject } from "../choose_ceilings.ts";
import { pathOf, signatureSuffix } from "./file_names.ts";
import type { NamedKey } from "./load_keys.ts";
import { lockDigests } from "./lock_digests.ts";
import { decodeText, digestBytes, readBytes } from "./read_bytes.ts";
import type { SignatureFault, SignatureReport } from "./signature_report.ts";

/** What a pipeline's signature is compared with. */
export interface SignedWorld {
  readonly project: string;
  /** The lock's text, as the run is admitted by it. */
  readonly lock: string;
  readonly keys: readonly NamedKey[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A report, and the very bytes that were judged, where they are as they were signed. */
export interface Verification {
  readonly report: SignatureReport;
  /** Texts, of steps of others too, by their absolute paths. */
  readonly texts: ReadonlyMap<string, string>;
  /** Digests of the steps of others. */
  readonly code: ReadonlySet<string>;
}

/** Most bytes of a signature, and of a pipeline: as the planner has it. */
const mostBytes = 4 * 2 ** 20;

/**
 * Verifies a pipeline with its signature beside it, by WebCrypto and no library: that one of the keys
 * signed, what it signed, and that texts, steps, code and lock are just that.
 *
 * Each file is read once; what is given out are the bytes that were judged.
 *
 * @param file absolute path
 * @param signature absolute path of its signature; by default beside it
 */
export async function verifyPipeline(
  file: string,
  world: SignedWorld,
  signature = file + signatureSuffix,
): Promise<Verification> {
  const texts = new Map<string, string>();
  const end = (faults: readonly SignatureFault[], found: Partial<SignatureReport> = {}) => {
    const report = { file, signature, ok: faults.length === 0, ...found, faults };
    const code = report.ok ? Object.values(found.statement?.steps ?? {}) : [];
    return { report, texts: report.ok ? texts : new Map(), code: new Set(code) };
  };
  try {
    const real = await Deno.realPath(file).catch(() => file);
    if (real !== file) {
      return end([{
        kind: "unusable",
        message: `it leads through a link to ${real}`,
        hint: "name a signed pipeline by its own path",
      }]);
    }
    const signed = await readSigned(signature, world);
    if ("fault" in signed) return end([signed.fault]);
    const { statement, key } = signed;
    const found = { statement, key: { name: key.name, key_id: key.key_id } };
    const unusable = judgeStatement(statement, file, world.now);
    if (unusable !== undefined) return end([unusable], found);
    const read = async (name: string) => {
      const bytes = await readBytes(pathOf(file, name), mostBytes);
      texts.set(pathOf(file, name), decodeText(bytes));
      return await digestBytes(bytes);
    };
    const lock = await lockDigests(world.lock, withinProject(file, world.project));
    return end([
      ...await compareFiles("files", statement.files, read),
      ...await compareFiles("steps", statement.steps, read),
      ...compare("lock", statement.lock, lock),
      ...compare("code", statement.code, await codeDigests(world.project)),
    ], found);
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    const { message, hint } = error;
    return end([{ kind: "unusable", message, ...(hint === undefined ? {} : { hint }) }]);
  }
}

type Signed =
  | { readonly statement: PipelineStatement; readonly key: NamedKey }
  | { readonly fault: SignatureFault };

async function readSigned(path: string, { keys }: SignedWorld): Promise<Signed> {
  const unusable = (message: string, hint?: string): Signed => ({
    fault: { kind: "unusable", message, ...(hint === undefined ? {} : { hint }) },
  });
  let envelope;
  try {
    envelope = readEnvelope(decodeText(await readBytes(path, mostBytes)));
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    return error.message === "it does not exist"
      ? unusable(`it is not signed: there is no ${path}`, "have it signed: sluice sign")
      : unusable(`its signature ${path} is damaged: ${error.message}`);
  }
  const { payload, payloadType, signatures } = envelope;
  if (payloadType !== pipelineStatementType) {
    return unusable(
      `its signature is over ${JSON.stringify(payloadType)}, not ${pipelineStatementType}`,
    );
  }
  const bytes = preAuthenticationEncoding(payloadType, payload);
  for (const key of keys) {
    for (const { sig } of signatures) {
      if (!await verifyWithWebKey(key, bytes, sig)) continue;
      try {
        return { statement: readStatement(payload), key };
      } catch (error) {
        if (!(error instanceof SluiceError)) throw error;
        return unusable(`what ${key.name} signed is no statement: ${error.message}`);
      }
    }
  }
  const names = signatures.map(({ keyid }) => keyid === "" ? "an unnamed key" : keyid);
  const known = keys.map(({ name, key_id }) => `${name} (${key_id})`);
  return unusable(
    `no trusted key signed it: it has a signature of ${names.join(", ")}; trusted are ${
      known.join(", ")
    }`,
    "have it signed with a trusted key, or trust the one that signed it",
  );
}

function judgeStatement(
  { pipeline, expires }: PipelineStatement,
  file: string,
  now: number,
): SignatureFault | undefined {
  const name = file.slice(file.lastIndexOf("/") + 1);
  if (pipeline !== name) {
    return { kind: "unusable", message: `its signature is that of ${pipeline}` };
  }
  if (expires !== undefined && now >= Date.parse(expires)) {
    return { kind: "unusable", message: `its signature was valid until ${expires}` };
  }
}

async function compareFiles(
  part: "files" | "steps",
  signed: Digests,
  digestOf: (name: string) => Promise<string>,
): Promise<readonly SignatureFault[]> {
  const faults: SignatureFault[] = [];
  for (const [name, digest] of Object.entries(signed)) {
    try {
      const here = await digestOf(name);
      if (here !== digest) faults.push({ kind: "differs", part, name, signed: digest, here });
    } catch (error) {
      if (!(error instanceof SluiceError)) throw error;
      faults.push({ kind: "differs", part, name, signed: digest, reason: error.message });
    }
  }
  return faults;
}

function compare(
  part: "code" | "lock",
  signed: Digests,
  here: Digests,
): readonly SignatureFault[] {
  const names = [...new Set([...Object.keys(signed), ...Object.keys(here)])].sort();
  const at = (digests: Digests, name: string) =>
    Object.hasOwn(digests, name) ? digests[name]! : undefined;
  return names.filter((name) => at(signed, name) !== at(here, name)).map((name) => {
    const [before, now] = [at(signed, name), at(here, name)];
    return {
      kind: "differs",
      part,
      name,
      ...(before === undefined ? {} : { signed: before }),
      ...(now === undefined ? {} : { here: now }),
    };
  });
}
