import { nameFault } from "../../archive/safe_name.ts";
import { extraId } from "./extra_field.ts";
import { littleEndian } from "./little_endian.ts";
import { entryFault } from "./zip_fault.ts";

/**
 * The name of an entry, which has to be safe. UTF-8 is read whether or not the entry says that it is
 * (Info-ZIP does not); other character sets are refused, because programs guess them differently.
 *
 * @throws InvalidInputError when it could lead elsewhere, or could be read in two ways
 */
export function readName(raw: Uint8Array, fields: ReadonlyMap<number, Uint8Array>): string {
  const name = decode(raw);
  if (name === undefined) {
    const shown = new TextDecoder("latin1").decode(raw);
    throw entryFault(shown, "its name is not UTF-8");
  }
  const other = unicodePath(fields.get(extraId.unicodePath));
  if (other !== undefined && other !== name) {
    throw entryFault(name, "it has a second name, so that programs would read it differently");
  }
  const fault = pathFault(name.endsWith("/") ? name.slice(0, -1) : name);
  if (fault !== undefined) throw entryFault(name, fault);
  return name;
}

function pathFault(path: string): string | undefined {
  if (/^[A-Za-z]:/.test(path)) return "it begins with a drive letter";
  return nameFault(path);
}

/** Version 1: the version, the CRC of the other name, the name. */
function unicodePath(field: Uint8Array | undefined): string | undefined {
  if (field === undefined || field.length < 5 || field[0] !== 1) return undefined;
  return decode(field.subarray(5)) ?? `CRC ${littleEndian(field).u32(1)}`;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
