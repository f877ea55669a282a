import { decodeBase64 } from "./base64.ts";

/** One block of a PEM file (RFC 7468). */
export interface PemBlock {
  /** What stands after BEGIN, such as `PUBLIC KEY`. */
  readonly label: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

// Only the label tells BEGIN from END, so a block must end with its own.
const block = /-----BEGIN ([A-Z0-9 ]+)-----[ \t]*\r?\n([^-]*?)-----END \1-----/g;

/**
 * The blocks of a PEM text, in order. Text between blocks is skipped, as RFC 7468 says. Undefined
 * when a block is damaged: not ended, or not base64.
 */
export function parsePem(text: string): readonly PemBlock[] | undefined {
  const blocks: PemBlock[] = [];
  for (const [, label, body] of text.matchAll(block)) {
    const bytes = decodeBase64((body ?? "").replace(/[ \t\r\n]/g, ""));
    if (label === undefined || bytes === undefined) return undefined;
    blocks.push({ label, bytes });
  }
  // A marker that belongs to no whole block means that something was lost.
  return text.split("-----BEGIN ").length - 1 === blocks.length ? blocks : undefined;
}
