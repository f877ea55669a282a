import { denoFlags } from "../../../engine/permissions/deno_flags.ts";
import { permissions } from "../../../engine/permissions/permissions.ts";
import { union } from "../../../engine/permissions/union.ts";
import type { Kit } from "./kit.ts";

/** Stands in a command for the folder of the kit. No path, host or name can hold it. */
export const kitWord = "\0";

/**
 * The command that runs a kit. That of a binary is in it; else it is Deno with exactly the flags of its set. What the engine needs for
 * itself stands beside it: reading the kit's plan, and the folder of the runs.
 *
 * No compiled code is kept either: a step that could write it could change what the next run executes.
 *
 * @throws RefusedError for what no flag can say exactly
 */
export function kitCommand(kit: Kit): readonly [program: string, ...args: string[]] {
  if (kit.form === "binary") return [`${kitWord}/${kit.surface}`];
  const flags = kitFlags(kit).map((flag) =>
    flag.replace(/^--allow-read=/, (name) => `${name}${kitWord}/plan.json,`)
  );
  return [
    `${kitWord}/deno`,
    ...["run", "--quiet", "--cached-only", ...closed],
    ...flags,
    `${kitWord}/runner.js`,
    ...["--plan", `${kitWord}/plan.json`],
    ...runnerArguments(kit),
  ];
}

/**
 * What `deno compile` is given to make a kit's binary: the same flags, but that the plan is in the
 * binary and need not be read.
 */
export function binaryArguments(kit: Kit, entry: string): readonly string[] {
  return [...closed, ...kitFlags(kit), entry, ...runnerArguments(kit)];
}

/**
 * Nothing is asked, configured, fetched or kept. Without the last, code of a few hosts on the
 * internet could be imported, which needs no grant.
 */
const closed = [
  "--no-prompt",
  "--no-config",
  "--no-remote",
  "--no-npm",
  "--no-code-cache",
  "--deny-import",
];

function kitFlags({ set, programs, runs }: Kit): readonly string[] {
  const engine = permissions({ read: [runs], write: [runs] });
  return denoFlags(union(engine, set), { programs });
}

/** What the runner of a kit is told, whatever form it has. A person may add to it. */
function runnerArguments({ programs, runs }: Kit): readonly string[] {
  return [
    ...["--runs", runs, "--go-on"],
    ...Object.entries(programs).sort().flatMap(([name, path]) => ["--program", `${name}=${path}`]),
  ];
}

/** Variables that Deno itself reads: where certificates are, and whether to colour. */
const ofDeno = [
  "DENO_CERT",
  "DENO_TLS_CA_STORE",
  "NODE_EXTRA_CA_CERTS",
  "NO_COLOR",
  "SSL_CERT_DIR",
  "SSL_CERT_FILE",
] as const;

/** The whole environment of a kit's process. */
export interface KitEnvironment {
  /** Always so. Deno keeps nothing, as a device holds no folder, and finds no file of a user's. */
  readonly fixed: Readonly<Record<string, string>>;
  /** Handed on where they are set. */
  readonly passed: readonly string[];
}

/** The variables that a kit's process gets: those that its set names, and those of Deno. */
export function kitEnvironment({ set }: Kit): KitEnvironment {
  const fixed = { DENO_DIR: "/dev/null", DENO_NO_UPDATE_CHECK: "1", HOME: kitWord };
  return {
    fixed: Object.fromEntries(Object.entries(fixed).filter(([name]) => !set.env.includes(name))),
    passed: [...new Set([...ofDeno, ...set.env])].sort(),
  };
}
