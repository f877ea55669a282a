/** A message, or what holds messages, in the JSON form of protobufjs. */
export interface Described {
  readonly fields?: Readonly<Record<string, DescribedField>>;
  readonly nested?: Readonly<Record<string, unknown>>;
  readonly options?: Readonly<Record<string, unknown>>;
}

interface DescribedField {
  readonly type: string;
  readonly id: number;
  readonly rule?: string;
  /** Of a map. */
  readonly keyType?: string;
}

/**
 * The same with each map written out as what it is on the wire, a list of entries: protobufjs gives
 * their type a name in its descriptors that protoc's `NameEntry` is not, and strict clients refuse it.
 *
 * @example
 * ```ts
 * import { withMapEntries } from "./map_entries.ts";
 * import assert from "node:assert/strict";
 *
 * const { fields, nested } = withMapEntries({
 *   fields: { tags: { keyType: "string", type: "string", id: 2 } },
 * });
 * assert.deepEqual(fields, { tags: { rule: "repeated", type: "TagsEntry", id: 2 } });
 * assert.deepEqual(Object.keys(nested!), ["TagsEntry"]);
 * ```
 */
export function withMapEntries(described: Described): Described {
  const { fields, nested, ...rest } = described;
  const entries: Record<string, Described> = {};
  const plain = Object.entries(fields ?? {}).map(([name, field]) => {
    const { keyType, type, id } = field;
    if (keyType === undefined) return [name, field] as const;
    const entry = `${camelCase(name)}Entry`;
    entries[entry] = {
      options: { map_entry: true },
      fields: { key: { type: keyType, id: 1 }, value: { type, id: 2 } },
    };
    return [name, { rule: "repeated", type: entry, id }] as const;
  });
  const inner = Object.entries(nested ?? {}).map(([name, one]) =>
    [name, withMapEntries(one as Described)] as const
  );
  const all = { ...Object.fromEntries(inner), ...entries };
  return {
    ...rest,
    ...(fields === undefined ? {} : { fields: Object.fromEntries(plain) }),
    ...(Object.keys(all).length === 0 ? {} : { nested: all }),
  };
}

function camelCase(name: string): string {
  return name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
