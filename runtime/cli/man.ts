import {
  type DocEntry,
  type DocPage,
  formatMessage,
  formatUsage,
  formatUsageTerm,
  getDocPage,
  type Message,
} from "@optique/core";
import { program } from "./definition.ts";
import { exitMeanings } from "./exit_meanings.ts";
import { version } from "./version.ts";

/** The manual page sluice(1), in the macros of man(7), from the definition of the command line. */
export function renderMan(): string {
  const { parser, metadata } = program;
  const root = getDocPage(parser);
  const lines = [
    `.TH SLUICE 1 "" "Sluice ${version}" "User Commands"`,
    ".SH NAME",
    `sluice \\- ${escape(plain(metadata.brief)).toLowerCase().replace(/^/, "")}`,
    ".SH SYNOPSIS",
    ".B sluice",
    ".I COMMAND",
    "[\\fIOPTION\\fR...] [\\fIARGUMENT\\fR...]",
    ".SH DESCRIPTION",
    ...paragraph(
      "Sluice runs pipelines: YAML files of typed steps. Before anything runs, it computes what each " +
        "step may read, write, reach and start; sluice plan shows it, and sluice run starts the " +
        "pipeline with exactly that.",
    ),
    ".SH COMMANDS",
  ];
  for (const { term } of root?.sections.flatMap((section) => section.entries) ?? []) {
    if (term.type !== "command") continue;
    const path = term.name === "log" ? [term.name, "verify"] : [term.name];
    const page = getDocPage(parser, path);
    if (page !== undefined) lines.push(...command(page));
  }
  lines.push(".SH EXIT STATUS", "An unknown code is to be read as a failure.");
  for (const [code, meaning] of exitMeanings) lines.push(".TP", `.B ${code}`, escape(meaning));
  lines.push(
    ".SH ENVIRONMENT",
    ".TP",
    ".B NO_COLOR",
    "When set and not empty, no colours are written.",
    ".TP",
    ".B SLUICE_TOKEN_KEY",
    "Key of the mac in tokens; a run adds one, and sluice tokens verifies it.",
    ".SH FILES",
    ".TP",
    ".I .sluice/runs",
    "A folder for each run: plan, permissions, journal, artifacts.",
    ".TP",
    ".I permissions.lock.json",
    "What each surface may do: written by sluice lock, reviewed, and held to by every launch.",
  );
  return lines.join("\n") + "\n";
}

function command(page: DocPage): readonly string[] {
  const usage = formatUsage("sluice", page.usage ?? []);
  const lines = [`.SS ${escape(usage)}`, ...paragraph(plain(page.description ?? page.brief))];
  for (const { title, entries } of page.sections) {
    if (title !== undefined) lines.push(".PP", `.B ${escape(title)}`);
    for (const entry of entries) lines.push(".TP", `.B ${escape(term(entry))}`, details(entry));
  }
  if (page.footer !== undefined) lines.push(".PP", escape(plain(page.footer)));
  return lines;
}

function term({ term }: DocEntry): string {
  return formatUsageTerm(term, { optionsSeparator: ", " });
}

function details({ description, default: fallback, choices }: DocEntry): string {
  const parts = [plain(description)];
  if (choices !== undefined) parts.push(`One of ${plain(choices)}.`);
  if (fallback !== undefined) parts.push(`Default: ${plain(fallback)}.`);
  return escape(parts.join(" "));
}

function plain(message: Message | undefined): string {
  return message === undefined ? "" : formatMessage(message, { quotes: false });
}

function paragraph(text: string): readonly string[] {
  return [escape(text)];
}

/** Keeps text from being read as a request or an escape of roff. */
function escape(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replace(/^(?=[.'])/, "\\&");
}
