/**
 * Signs statements: a process that may read one key and write the signatures, and does nothing else.
 * What it signs is on its standard input, a line of JSON; it does not look into it.
 *
 * @module
 */
import { readVariable } from "../engine/read_variable.ts";
import { type ExitCode, exitCode, FailedError, SluiceError } from "../engine/errors.ts";
import { readSecret } from "../engine/execute/secret.ts";
import type { SecretRef } from "../engine/schema/types.ts";
import { preAuthenticationEncoding, writeEnvelope } from "../engine/trust/dsse.ts";
import { signBytes } from "../engine/trust/sign_detached.ts";
import { readSigningKey } from "../engine/trust/signing_key.ts";
import type { KeySource } from "./launch/signed/sign_request.ts";
import type { SignerOrder } from "./launch/signed/start_signer.ts";
import { readSecretFile } from "./runner/secret_file.ts";
import { writeWhole } from "./runner/write_whole.ts";

if (import.meta.main) Deno.exit(await main());

async function main(): Promise<ExitCode> {
  try {
    const order: SignerOrder = JSON.parse(await new Response(Deno.stdin.readable).text());
    await sign(order);
    return exitCode.done;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      writeWhole(
        Deno.stderr,
        "sluice: the sandbox refused to read the key: there is no key where it may not read\n",
      );
      return exitCode.refused;
    }
    const known = error instanceof SluiceError;
    const hint = known && error.hint !== undefined ? `\n  help: ${error.hint}` : "";
    // A bug's message could repeat a key: its name has to do.
    const what = known ? error.message : `bug: ${error instanceof Error ? error.name : "unknown"}`;
    writeWhole(Deno.stderr, `sluice: ${what}${hint}\n`);
    return known ? error.exit : exitCode.bug;
  }
}

async function sign({ key, password, payload_type, jobs }: SignerOrder): Promise<void> {
  const own = await readSigningKey(await secret(key), () => secret(password));
  for (const { file, payload, output } of jobs) {
    const bytes = Uint8Array.fromBase64(payload);
    const sig = await signBytes(preAuthenticationEncoding(payload_type, bytes), own);
    const envelope = writeEnvelope({
      payloadType: payload_type,
      payload: bytes,
      signatures: [{ keyid: own.key_id, sig }],
    });
    await replace(output, envelope);
    writeWhole(Deno.stderr, `signed ${file}\n  signature  ${output}\n  key        ${own.key_id}\n`);
  }
}

async function secret(source: KeySource): Promise<string> {
  const ref = source.kind === "env" ? `env:${source.name}` : `file:${source.path}`;
  return await readSecret(ref as SecretRef, {
    env: (name) => readVariable(name),
    file: readSecretFile,
  });
}

/** A signature is there as a whole or not at all. */
async function replace(path: string, text: string): Promise<void> {
  const part = `${path}.part`;
  try {
    {
      using file = await Deno.open(part, { write: true, create: true, truncate: true });
      const bytes = new TextEncoder().encode(text);
      for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
      await file.sync();
    }
    await Deno.rename(part, path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FailedError(`${path} cannot be written: ${reason}`, { cause: error });
  }
}
