import { crc32, inflateRawSync } from "node:zlib";
import { checkContent, damaged, wrongSize } from "./check_content.ts";
import { type Member, method } from "./member.ts";
import { entryFault } from "./zip_fault.ts";

/**
 * The content of a small entry. It never takes more memory than the entry is said to have.
 *
 * @param data what stands in the zip for it
 * @throws InvalidInputError when it is damaged, or has another length or CRC than is said
 */
export function inflateWhole(member: Member, data: Uint8Array): Uint8Array {
  const content = member.method === method.store ? data : inflate(member, data);
  checkContent(member, content.length, crc32(content));
  return content;
}

/** With `info`, `inflateRawSync` also says how much it has read. */
interface Inflated {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

function inflate(member: Member, data: Uint8Array): Uint8Array {
  let result: Inflated;
  try {
    const options = { maxOutputLength: Math.max(1, member.size), info: true };
    result = inflateRawSync(data, options) as unknown as Inflated;
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE") throw wrongSize(member);
    throw damaged(member, error);
  }
  const rest = data.length - result.engine.bytesWritten;
  if (rest > 0) throw entryFault(member.path, `${rest} bytes follow its compressed data`);
  return result.buffer;
}
