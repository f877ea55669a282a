import { hostileContents } from "./hostile_contents.ts";
import { hostileFrames } from "./hostile_frames.ts";
import { hostileNames } from "./hostile_names.ts";
import type { HostileZip } from "./hostile_parts.ts";

/** Zips that nobody should unpack, by what is hostile about them. Of the tests. */
export const hostileZips: Readonly<Record<string, HostileZip>> = {
  ...hostileNames,
  ...hostileContents,
  ...hostileFrames,
};
