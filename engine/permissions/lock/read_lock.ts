import { InvalidInputError } from "../../errors.ts";
import type { Escape } from "../escape.ts";
import { type Grant, grantKinds } from "../grant.ts";
import { grantMembers, readPermissions } from "../read_permissions.ts";
import { type JsonNode, jsonValue, placeOf } from "./json_node.ts";
import { type Lock, lockOf } from "./lock.ts";
import { lockFile } from "./lock_file.ts";
import { parseJson } from "./parse_json.ts";
import type {
  Accepted,
  WrittenCode,
  WrittenGrant,
  WrittenLock,
  WrittenSet,
  WrittenSurface,
} from "./written_lock.ts";

export { lockFile };

/**
 * Reads the lock: what each surface may be launched with, and what a pipeline of no surface may.
 * Without a library, for the launcher.
 *
 * @throws InvalidInputError with the place of the first fault
 */
export function readLock(text: string): Lock {
  return lockOf(readWrittenLock(text));
}

/**
 * Reads the lock with all that is in it for people.
 *
 * @throws InvalidInputError with the place of the first fault
 */
export function readWrittenLock(text: string): WrittenLock {
  return new LockReader(text).lock(parseJson(text, lockFile));
}

type Members = ReadonlyMap<string, JsonNode>;

class LockReader {
  constructor(private readonly text: string) {}

  lock(node: JsonNode): WrittenLock {
    const members = this.#members(node, "it", ["schemaVersion", "ad_hoc", "surfaces"]);
    const version = members.get("schemaVersion") ?? node;
    if (jsonValue(version) !== 1) this.#fail(version, "schemaVersion", "1");
    const adHoc = this.#need(members, node, "ad_hoc", "");
    const surfaces = this.#need(members, node, "surfaces", "");
    return {
      ad_hoc: this.#set(adHoc, "ad_hoc", "ceiling", ["ceiling", "accepts"]),
      surfaces: [...this.#members(surfaces, "surfaces")].map(([name, surface]) =>
        this.#surface(name, surface)
      ),
    };
  }

  #surface(name: string, node: JsonNode): WrittenSurface {
    const where = `surfaces.${name}`;
    const kind = jsonValue(
      this.#need(this.#members(node, where), node, "kind", where),
    );
    if (kind !== "open" && kind !== "fixed") this.#fail(node, `${where}.kind`, '"open" or "fixed"');
    const own = kind === "open" ? ["pipelines", "ceiling"] : ["pipeline", "set"];
    const known = ["kind", "note", "accepts", ...own, ...(kind === "open" ? ["code"] : [])];
    const members = this.#members(node, where, known);
    const note = members.get("note");
    const common = {
      name,
      ...(note === undefined ? {} : { note: this.#string(note, `${where}.note`) }),
      ...this.#set(node, where, own[1]!, known),
    };
    const path = this.#need(members, node, own[0]!, where);
    return kind === "open"
      ? {
        ...common,
        kind,
        pipelines: this.#strings(path, `${where}.pipelines`),
        ...this.#code(members.get("code"), `${where}.code`),
      }
      : { ...common, kind: "fixed", pipeline: this.#string(path, `${where}.pipeline`) };
  }

  #code(node: JsonNode | undefined, where: string): { readonly code?: readonly WrittenCode[] } {
    if (node === undefined) return {};
    const code = [...this.#members(node, where)].map(([file, value]) => {
      const digest = this.#string(value, `${where}[${JSON.stringify(file)}]`);
      if (!/^sha256:[0-9a-f]{64}$/.test(digest)) this.#fail(value, where, "digests by files");
      return { file, digest };
    });
    return { code };
  }

