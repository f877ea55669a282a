/**
 * What somebody would do who has no runtime: an environment of Python, the same packages by pip, and
 * uvicorn with the same agent on a port.
 *
 * @module
 */
import { freePort } from "../conformance/free_port.ts";

const project = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");
const requirements = `${project}/steps/python/installer/base_requirements.txt`;

const app = `from fastapi import FastAPI
from sample.routes import mount

app = FastAPI()
mount(app)
`;

/**
 * Removes the environment. `rm` does, because Deno lets nobody remove a folder that lies above a program
 * which may be run.
 */
export function removeByHand(folder: string): Promise<void> {
  return must("/usr/bin/rm", ["-rf", "--", folder]);
}

/** Makes the environment in a folder that is not there yet. */
export async function installByHand(folder: string, wheels: string): Promise<void> {
  await must("/usr/bin/python3", ["-m", "venv", folder]);
  const from = ["--quiet", "--no-index", "--find-links", wheels];
  await must(`${folder}/bin/python`, ["-m", "pip", "install", ...from, "-r", requirements]);
  await Deno.writeTextFile(`${folder}/app.py`, app);
}

export interface ByHand extends AsyncDisposable {
  readonly url: string;
}

/** Serves the sample agent from the environment, and waits until it answers. */
export async function serveByHand(folder: string): Promise<ByHand> {
  const port = freePort();
  const child = new Deno.Command(`${folder}/bin/python`, {
    args: ["-m", "uvicorn", "app:app", "--port", String(port), "--no-access-log"],
    cwd: folder,
    env: { PYTHONPATH: `${project}/tests/fixtures/agents/sample/src` },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const url = `http://127.0.0.1:${port}`;
  await answers(`${url}/api/ping`);
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
    },
  };
}

/** Asks, again and again, until it is answered with 200. */
export async function answers(url: string): Promise<void> {
  for (;;) {
    const status = await fetch(url).then(async (response) => {
      await response.body?.cancel();
      return response.status;
    }, () => 0);
    if (status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function must(program: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args: [...args] }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
