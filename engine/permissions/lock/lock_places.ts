import type { Span } from "../../diagnostic.ts";
import { grantId } from "../grant.ts";
import type { LockDifference } from "./compare_locks.ts";
import { placesOfGrants, spanAt } from "./entry_places.ts";
import { type JsonNode, jsonValue, memberOf } from "./json_node.ts";
import { lockFile } from "./lock_file.ts";
import { parseJson } from "./parse_json.ts";
import type { WrittenGrant, WrittenLock } from "./written_lock.ts";

/** Where things stand in the lock as it is. */
export interface LockPlaces {
  /** A surface, or `ad_hoc`; the top of the file where it has none of that name. */
  surface(name: string): Span;
  /** A grant of it; the surface where it has no such. */
  grant(name: string, grant: WrittenGrant): Span;
  /** What a difference is about, likewise. */
  subject(difference: LockDifference): Span;
}

/** @param written what `readWrittenLock` makes of the text */
export function lockPlaces(text: string, written: WrittenLock): LockPlaces {
  const root = parseJson(text, lockFile);
  const surfaces = memberOf(root, "surfaces");
  const partOf = (name: string) =>
    name === "ad_hoc" ? memberOf(root, name) : memberOf(surfaces, name);
  const setOf = (part: JsonNode | undefined) => memberOf(part, "set") ?? memberOf(part, "ceiling");
  const parts = new Map([{ name: "ad_hoc", ...written.ad_hoc }, ...written.surfaces].map((part) => [
    part.name,
    placesOfGrants({ text, file: lockFile }, setOf(partOf(part.name)), part.grants),
  ]));
  const surface = (name: string) => {
    const holder = name === "ad_hoc" ? root : surfaces;
    const found = holder?.kind === "map"
      ? holder.members.find(({ key }) => key === name)
      : undefined;
    return spanAt(text, lockFile, found?.start ?? 0, found && JSON.stringify(name).length);
  };
  const grant = (name: string, grant: WrittenGrant) =>
    parts.get(name)?.get(grantId(grant)) ?? surface(name);
  return {
    surface,
    grant,
    subject(difference) {
      const { surface: name, subject } = difference;
      if (subject.kind === "grant") return grant(name, subject.grant);
      const start = startOf(partOf(name), subject);
      return start === undefined ? surface(name) : spanAt(text, lockFile, start);
    },
  };
}

function startOf(
  part: JsonNode | undefined,
  subject: LockDifference["subject"],
): number | undefined {
  const items = (key: string) => {
    const list = memberOf(part, key);
    return list?.kind === "list" ? list.items : [];
  };
  switch (subject.kind) {
    case "pipeline":
      return (items("pipelines").find((item) => jsonValue(item) === subject.path) ??
        memberOf(part, "pipeline"))?.start;
    case "code": {
      const code = memberOf(part, "code");
      return code?.kind === "map"
        ? code.members.find(({ key }) => key === subject.file)?.start
        : undefined;
    }
    case "accepted": {
      const { finding, entry } = subject.accepted;
      return items("accepts").find((item) =>
        [["finding", finding], ["entry", entry]].every(([key, value]) => {
          const found = memberOf(item, key!);
          return found !== undefined && jsonValue(found) === value;
        })
      )?.start;
    }
    case "grant":
    case "detail":
      return undefined;
  }
}
