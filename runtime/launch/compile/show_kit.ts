import { pathCovers } from "../../../engine/permissions/path.ts";
import { type Kit, unitName } from "./kit.ts";
import { sumsName } from "./kit_files.ts";
import type { LauncherKit } from "./launcher_kit/launcher_kit.ts";
import type { KitContent } from "./writer_job.ts";

/** What people are told once a kit is made. */
export function showKit(
  { surface, set, setDigest }: Kit,
  { made, start, project, unit, elsewhere = false }: {
    readonly made: "compiled" | "installed";
    readonly start: string;
    /** Where the checkout lies: a machine that the kit is copied to has none. */
    readonly project: string;
    /** Path of the unit, where it was put in place. */
    readonly unit?: string;
    /** It was put below a folder, from which a machine is made. */
    readonly elsewhere?: boolean;
  },
): string {
  const ours = [...new Set([...set.read, ...set.write])]
    .filter((path) => made === "compiled" && pathCovers(project, path));
  const lines = [
    `${surface} is ${made}, with the set ${setDigest}`,
    `  run it      ${start}`,
    ...ours.length === 0 ? [] : [
      `  note        it uses this checkout: ${ours.join(", ")} ${
        ours.length === 1 ? "has" : "have"
      } to be on the machine, too`,
    ],
    ...unit === undefined ? [] : [
      `  unit        ${unit}`,
      elsewhere
        ? `  start it    systemctl start ${unitName(surface)}, on the machine that is made of it`
        : `  start it    systemctl daemon-reload && systemctl start ${unitName(surface)}`,
    ],
  ];
  return `${lines.join("\n")}\n`;
}

/** The same for a kit of an open surface. */
export function showLauncherKit(
  { surface, pipelines, runs, unit }: LauncherKit,
  folder: string,
): string {
  const lines = [
    `${surface} is compiled, with its launcher and its ceiling`,
    `  run it      ${folder}/start${pipelines.length === 1 ? "" : " PIPELINE"}`,
    `  all else    ${folder}/sluice --help`,
    `  runs        ${runs}`,
    ...unit === undefined ? [] : [`  unit        ${folder}/${unitName(surface)}.service`],
  ];
  return `${lines.join("\n")}\n`;
}

/** What is uninstalled leaves its runs, where there were any. */
export function showUninstalled(surface: string, runs: string, areThere: boolean): string {
  return `${surface} is uninstalled${areThere ? `; its runs are left, in ${runs}` : ""}\n`;
}

/** Code that was bundled: it is named instead of shown. */
const long = new Set(["runner.js"]);

/** Everything that would be written, and where; for `--dry-run`. */
export function showContent({ files, program }: KitContent, home: string, unit: string): string {
  const size = (text: string) => new TextEncoder().encode(text).length;
  const list = [
    ...files.map(({ name, mode, text }) => ({ name, mode, size: `${size(text)} bytes` })),
    { name: sumsName, mode: 0o644, size: "the SHA-256 of each" },
    { name: program.name, mode: 0o755, size: `copy of ${program.from ?? "what is made"}` },
  ].map((file) => `${file.mode.toString(8)}  ${home}/${file.name}  ${file.size}`);
  const shown = files.filter(({ name }) => !long.has(name)).map(({ name, text }) => {
    const path = name.endsWith(".service") ? unit : `${home}/${name}`;
    return `\n=== ${path}\n${text}`;
  });
  return `would be written:\n${list.join("\n")}\n644  ${unit}\n${shown.join("")}`;
}
