import { bubblewrapPaths } from "../../launch/find_box.ts";
import { launcherFlags } from "../sluice.ts";

/** Where a boot has everything, and whom it answers. */
export interface BootPlaces {
  readonly project: string;
  /** Folder of the environments and of the work folder. */
  readonly top: string;
  readonly runs: string;
  readonly ports: { readonly rest: number; readonly a2a: number; readonly ui: number };
}

/** A runtime at work. */
export interface Booting extends AsyncDisposable {
  /** Settles with the line that says so, or with none where it ended before. */
  told(text: string): Promise<string | undefined>;
  /** Tells it to end. */
  stop(): void;
  /** Exit code, after its end. */
  readonly ended: Promise<number>;
}

/** Whether this machine makes boxes: where not, the installer is in none either, and says so. */
export function makesBoxes(): boolean {
  return bubblewrapPaths.some((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}

/** Boots as `deno task par` does; the log goes on to our standard output, line by line. */
export function boot(places: BootPlaces, env: Readonly<Record<string, string>>): Booting {
  const { project, top, runs, ports } = places;
  const args = ["run", "--surface", "par", "--tokens", "agent-log", "--runs", runs];
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...launcherFlags(Deno.execPath()), `${project}/runtime/launch/main.ts`, ...args],
    cwd: top,
    env: {
      TMPDIR: top,
      AGENT_APP_ID: "hello",
      AGENT_WORK_DIR: `${top}/agent-runtime`,
      AGENT_VENV_STORE: `${top}/agent-venv`,
      AGENT_BOX: makesBoxes() ? "boxed" : "container",
      REST_PORT: String(ports.rest),
      A2A_PORT: String(ports.a2a),
      UI_PORT: String(ports.ui),
      ...env,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const follow = async () => {
    let rest = "";
    for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) {
      const whole = (rest + piece).split("\n");
      rest = whole.pop()!;
      for (const line of whole) {
        console.log(line);
        lines.push(line);
      }
      for (const look of waiting) look();
    }
  };
  const ended = Promise.all([child.status, follow()]).then(([{ code }]) => code);
  const stop = () => {
    try {
      child.kill("SIGTERM");
    } catch {
      // It has ended.
    }
  };
  return {
    told: (text) =>
      new Promise((resolve) => {
        const look = () => {
          const found = lines.find((line) => line.includes(text));
          if (found !== undefined) resolve(found);
        };
        waiting.add(look);
        look();
        void ended.then(() => resolve(undefined));
      }),
    stop,
    ended,
    async [Symbol.asyncDispose]() {
      stop();
      await ended;
    },
  };
}
