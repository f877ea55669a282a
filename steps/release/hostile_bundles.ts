import type { HostileCase } from "./hostile_case.ts";
import { hostileEntries } from "./hostile_entries.ts";
import { hostileFormats } from "./hostile_formats.ts";
import { hostileFrames } from "./hostile_frames.ts";
import { hostileMetadata } from "./hostile_metadata.ts";
import { hostileNames } from "./hostile_names.ts";
import { hostileSignatures } from "./hostile_signatures.ts";

/** Bundles that nobody should stage, by what is hostile about them. Of the tests. */
export const hostileBundles: Readonly<Record<string, HostileCase>> = {
  ...hostileSignatures,
  ...hostileMetadata,
  ...hostileNames,
  ...hostileEntries,
  ...hostileFormats,
  ...hostileFrames,
};
