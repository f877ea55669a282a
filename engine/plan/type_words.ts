import type { ParameterType } from "../document/document.ts";
import type { JsonSchema } from "../schema/json_schema.ts";
import { showSchema } from "../schema/show_schema.ts";

/** What a value of a type must be, in words, and how it is written. */
export const typeWords: Readonly<
  Record<ParameterType, { readonly what: string; readonly hint?: string }>
> = {
  string: { what: "a text" },
  path: { what: "a path", hint: "write for example /srv/app; it holds no comma and no line break" },
  url: {
    what: "an http or https URL without credentials in it",
    hint: "write for example http://127.0.0.1:8080/healthz",
  },
  integer: { what: "a whole number" },
  number: { what: "a number" },
  boolean: { what: "true or false" },
  duration: { what: "a duration", hint: "write for example 250ms, 10s, 5m, 1h or 1m30s" },
  size: { what: "a size", hint: "write for example 512, 10KiB, 64MiB or 2GiB" },
  secret: {
    what: "a reference to a secret, never the secret itself",
    hint: "write env:NAME or file:PATH",
  },
  list: { what: "a list", hint: "write [a, b] in YAML, or a,b on the command line" },
  map: {
    what: "a mapping to texts",
    hint: 'write { key: "value" } in YAML, or {"key": "value"} on the command line',
  },
};

/** What a value of a schema must be, in words: `a duration`, `"none" or a text`. */
export function schemaWords(schema: JsonSchema): string {
  if (schema.sluice !== undefined) return typeWords[schema.sluice].what;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const choices = schema.enum?.map((value) => JSON.stringify(value)) ??
    (schema.anyOf ?? schema.oneOf)?.map(schemaWords);
  if (choices) return [...new Set(choices)].join(" or ");
  switch (schema.type) {
    case "string":
    case "integer":
    case "number":
    case "boolean":
      return typeWords[schema.type].what;
    case "null":
      return "nothing";
    case "array":
      return `a ${showSchema(schema)}`;
    case "object":
      return "a mapping";
    default:
      return showSchema(schema);
  }
}
