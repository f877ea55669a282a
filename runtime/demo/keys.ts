/**
 * Makes a key pair of ECDSA P-256: the private key as PKCS#8 PEM for its owner alone, the public one
 * as SPKI PEM for whoever trusts it.
 */
export async function makeKeys(privateFile: string, publicFile: string): Promise<void> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const own = await crypto.subtle.exportKey("pkcs8", pair.privateKey);
  const shown = await crypto.subtle.exportKey("spki", pair.publicKey);
  await Deno.writeTextFile(privateFile, pem("PRIVATE KEY", own), { mode: 0o600, createNew: true });
  await Deno.writeTextFile(publicFile, pem("PUBLIC KEY", shown), { mode: 0o644, createNew: true });
}

function pem(label: string, der: ArrayBuffer): string {
  const lines = new Uint8Array(der).toBase64().match(/.{1,64}/g)!;
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
