import { type HostileCase, invalid, metadata } from "./hostile_case.ts";

/** Bundles whose metadata is no valid one, though a trusted key signed it. Of the tests. */
export const hostileMetadata: Readonly<Record<string, HostileCase>> = {
  "metadata that is no JSON": { exit: invalid, why: /not JSON/, spoil: metadata("{") },
  "metadata that is null": { exit: invalid, why: /not valid/, spoil: metadata("null") },
  "metadata that is a list": { exit: invalid, why: /not valid/, spoil: metadata("[]") },
  "metadata of the future": {
    exit: invalid,
    why: /schemaVersion 2/,
    spoil: metadata({ schemaVersion: 2 }),
  },
  "metadata with an unknown key": {
    exit: invalid,
    why: /"extra"/,
    spoil: metadata({ extra: 1 }),
  },
  "a version that climbs": { exit: invalid, why: /version/, spoil: metadata({ version: "../x" }) },
  "a version that is a staging folder's": {
    exit: invalid,
    why: /version/,
    spoil: metadata({ version: "1.0.staging" }),
  },
  "a bundle name that climbs": { exit: invalid, why: /name/, spoil: metadata({ name: "a/../b" }) },
  "a floor that is no version": { exit: invalid, why: /floor/, spoil: metadata({ floor: "" }) },
  "a build time that is none": {
    exit: invalid,
    why: /build_time/,
    spoil: metadata({ build_time: "yesterday" }),
  },
  "a hash that is none": {
    exit: invalid,
    why: /sha256/,
    spoil: metadata({ sha256: { "files/a": "00", "LICENSE": "00" } }),
  },
  "sizes that are negative": {
    exit: invalid,
    why: /sizes/,
    spoil: metadata({ sizes: { "files/a": -1 } }),
  },
  "sizes beyond what numbers hold": {
    exit: invalid,
    why: /sizes/,
    spoil: metadata({ sizes: { "files/a": 1e300 } }),
  },
  "sizes for other files": {
    exit: invalid,
    why: /sizes lacks/,
    spoil: metadata({ sizes: { "files/x": 1 } }),
  },
  "a mode with setuid": {
    exit: invalid,
    why: /modes/,
    spoil: metadata({ modes: { "files/a": "4755", "files/d/b": "0644", "LICENSE": "0644" } }),
  },
  "no LICENSE": {
    exit: invalid,
    why: /no LICENSE/,
    spoil: (bundle) => {
      delete bundle.contents.LICENSE;
      bundle.entries.pop();
    },
  },
};
