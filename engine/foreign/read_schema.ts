import type { Json, JsonObject } from "../json.ts";
import type { JsonSchema, SluiceType } from "../schema/json_schema.ts";
import { ForeignFault } from "./foreign_fault.ts";

/** Most levels of a schema, and most schemas within one. */
const most = { levels: 16, schemas: 1000 };

const sluiceTypes: readonly string[] = ["secret", "path", "url", "duration", "size"];
const types: readonly string[] = [
  "string",
  "integer",
  "number",
  "boolean",
  "null",
  "array",
  "object",
];

/** The words that a schema of each type may have, beside those that any may have. */
const wordsOf: Readonly<Record<string, readonly string[]>> = {
  string: ["minLength", "maxLength", "sluice"],
  integer: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "sluice"],
  number: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  boolean: [],
  null: [],
  array: ["items", "minItems", "maxItems"],
  object: ["properties", "required", "additionalProperties"],
};

/** Said of a value without a meaning for it; dropped. */
const silent = ["$schema", "$comment", "examples", "deprecated"];
const described = ["title", "description", "default"];

/** What to write instead of words of JSON Schema that have no place here. */
const instead: Readonly<Record<string, string>> = {
  pattern: "throw from permissions() or run() where a text is wrong",
  format: 'use sluice: "path", "url", "duration", "size" or "secret", or leave it out',
  $ref: "write the schema where it is used",
  $defs: "write each schema where it is used",
  definitions: "write each schema where it is used",
  allOf: "write one schema with all of it",
  prefixItems: "write items: [first, second]",
  patternProperties: "use additionalProperties",
};

/**
 * A schema that code of others gave, looked at word by word and given back in one spelling: what a
 * definition of the registry could also say, in the same words of JSON Schema. Nothing in it makes
 * whoever validates by it run code or search without end. Objects that list their properties take no
 * others unless `additionalProperties` says so; several types become `anyOf`.
 *
 * @param where names it in messages, such as `params`
 * @throws ForeignFault that names the place in it
 *
 * @example
 * ```ts
 * import { readSchema } from "./read_schema.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(readSchema({ type: ["string", "null"], maxLength: 3 }, "facts"), {
 *   anyOf: [{ type: "string", maxLength: 3 }, { type: "null" }],
 * });
 * assert.throws(() => readSchema({ type: "text" }, "facts"), /facts\.type/);
 * ```
 */
export function readSchema(value: unknown, where: string): JsonSchema {
  return new SchemaReader().read(value, where, 0);
}

class SchemaReader {
  #schemas = 0;

  read(value: unknown, where: string, level: number): JsonSchema {
    if (++this.#schemas > most.schemas) throw fault(where, `holds more than ${most.schemas} parts`);
    if (level > most.levels) throw fault(where, `is more than ${most.levels} levels deep`);
    const schema = objectOf(value, where);
    const { anyOf, oneOf, type } = schema;
    if (anyOf !== undefined || oneOf !== undefined) return this.#choices(schema, where, level);
    if (schema["const"] !== undefined || schema["enum"] !== undefined) {
      return this.#constants(schema, where);
    }
    if (Array.isArray(type)) return this.#ofTypes(type, schema, where, level);
    if (type === undefined) {
      allow(schema, [], where);
      return annotations(schema, where);
    }
    if (typeof type !== "string" || !types.includes(type)) {
      throw fault(`${where}.type`, `has to be one of ${types.join(", ")}`);
    }
    allow(schema, ["type", ...wordsOf[type]!], where);
    return { ...annotations(schema, where), type, ...this.#ofType(type, schema, where, level) };
  }

  #ofTypes(
    given: readonly Json[],
    schema: JsonObject,
    where: string,
    level: number,
  ): JsonSchema {
    const wordsFor = (type: Json) => ["type", ...wordsOf[String(type)] ?? []];
    allow(schema, ["type", ...given.flatMap(wordsFor)], where);
    const each = given.map((type) => {
      const own = Object.entries({ ...schema, type }).filter(([word]) =>
        wordsFor(type).includes(word)
      );
      return this.read(Object.fromEntries(own), where, level + 1);
    });
    if (each.length === 0) throw fault(`${where}.type`, "has to name at least one type");
    return { ...annotations(schema, where), anyOf: each };
  }

  #ofType(type: string, schema: JsonObject, where: string, level: number): JsonSchema {
    switch (type) {
      case "string":
        return {
          ...counts(schema, ["minLength", "maxLength"], where),
          ...sluiceType(schema, ["path", "url", "secret"], where),
        };
      case "integer":
      case "number":
        return {
          ...numbers(schema, where),
          ...sluiceType(schema, ["duration", "size"], where),
        };
      case "array": {
        const { items } = schema;
        return {
          ...counts(schema, ["minItems", "maxItems"], where),
          ...(items === undefined ? {} : {
            items: Array.isArray(items)
              ? items.map((item, index) => this.read(item, `${where}.items[${index}]`, level + 1))
              : this.read(items, `${where}.items`, level + 1),
          }),
        };
      }
      case "object":
        return this.#object(schema, where, level);
      default:
        return {};
    }
  }

