/**
 * Boots agent packages as `deno task par` does: launcher, planner, runner in its box, installer in its
 * own, and Python. All boots share one store, so that only the first installs anything.
 *
 * @module
 */
import assert from "node:assert/strict";
import { freePort } from "../../conformance/free_port.ts";
import {
  type Sluice,
  startCommand,
  type StartOptions,
  startSluice,
} from "../../cli/start_sluice.ts";

const pipeline = new URL("../../../pipelines/par/boot.yaml", import.meta.url).pathname;
const agents = new URL("../../fixtures/agents/", import.meta.url).pathname;

/** Folder of the store and the work folder, as the ceiling of the surface names them. */
export function parFolder(): string {
  return `${Deno.env.get("TMPDIR")}/par`;
}

export interface LogLine {
  readonly level: string;
  readonly ts: string;
  readonly agentAppId: string | null;
  readonly event: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly token?: string;
}

export interface Boot extends AsyncDisposable {
  readonly sluice: Sluice;
  readonly rest: string;
  readonly ports: { readonly rest: number; readonly a2a: number; readonly ui: number };
  /** Settles when `/health` answers 200; fails when the boot ends before. */
  ready(): Promise<void>;
  /** Tells the launcher to end, and waits for it. */
  end(): Promise<{ readonly code: number; readonly lines: readonly LogLine[] }>;
  /** How it ended by itself. */
  ended(): Promise<{ readonly code: number; readonly lines: readonly LogLine[] }>;
}

/** A folder for packages, in reach of the ceiling. */
export async function packages(): Promise<string> {
  await Deno.mkdir(parFolder(), { recursive: true });
  return await Deno.makeTempDir({ dir: parFolder() });
}

/** A zip of a folder of `tests/fixtures/agents`, made by Python. */
export async function pack(agent: string, into?: string): Promise<string> {
  const folder = `${agents}${agent}`;
  const file = `${into ?? await packages()}/${agent}.apkg`;
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  const { success } = await new Deno.Command("/usr/bin/python3", {
    args: ["-m", "zipfile", "-c", file, ...names],
    cwd: folder,
  }).output();
  assert.ok(success);
  return file;
}

export interface BootOptions {
  /** Where the store and the work folder are. */
  readonly top?: string;
  /** Whether somebody accepts what `sluice plan` says, beyond the ceiling of the surface. */
  readonly accepted?: boolean;
  /** The folder of a kit of the surface, which is started instead of this checkout. */
  readonly kit?: string;
  /** See `StartOptions`. */
  readonly before?: StartOptions["before"];
}

/** Boots with this environment beside what every boot has. */
export async function boot(
  more: Readonly<Record<string, string>>,
  { top = parFolder(), accepted = false, kit, before }: BootOptions = {},
): Promise<Boot> {
  for (const folder of [`${top}/agent-venv`, `${top}/agent-runtime`, `${top}-runs`]) {
    await Deno.mkdir(folder, { recursive: true });
  }
  const ports = { rest: freePort(), a2a: freePort(), ui: freePort() };
  const runs = `${top}-runs`;
  const env = {
    TMPDIR: top,
    AGENT_APP_ID: "a-1",
    AGENT_WORK_DIR: `${top}/agent-runtime`,
    AGENT_VENV_STORE: `${top}/agent-venv`,
    REST_PORT: String(ports.rest),
    A2A_PORT: String(ports.a2a),
    UI_PORT: String(ports.ui),
    ...more,
  };
  const what = accepted ? await acceptance(runs, env) : ["--surface", "par"];
  const args = ["run", ...what, "--tokens", "agent-log", "--runs", runs];
  const sluice = kit === undefined
    ? startSluice(args, { cwd: runs, env, ...(before === undefined ? {} : { before }) })
    : startCommand([`${kit}/start`], { cwd: runs, env });
  const told = async () => {
    const { code, stdout, stderr } = await sluice.ended;
    assert.equal(stderr, "");
    return { code, lines: stdout.trim().split("\n").map((line) => JSON.parse(line) as LogLine) };
  };
  const kill = () => {
    try {
      sluice.process.kill("SIGTERM");
    } catch {
      // It has ended.
    }
  };
  return {
    sluice,
    ports,
    rest: `http://127.0.0.1:${ports.rest}`,
    async ready() {
      await sluice.said("/health answers 200");
    },
    end() {
      kill();
      return told();
    },
    ended: told,
    async [Symbol.asyncDispose]() {
      kill();
      await sluice.ended;
      await Deno.remove(`${top}/agent-venv/boot_failures.json`).catch(() => {});
    },
  };
}

/** The pipeline by its file, and the set that its plan asks somebody to accept. */
async function acceptance(
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const planned = await startSluice(["plan", pipeline], { cwd, env }).ended;
  const [, set] = / --accept (sha256:[0-9a-f]{64})$/m.exec(planned.stdout) ?? [];
  assert.ok(set !== undefined, planned.stderr);
  return [pipeline, "--accept", set];
}

/** Status and body of a request. */
export async function get(url: string, init?: RequestInit): Promise<[number, string]> {
  const response = await fetch(url, init);
  return [response.status, await response.text()];
}
