/**
 * Runs a piece of code in a Deno of its own, with flags, to see what is true of it.
 *
 * @module
 */
import assert from "node:assert/strict";

export interface ProbeOptions {
  /** Permissions and what else comes before the script. */
  readonly flags?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whether nothing of our own environment is passed on. */
  readonly clearEnv?: boolean;
  readonly cwd?: string;
  /** Names of variables that it is given whose values are JSON. */
  readonly given?: Readonly<Record<string, unknown>>;
}

/**
 * Flags with which a probe finds the packages of the project, as its lock file has them: by a version
 * of its own it would need what the registry says of it, which nothing may have asked for yet.
 */
export const cachedOnly = [
  "--cached-only",
  "--frozen",
  `--config=${new URL("../../deno.json", import.meta.url).pathname}`,
];

/** A folder of a test's own. */
export async function folder(): Promise<string> {
  return await Deno.realPath(await Deno.makeTempDir());
}

/**
 * What the code returns, by way of JSON. `tries(work)` in it is `works`, or the name of the error.
 */
export async function probe(code: string, options: ProbeOptions = {}): Promise<unknown> {
  const { code: exit, stdout, stderr } = await run(await script(code, options.given), options);
  const result = stdout.split("\n").find((line) => line.startsWith("result "));
  assert.ok(result !== undefined, `it ended with ${exit}: ${stdout}${stderr}`);
  return JSON.parse(result.slice("result ".length));
}

/** A file with code that prints what it returns. */
export async function script(code: string, given: ProbeOptions["given"] = {}): Promise<string> {
  const path = `${await folder()}/probe.ts`;
  const names = Object.entries(given).map(([name, value]) =>
    `const ${name} = ${JSON.stringify(value)};`
  );
  await Deno.writeTextFile(
    path,
    `
async function tries(work) {
  try {
    await work();
    return "works";
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}
const read = (path) => tries(() => Deno.readTextFile(path));
const write = (path) => tries(() => Deno.writeTextFile(path, "x"));
const start = (program, args = [], options = {}) =>
  tries(async () => {
    const { success } = await new Deno.Command(program, { args, ...options }).output();
    if (!success) throw new Deno.errors.Http("it failed");
  });
const reach = (hostname, port) =>
  tries(async () => {
    try {
      (await Deno.connect({ hostname, port })).close();
    } catch (error) {
      // Nobody is there: the sandbox let it through.
      if (error instanceof Deno.errors.NotCapable) throw error;
    }
  });
const decoder = new TextDecoder();
${names.join("\n")}
const result = await (async () => {
${code}
})();
console.log("result " + JSON.stringify(result));
`,
  );
  return path;
}

/** Starts a script and waits for its end. */
export async function run(
  path: string,
  { flags = [], args = [], env = {}, clearEnv = false, cwd }: ProbeOptions = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  return await deno(["run", "--quiet", "--no-prompt", "--no-check", ...flags, path, ...args], {
    env,
    clearEnv,
    ...(cwd === undefined ? {} : { cwd }),
  });
}

/** Starts Deno with any arguments. */
export async function deno(
  args: readonly string[],
  { env = {}, clearEnv = false, cwd }: Pick<ProbeOptions, "env" | "clearEnv" | "cwd"> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...env },
    clearEnv,
    stdin: "null",
    ...(cwd === undefined ? {} : { cwd }),
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