  #object(schema: JsonObject, where: string, level: number): JsonSchema {
    const { properties, required = [], additionalProperties: rest } = schema;
    const members = Object.entries(
      properties === undefined ? {} : objectOf(properties, `${where}.properties`),
    ).map(([name, member]) => {
      const at = `${where}.properties.${name}`;
      if (name === "" || name === "__proto__") throw fault(at, "is no name of a member");
      return [name, this.read(member, at, level + 1)] as const;
    });
    const isText = (name: Json) => typeof name === "string";
    if (!Array.isArray(required) || !required.every(isText)) {
      throw fault(`${where}.required`, "has to be a list of names");
    }
    for (const name of required) {
      if (members.some(([known]) => known === name)) continue;
      throw fault(`${where}.required`, `names ${JSON.stringify(name)}, which is no property`);
    }
    return {
      properties: Object.fromEntries(members),
      ...(required.length === 0 ? {} : { required: [...new Set(required as string[])] }),
      additionalProperties: rest === undefined
        ? properties === undefined
        : typeof rest === "boolean"
        ? rest
        : this.read(rest, `${where}.additionalProperties`, level + 1),
    };
  }

  #choices(schema: JsonObject, where: string, level: number): JsonSchema {
    const word = schema["anyOf"] !== undefined ? "anyOf" : "oneOf";
    allow(schema, [word], where);
    const given = schema[word];
    if (!Array.isArray(given) || given.length === 0) {
      throw fault(`${where}.${word}`, "has to be a list of schemas");
    }
    const choices = given.map((choice, index) =>
      this.read(choice, `${where}.${word}[${index}]`, level + 1)
    );
    if (word === "oneOf" && discriminator(choices) === undefined) {
      const what = "needs objects that one member tells apart by a constant each";
      throw fault(`${where}.oneOf`, what, "write anyOf, or give each a member with another const");
    }
    return { ...annotations(schema, where), [word]: choices };
  }

  #constants(schema: JsonObject, where: string): JsonSchema {
    const word = schema["const"] !== undefined ? "const" : "enum";
    allow(schema, [word, "type"], where);
    const isScalar = (value: Json | undefined) =>
      typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    const given = schema[word];
    if (word === "const") {
      if (!isScalar(given)) {
        throw fault(`${where}.const`, "has to be a text, a number or a boolean");
      }
      return { ...annotations(schema, where), const: given! };
    }
    const isList = Array.isArray(given) && given.length > 0 && given.length <= most.schemas &&
      (given as Json[]).every(isScalar);
    if (!isList) throw fault(`${where}.enum`, "has to be a list of texts, numbers or booleans");
    return { ...annotations(schema, where), enum: given };
  }
}

/** The member that every one of these objects must have, each with a constant of its own. */
export function discriminator(choices: readonly JsonSchema[]): string | undefined {
  const [first, ...others] = choices;
  return Object.keys(first?.properties ?? {}).find((name) => {
    const constants = [first!, ...others].map(({ properties, required }) => {
      const member = Object.hasOwn(properties ?? {}, name) ? properties![name] : undefined;
      return typeof member === "object" && required?.includes(name) ? member.const : undefined;
    });
    return constants.every((constant) => constant !== undefined) &&
      new Set(constants).size === constants.length;
  });
}

function annotations(schema: JsonObject, where: string): JsonSchema {
  const { title, description } = schema;
  for (const [word, value] of Object.entries({ title, description })) {
    if (value !== undefined && typeof value !== "string") {
      throw fault(`${where}.${word}`, "has to be a text");
    }
  }
  return {
    ...(title === undefined ? {} : { title: title as string }),
    ...(description === undefined ? {} : { description: description as string }),
    ...(schema["default"] === undefined ? {} : { default: schema["default"] }),
  };
}

function counts(schema: JsonObject, words: readonly string[], where: string): JsonSchema {
  const found = words.flatMap((word) => {
    const value = schema[word];
    if (value === undefined) return [];
    if (!Number.isSafeInteger(value) || (value as number) < 0) {
      throw fault(`${where}.${word}`, "has to be a whole number, 0 or more");
    }
    return [[word, value]];
  });
  return Object.fromEntries(found);
}

function numbers(schema: JsonObject, where: string): JsonSchema {
  const words = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
  const found = words.flatMap((word) => {
    const value = schema[word];
    if (value === undefined) return [];
    if (typeof value !== "number" || word === "multipleOf" && value <= 0) {
      throw fault(`${where}.${word}`, "has to be a number");
    }
    return [[word, value]];
  });
  return Object.fromEntries(found);
}

function sluiceType(schema: JsonObject, allowed: readonly string[], where: string): JsonSchema {
  const { sluice } = schema;
  if (sluice === undefined) return {};
  if (!sluiceTypes.includes(sluice as string)) {
    throw fault(`${where}.sluice`, `has to be one of ${sluiceTypes.join(", ")}`);
  }
  if (!allowed.includes(sluice as string)) {
    throw fault(`${where}.sluice`, `cannot be ${JSON.stringify(sluice)} with this type`);
  }
  return { sluice: sluice as SluiceType };
}

/** Drops nothing silently: a word that would be ignored is a promise that nobody keeps. */
function allow(schema: JsonObject, words: readonly string[], where: string): void {
  for (const word of Object.keys(schema)) {
    if ([...words, ...described, ...silent].includes(word)) continue;
    throw fault(
      `${where}.${word}`,
      "is a word that has no place in a schema of a step",
      instead[word] ?? `known here: ${[...words, ...described].join(", ")}`,
    );
  }
}

function objectOf(value: unknown, where: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as JsonObject;
  }
  throw fault(where, "has to be a JSON Schema, which is a mapping");
}

function fault(where: string, what: string, hint?: string): ForeignFault {
  return new ForeignFault(`${where} ${what}`, hint);
}
