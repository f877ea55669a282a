import type { Entry, Node } from "../document/document.ts";
import type { Faults } from "../document/faults.ts";
import { type Fields, readFields } from "../document/read_fields.ts";
import { readBoolean, readText, wrongType } from "../document/read_scalar.ts";
import { textKinds } from "../permissions/grants.ts";
import {
  type Permissions,
  permissions,
  type ProgramBox,
  type ProgramGrant,
} from "../permissions/permissions.ts";
import { judgePath, readEntries } from "./read_entries.ts";
import { boxShape, moduleShape, programShape } from "./surface_shape.ts";

/** Reads one program of a ceiling; `undefined` where it has no name, or a fault in it. */
export function parseProgram(node: Node, report: Faults): ProgramGrant | undefined {
  const fields = readFields(node, programShape, report);
  const brokered = readBoolean(fields.get("brokered"), report)?.value === true;
  const program = readProgram(fields, brokered, report);
  const box = parseBox(fields.get("box"), brokered, report);
  const deno = parseModule(fields, brokered, report);
  const args = readArguments(fields.get("args"), report);
  const env = fields.get("env");
  const names = env === undefined ? [] : readEntries(env, "env", report).map(({ value }) => value);
  if (program === undefined) return undefined;
  return {
    program,
    args,
    env: names,
    ...(brokered ? { brokered } : {}),
    ...(box === undefined ? {} : { box }),
    ...(deno === undefined ? {} : { deno }),
  };
}

function readProgram(fields: Fields, brokered: boolean, report: Faults): string | undefined {
  const text = readText(fields.get("program"), report);
  if (text === undefined) return undefined;
  const { value, span } = text;
  if (/^[A-Za-z0-9][A-Za-z0-9._+-]*$/.test(value)) return value;
  if (!value.startsWith("/") && !value.startsWith("${")) {
    const message = `${JSON.stringify(value)} is no program`;
    const hint = "write a bare name, which is looked for in the system's folders, or a path";
    report.error("bad-program", span, message, hint);
    return undefined;
  }
  if (!judgePath(text, "", report)) return undefined;
  if (value.split("/").includes("*") && !brokered) {
    const message = `${JSON.stringify(value)} holds *, which only a brokered program may`;
    report.error("bad-program", span, message, "write the path out, or add brokered: true");
    return undefined;
  }
  return value;
}

function readArguments(entry: Entry | undefined, report: Faults): readonly string[] {
  if (entry === undefined) return [];
  const { key, value: node } = entry;
  if (node.kind !== "list") {
    const hint = "there is no shell: each argument is an element, as in [-s, --, releases/*]";
    wrongType(node, key, "a list of arguments", report, hint);
    return [];
  }
  return node.items.flatMap((item, index) => {
    if (item.kind !== "scalar" || typeof item.value !== "string") {
      const hint = item.kind === "scalar" && item.value !== null
        ? `quote it: "${item.value}"`
        : undefined;
      wrongType(item, "an argument", "a text", report, hint);
      return [];
    }
    if (item.value === "**" && index < node.items.length - 1) {
      const message = "** stands for all arguments that follow: it has to be the last";
      report.error("bad-shape", item.span, message, "write * for one argument");
    }
    const named = /^(?:[A-Za-z-]+[:=])?\$\{(?:project|runs|tmp)\}(?:\/|$)/;
    if (item.value.includes("${") && !named.test(item.value)) {
      const message = `${JSON.stringify(item.value)} holds a word that is not put in`;
      const hint = "an argument may begin with ${project}, ${runs} or ${tmp}, or --NAME= before it";
      report.error("bad-word", item.span, message, hint);
    }
    return [item.value];
  });
}

function parseModule(program: Fields, brokered: boolean, report: Faults): Permissions | undefined {
  const entry = program.get("deno");
  if (entry === undefined) return undefined;
  const fields = readFields(entry.value, moduleShape, report);
  if (!brokered || program.get("box") !== undefined) {
    const message = "only a brokered program without a box may be a module that Deno runs";
    const hint = brokered ? "remove box: its set is its box" : "add brokered: true";
    report.error("bad-program", entry.keySpan, message, hint);
  }
  const entries = textKinds.map((kind) => {
    const list = fields.get(kind);
    const read = list === undefined ? [] : readEntries(list, kind, report);
    return [kind, read.map(({ value }) => value)];
  });
  return permissions(Object.fromEntries(entries));
}

function parseBox(
  entry: Entry | undefined,
  brokered: boolean,
  report: Faults,
): ProgramBox | undefined {
  if (entry === undefined) return undefined;
  const fields = readFields(entry.value, boxShape, report);
  if (!brokered) {
    const message = "only a brokered program has a box of its own";
    report.error("bad-program", entry.keySpan, message, "add brokered: true, or remove box");
  }
  const paths = (kind: "read" | "write") => {
    const list = fields.get(kind);
    return list === undefined ? [] : readEntries(list, kind, report).map(({ value }) => value);
  };
  return {
    read: paths("read"),
    write: paths("write"),
    network: readBoolean(fields.get("network"), report)?.value === true,
  };
}
