import type { Json } from "../../json.ts";

/**
 * JSON as YAML in blocks, for people to read. Texts are plain where no reader of YAML could take them
 * for something else, and quoted as in JSON elsewhere.
 */
export function yamlText(value: Json, indent = 0): string {
  const space = " ".repeat(indent);
  if (Array.isArray(value) && value.length > 0) {
    return value.map((item) => `${space}- ${yamlText(item, indent + 2).trimStart()}`).join("");
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const entries = Object.entries(value);
    if (entries.length > 0) {
      return entries.map(([key, item]) =>
        isBlock(item)
          ? `${space}${scalar(key)}:\n${yamlText(item, indent + 2)}`
          : `${space}${scalar(key)}: ${yamlText(item).trimStart()}`
      ).join("");
    }
  }
  return `${space}${scalar(value)}\n`;
}

function isBlock(value: Json): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

function scalar(value: Json): string {
  const word = typeof value === "string" && /^[A-Za-z_/][A-Za-z0-9_./-]*$/.test(value) &&
    !/^(true|false|null|yes|no|on|off|y|n)$/i.test(value);
  return word ? value : JSON.stringify(value);
}
