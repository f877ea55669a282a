/**
 * What the tests of packing and staging share: a source, keys, and a step's context that starts real
 * programs under exactly the grants that the step declares.
 *
 * @module
 */
import { exec } from "../../engine/execute/exec.ts";
import { systemClock } from "../../engine/execute/system_clock.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import type { SecretRef } from "../../engine/schema/types.ts";
import type { RunFacts, StepContext } from "../../engine/step.ts";
import type { SigningKey } from "../../engine/trust/signing_key.ts";

/** A context that remembers what was said. */
export interface TestContext extends StepContext {
  readonly notes: string[];
  readonly artifacts_: string[];
  readonly masked: string[];
  /** Each list of arguments that `ln` was started with. */
  readonly started: (readonly string[])[];
}

export interface TestContextOptions {
  readonly permissions?: Permissions;
  readonly signal?: AbortSignal;
  readonly run?: string;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly resumed?: boolean;
  /** Why the run is being undone. */
  readonly failure?: RunFacts["failure"];
  onProgress?(): void;
}

export function testContext(options: TestContextOptions = {}): TestContext {
  const { signal = new AbortController().signal, run = "r1", secrets = {} } = options;
  const notes: string[] = [];
  const masked: string[] = [];
  const artifacts_: string[] = [];
  const started: (readonly string[])[] = [];
  return {
    id: "test",
    run: {
      id: run,
      pid: Deno.pid,
      resumed: options.resumed === true,
      asked: new AbortController().signal,
      whenUp: () => {},
      done: [],
      ...(options.failure === undefined ? {} : { failure: options.failure }),
    },
    signal,
    scope: new AsyncDisposableStack(),
    notes,
    masked,
    artifacts_,
    started,
    emit: {
      note: (text) => void notes.push(text),
      progress: () => options.onProgress?.(),
      artifact: (path) => void artifacts_.push(path),
      output: () => {},
    },
    clock: systemClock,
    random: () => 0.5,
    start: () => Promise.reject(new Error("no program may be left alive")),
    lost: (error) => notes.push(error.message),
    exec(request) {
      started.push(request.args);
      return exec(request, {
        step: "test",
        grants: options.permissions?.run ?? [],
        programs: { ln: "/usr/bin/ln" },
        signal,
        clock: systemClock,
        output: () => ({ piece() {}, end() {} }),
        log: {
          started: () => Promise.resolve(() => Promise.resolve()),
          refused: () => Promise.resolve(),
        },
      });
    },
    open: (path, open) => Deno.open(path, open),
    secret(ref: SecretRef) {
      const value = secrets[ref];
      return value === undefined
        ? Promise.reject(new Error(`nobody expected the secret ${ref}`))
        : Promise.resolve(value);
    },
    mask: (value) => void masked.push(value),
    scratch: () => Deno.makeTempDir(),
    artifacts: () => Deno.makeTempDir(),
  };
}

/** A source tree: text is a file, `{ link }` a link, `{ run }` a file that may be executed. */
export type Tree = Readonly<Record<string, string | { link: string } | { run: string } | null>>;

/** Writes a tree; a `null` is an empty folder. Makes links, so it needs wider rights than a step. */
export async function writeTree(folder: string, tree: Tree): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  for (const [path, what] of Object.entries(tree)) {
    const at = `${folder}/${path}`;
    await Deno.mkdir(at.slice(0, at.lastIndexOf("/")), { recursive: true });
    if (what === null) await Deno.mkdir(at);
    else if (typeof what === "string") await Deno.writeTextFile(at, what, { mode: 0o644 });
    else if ("run" in what) await Deno.writeTextFile(at, what.run, { mode: 0o755 });
    else await link(what.link, at);
  }
  return folder;
}

/** Makes a link with the program `ln`, which the tests may start. */
async function link(target: string, path: string): Promise<void> {
  const { success } = await new Deno.Command("/usr/bin/ln", { args: ["-s", "--", target, path] })
    .output();
  if (!success) throw new Error(`cannot link ${path}`);
}

/** Everything below a folder: `mode content`, `-> target` or `folder mode`, by path. */
export function readTree(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (inside: string) => {
    for (const { name } of Deno.readDirSync(`${folder}/${inside}`)) {
      const path = inside === "" ? name : `${inside}/${name}`;
      const info = Deno.lstatSync(`${folder}/${path}`);
      const mode = ((info.mode ?? 0) & 0o7777).toString(8);
      if (info.isSymlink) found[path] = `-> ${Deno.readLinkSync(`${folder}/${path}`)}`;
      else if (info.isDirectory) {
        found[path] = `folder ${mode}`;
        walk(path);
      } else found[path] = `${mode} ${Deno.readTextFileSync(`${folder}/${path}`)}`;
    }
  };
  walk("");
  return found;
}

/** A fresh signing key; its public half is written to `FOLDER/NAME.pub`. */
export async function makeKey(
  folder: string,
  name: string,
): Promise<{ readonly pem: string; readonly key: SigningKey }> {
  const { readSigningKey } = await import("../../engine/trust/signing_key.ts");
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
    "sign",
    "verify",
  ]);
  const pem = toPem("PRIVATE KEY", await crypto.subtle.exportKey("pkcs8", pair.privateKey));
  const spki = await crypto.subtle.exportKey("spki", pair.publicKey);
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/${name}.pub`, toPem("PUBLIC KEY", spki));
  return { pem, key: await readSigningKey(pem, () => Promise.resolve("")) };
}

function toPem(label: string, der: ArrayBuffer): string {
  return `-----BEGIN ${label}-----\n${new Uint8Array(der).toBase64()}\n-----END ${label}-----\n`;
}
