/**
 * A store, a work folder and a package, and the two steps run on them: the installer is started as the
 * launcher starts it, after the same judgement and in the same box.
 *
 * @module
 */
import { exec } from "../../../engine/execute/exec.ts";
import { RefusedError } from "../../../engine/errors.ts";
import { systemClock } from "../../../engine/execute/system_clock.ts";
import { none, type Permissions } from "../../../engine/permissions/permissions.ts";
import type { Box } from "../../../runtime/launch/box.ts";
import { makeBroker } from "../../../runtime/launch/broker.ts";
import { installPackage } from "../../../steps/python/install.ts";
import { findVenv } from "../../../steps/python/venv.ts";
import type { PackageEntries, VenvParams } from "../../../steps/python/venv_params.ts";
import { testContext } from "../../../steps/release/test_bed.ts";
import { project } from "../runner_command.ts";

/** The real file of the system's interpreter. */
export const python = await Deno.realPath("/usr/bin/python3");
/** Wheels of all that our own requirements need, and uv: `.ci/run` fetches both. */
export const wheelhouse = `${project}/artifacts/wheelhouse`;
export const uv = `${project}/artifacts/uv/bin/uv`;

export interface VenvBed {
  readonly params: VenvParams;
  /** Programs that were started, so far. */
  readonly started: string[];
  /** Replaces the package. */
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** Runs both steps. */
  boot(late?: Partial<PackageEntries>, options?: BootOptions): Promise<Booted>;
}

export interface BootOptions {
  readonly params?: Partial<VenvParams>;
  readonly signal?: AbortSignal;
  readonly secrets?: Readonly<Record<string, string>>;
}

export interface Booted {
  readonly venv: Awaited<ReturnType<typeof findVenv.run>>;
  readonly installed: Awaited<ReturnType<typeof installPackage.run>>;
}

/** A new one; `tool` is given as uv, so `""` means pip. */
export async function venvBed(tool: string, given: Partial<VenvParams> = {}): Promise<VenvBed> {
  const root = await Deno.realPath(await Deno.makeTempDir());
  const params: VenvParams = {
    store: `${root}/store`,
    work: `${root}/work`,
    python,
    uv: tool,
    wheelhouse,
    index_url: "",
    certificates: "",
    install_box: "boxed",
    timeout: 300_000,
    keep: 3,
    ...given,
  };
  await Deno.mkdir(params.store, { recursive: true });
  await Deno.mkdir(params.work);
  const folder = `${params.work}/package`;
  const started: string[] = [];
  return {
    params,
    started,
    async write(files) {
      await Deno.remove(folder, { recursive: true }).catch(() => {});
      await Deno.mkdir(folder);
      for (const [name, text] of Object.entries(files)) {
        const path = `${folder}/${name}`;
        await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
        await Deno.writeTextFile(path, text);
      }
    },
    async boot(late = {}, options = {}) {
      const all = { ...params, ...options.params };
      const entries: PackageEntries = {
        package: folder,
        install: "none",
        dependencies: [],
        requires_python: "",
        ...late,
      };
      const context = brokeredContext(findVenv.permissions(all).run, started, options);
      const venv = await findVenv.run({ ...all, ...entries } as never, context);
      const installed = await installPackage.run(
        { ...all, ...entries, key: venv.key } as never,
        context,
      );
      return { venv, installed };
    },
  };
}

const places = { deno: Deno.execPath(), project, cwd: project, runs: "/", tmp: "/tmp" };
const bubblewrap: Box = { kind: "bubblewrap", program: "/usr/bin/bwrap" };

function brokeredContext(set: Permissions, started: string[], options: BootOptions) {
  const { signal = new AbortController().signal, secrets = {} } = options;
  const broker = makeBroker({ set, foreign: {}, programs: {}, folder: "/nowhere" }, bubblewrap, {
    ...places,
  });
  let id = 0;
  return {
    ...testContext({ permissions: none, signal, secrets }),
    exec: (request: Parameters<typeof exec>[0]) =>
      exec(request, {
        step: "test",
        grants: set.run,
        programs: {},
        signal,
        clock: systemClock,
        output: () => ({ piece() {}, end() {} }),
        log: {
          started: ({ program }) => {
            started.push(program);
            return Promise.resolve(() => Promise.resolve());
          },
          refused: () => Promise.resolve(),
        },
        async broker(grant, { program, args, env = {}, show = false }, call) {
          const { signal, stays, output } = call;
          const own = ++id;
          const cancel = () => broker.cancel(own);
          signal.addEventListener("abort", cancel, { once: true });
          const result = await broker.start({
            type: "broker",
            id: own,
            step: "test",
            grant,
            program,
            args,
            env,
            max_output: 2 ** 20,
            show,
            stays,
          }, (stream, text) => Promise.resolve(output(stream, text)));
          signal.removeEventListener("abort", cancel);
          if ("refused" in result) throw new RefusedError(result.refused);
          return result;
        },
      }),
  };
}

/** Runs the active interpreter as the worker's process will be: it writes no compiled files. */
export async function runPython(
  bed: VenvBed,
  code: string,
  paths: readonly string[] = [],
  home = `${bed.params.store}/active`,
): Promise<string> {
  // Nobody knows its path before it is there: a shell may start it, which may start anything.
  const { success, stdout, stderr } = await new Deno.Command("/bin/sh", {
    args: ["-c", 'exec "$@"', "sh", `${home}/bin/python`, "-B", "-c", code],
    clearEnv: true,
    env: { PYTHONPATH: paths.join(":") },
  }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(text.decode(stderr));
  return text.decode(stdout).trim();
}

/** The wheelhouse in a folder of its own, to be added to. */
export async function copyWheelhouse(): Promise<string> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  for await (const { name } of Deno.readDir(wheelhouse)) {
    await Deno.copyFile(`${wheelhouse}/${name}`, `${folder}/${name}`);
  }
  return folder;
}
