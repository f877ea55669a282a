import type { SluiceError } from "../../../engine/errors.ts";
import type { Member } from "./member.ts";
import { entryFault } from "./zip_fault.ts";

/** The error for content that is shorter or longer than is said. */
export function wrongSize({ path, size }: Member): SluiceError {
  return entryFault(path, `it does not unpack to the ${size} bytes that are said`);
}

/** The error for content that is not what the packer had. */
export function damaged({ path }: Member, cause: unknown): SluiceError {
  const first = cause instanceof Error ? cause.cause ?? cause : undefined;
  const said = first instanceof Error ? ` (${first.message})` : "";
  return entryFault(path, `its compressed data is damaged${said}`);
}

/** @throws InvalidInputError when what was unpacked is not what is said */
export function checkContent(member: Member, size: number, crc32: number): void {
  if (size !== member.size) throw wrongSize(member);
  if (crc32 !== member.crc32) throw entryFault(member.path, "its CRC is wrong: it is damaged");
}
