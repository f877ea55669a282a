import { printable } from "../../engine/document/printable.ts";
import { BugError, type ExitCode, exitCode } from "../../engine/errors.ts";
import type { Json } from "../../engine/json.ts";
import { describeFaults, type SignatureReport } from "../launch/signed/signature_report.ts";
import type { Asked, Place } from "./port.ts";
import { shownName } from "./shown_name.ts";

/** `sluice verify FILE --keys KEYS`: 0 when a pipeline is as it was signed, else 6. */
export function verify(
  { format }: Asked<"verify">,
  { context, port }: Place,
): ExitCode {
  if (port.signed === undefined) throw new BugError("nothing was verified");
  const { report } = port.signed;
  if (format === "json") port.out(renderJson(report));
  else if (report.ok) port.out(renderText(report, context.cwd));
  else {
    const { message, hint } = describeFaults(report);
    const lines = message.split("\n").map(printable).join("\n");
    port.err(`sluice: ${lines}\n  help: ${printable(hint)}\n`);
  }
  return report.ok ? exitCode.done : exitCode.notAuthorised;
}

function renderText({ file, key, statement }: SignatureReport, cwd: string): string {
  const { files, steps, code, lock, expires } = statement!;
  const list = (names: Readonly<Record<string, string>>) => Object.keys(names).join(", ");
  const others = Object.keys(steps).length;
  const lines: readonly (readonly [string, string])[] = [
    ["signed by", `${key!.name}, key ${key!.key_id}`],
    ["valid", expires === undefined ? "for ever" : `until ${expires}`],
    ["texts", list(files)],
    ...(others === 0 ? [] : [["steps of others", list(steps)] as const]),
    ["code", `${Object.keys(code).length} folders and files of this installation`],
    ["lock", list(lock)],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return [
    `${shownName(file, cwd)} is as it was signed`,
    ...lines.map(([name, text]) => `  ${name.padEnd(width)}  ${printable(text)}`),
  ].join("\n") + "\n";
}

function renderJson(report: SignatureReport): string {
  return JSON.stringify({ schemaVersion: 1, ...report } as unknown as Json, null, 2) + "\n";
}
