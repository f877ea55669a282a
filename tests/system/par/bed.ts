/**
 * Boots agent packages as `deno task par` does: launcher, planner, runner in its box, installer in its
 * own, and Python. All boots share one store, so that only the first installs anything.
 *
 * @module
 */
import assert from "node:assert/strict";
import { freePort } from "../../conformance/free_port.ts";
import { type Sluice, startSluice } from "../../cli/start_sluice.ts";

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

/** Boots with this environment beside what every boot has. */
export async function boot(
  env: Readonly<Record<string, string>>,
  top: string = parFolder(),
): Promise<Boot> {
  for (const folder of [`${top}/agent-venv`, `${top}/agent-runtime`, `${top}-runs`]) {
    await Deno.mkdir(folder, { recursive: true });
  }
  const ports = { rest: freePort(), a2a: freePort(), ui: freePort() };
  const runs = `${top}-runs`;
  const sluice = startSluice(["run", "--surface", "par", "--tokens", "agent-log", "--runs", runs], {
    cwd: runs,
    env: {
      TMPDIR: top,
      AGENT_APP_ID: "a-1",
      AGENT_WORK_DIR: `${top}/agent-runtime`,
      AGENT_VENV_STORE: `${top}/agent-venv`,
      REST_PORT: String(ports.rest),
      A2A_PORT: String(ports.a2a),
      UI_PORT: String(ports.ui),
      ...env,
    },
  });
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

/** Status and body of a request. */
export async function get(url: string, init?: RequestInit): Promise<[number, string]> {
  const response = await fetch(url, init);
  return [response.status, await response.text()];
}
