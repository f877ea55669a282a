import { generateKeyPairSync } from "node:crypto";

/** For tests: writes a new key, and what others may have of it. */
export async function writeKey(own: string, shown: string): Promise<void> {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  await Deno.writeTextFile(own, `${privateKey.export({ type: "pkcs8", format: "pem" })}`);
  await Deno.writeTextFile(shown, `${publicKey.export({ type: "spki", format: "pem" })}`);
}