  #set(node: JsonNode, where: string, key: string, known: readonly string[]): WrittenSet {
    const members = this.#members(node, where, known);
    const grants = this.#grants(this.#need(members, node, key, where), `${where}.${key}`);
    const accepts = members.get("accepts");
    return {
      grants,
      accepts: accepts === undefined
        ? []
        : this.#items(accepts, `${where}.accepts`).map((item, n) =>
          this.#accepted(item, `${where}.accepts[${n}]`)
        ),
    };
  }

  #grants(node: JsonNode, where: string): readonly WrittenGrant[] {
    const kinds = this.#members(node, where, grantKinds);
    return grantKinds.flatMap((kind): readonly WrittenGrant[] => {
      const found = kinds.get(kind);
      const at = `${where}.${kind}`;
      if (found === undefined) return [];
      if (kind === "run") {
        return this.#items(found, at).map((item, n) => this.#program(item, `${at}[${n}]`));
      }
      // A ceiling is a list, an exact set says who needs each entry.
      return found.kind === "map"
        ? found.members.map(({ key, value }) => ({
          kind,
          entry: key,
          why: this.#strings(value, `${at}[${JSON.stringify(key)}]`),
        }))
        : this.#strings(found, at).map((entry) => ({ kind, entry, why: [] }));
    });
  }

  #program(node: JsonNode, where: string): WrittenGrant {
    const told = ["path", "escape", "reason", "why"];
    const members = this.#members(node, where, [...grantMembers, ...told]);
    const grant = Object.fromEntries(
      [...members].filter(([key]) => !told.includes(key)).map((
        [key, value],
      ) => [key, jsonValue(value)]),
    );
    const optional = (key: string) => {
      const found = members.get(key);
      return found === undefined ? undefined : this.#string(found, `${where}.${key}`);
    };
    const why = members.get("why");
    const path = optional("path");
    return {
      ...this.#grant(grant, node, where),
      why: why === undefined ? [] : this.#strings(why, `${where}.why`),
      ...(path === undefined ? {} : { path }),
      ...escapeOf(optional("escape"), optional("reason")),
    };
  }

  #grant(value: unknown, node: JsonNode, where: string): Extract<Grant, { kind: "run" }> {
    try {
      return { kind: "run", grant: readPermissions({ run: [value] }, "").run[0]! };
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      return this.#refuse(node, error.message.replace(/^\.run\[0\]/, where));
    }
  }

  #accepted(node: JsonNode, where: string): Accepted {
    const keys = ["finding", "entry", "reason"] as const;
    const members = this.#members(node, where, keys);
    const [finding, entry, reason] = keys.map((key) =>
      this.#string(this.#need(members, node, key, where), `${where}.${key}`)
    );
    return { finding: finding!, entry: entry!, reason: reason! };
  }

  /** The members of a mapping; with `known`, each other key is a fault. */
  #members(node: JsonNode, where: string, known?: readonly string[]): Members {
    if (node.kind !== "map") return this.#fail(node, where, "a mapping");
    const stray = node.members.find(({ key }) => known !== undefined && !known.includes(key));
    if (stray !== undefined) {
      this.#refuse(
        stray,
        `${where} has no key ${JSON.stringify(stray.key)}: its keys are ${known!.join(", ")}`,
      );
    }
    return new Map(node.members.map(({ key, value }) => [key, value]));
  }

  #need(members: Members, node: JsonNode, key: string, where: string): JsonNode {
    return members.get(key) ??
      this.#refuse(node, `${where === "" ? "it" : where} lacks the key ${JSON.stringify(key)}`);
  }

  #items(node: JsonNode, where: string): readonly JsonNode[] {
    return node.kind === "list" ? node.items : this.#fail(node, where, "a list");
  }

  #strings(node: JsonNode, where: string): readonly string[] {
    return this.#items(node, where).map((item, n) => this.#string(item, `${where}[${n}]`));
  }

  #string(node: JsonNode, where: string): string {
    const value = node.kind === "scalar" ? node.value : undefined;
    return typeof value === "string" ? value : this.#fail(node, where, "a text");
  }

  #fail(node: JsonNode, where: string, wanted: string): never {
    return this.#refuse(node, `${where} has to be ${wanted}`);
  }

  #refuse({ start }: { readonly start: number }, message: string): never {
    const { line, column } = placeOf(this.text, start);
    throw new InvalidInputError(`${lockFile}:${line}:${column}: ${message}`, {
      hint: "sluice lock writes it from pipelines/surfaces.yaml; nobody edits it by hand",
    });
  }
}

function escapeOf(escape: string | undefined, reason = ""): { readonly escape?: Escape } {
  if (escape === undefined) return {};
  return { escape: { class: escape as Escape["class"], reason } };
}
