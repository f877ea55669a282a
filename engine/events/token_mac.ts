/**
 * The mac of a token: HMAC-SHA-256, in lower-case hex, over the bytes of the token from its first
 * character up to the comma before `"mac"`, which is its last member.
 *
 * @param signed that part of the token
 * @param key the text of the key; its UTF-8 bytes are the key of the HMAC
 */
export function tokenMac(signed: string, key: string): string {
  return crypto().createHmac("sha256", key).update(signed).digest("hex");
}

/** Compares two macs in a time that does not depend on where they differ. */
export function sameMac(one: string, other: string): boolean {
  const [a, b] = [new TextEncoder().encode(one), new TextEncoder().encode(other)];
  return a.length === b.length && crypto().timingSafeEqual(a, b);
}

/** Loaded at the first use: it takes longer than the start of the launcher, which seldom needs it. */
function crypto(): typeof import("node:crypto") {
  return globalThis.process.getBuiltinModule("node:crypto");
}
