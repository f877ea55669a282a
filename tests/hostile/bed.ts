/**
 * Where hostile steps are let loose: a folder, listeners, and what they would like to have.
 *
 * @module
 */
import assert from "node:assert/strict";
import { folderWith } from "../cli/folder_with.ts";

/** Nothing of it is of the machine at large. */
export interface Bed {
  /** Where the pipeline is, and all below. */
  readonly folder: string;
  /** A file that no step may read. */
  readonly secret: string;
  /**
   * A folder that may be granted, with links: `link` to the secret, `system` to /etc/hostname,
   * `runs` to where runs are kept.
   */
  readonly open: string;
  /** The folder of another run, which is not at work. */
  readonly other: string;
  /** A folder that may be written, with the folder `data` and the link `trap`, which leads out. */
  readonly swap: string;
  /** Another such folder. */
  readonly swapOwn: string;
  /** A port on loopback that is granted, which redirects to the other. */
  readonly granted: number;
  /** A port on loopback that nobody is granted. */
  readonly port: number;
  /** A Unix socket that nobody is granted. */
  readonly socket: string;
  /** Connections so far to what nobody is granted. */
  connections(): number;
  close(): Promise<void>;
}

/** What stands in the secret file. */
export const secretText = "kept from every step";

export async function makeBed(): Promise<Bed> {
  const folder = await folderWith({ "secret.txt": secretText, "spare.txt": "spare" });
  const open = `${folder}/open`;
  await Deno.mkdir(open);
  await link(`${folder}/secret.txt`, `${open}/link`);
  await link("/etc/hostname", `${open}/system`);
  await Deno.mkdir(`${folder}/tools`);
  await link("/bin/sh", `${folder}/tools/hello`);
  const runs = `${folder}/.sluice/runs`;
  const other = `${runs}/20200101T000000Z-other`;
  await Deno.mkdir(`${other}/artifacts`, { recursive: true });
  await Deno.writeTextFile(`${other}/journal.jsonl`, `{"type":"run.started"}\n`);
  await Deno.writeTextFile(`${other}/plan.json`, secretText);
  await link(runs, `${open}/runs`);
  const swap = `${folder}/swap`;
  const swapOwn = `${folder}/swap-own`;
  for (const name of [`${swap}/data`, `${swapOwn}/data`, `${folder}/kept`]) {
    await Deno.mkdir(name, { recursive: true });
    await Deno.writeTextFile(`${name}/file`, name === `${folder}/kept` ? secretText : "own");
  }
  for (const name of [swap, swapOwn]) await link(`${folder}/kept`, `${name}/trap`);
  let connections = 0;
  const count = async (listener: Deno.Listener) => {
    for await (const connection of listener) {
      connections++;
      connection.close();
    }
  };
  const target = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = target.addr as Deno.NetAddr;
  const socket = `${Deno.env.get("TMPDIR")}/s`;
  await Deno.remove(socket).catch(() => {});
  const unix = Deno.listen({ transport: "unix", path: socket });
  const counting = [count(target), count(unix)];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    return Response.redirect(`http://127.0.0.1:${port}/`);
  });
  return {
    folder,
    secret: `${folder}/secret.txt`,
    open,
    other,
    swap,
    swapOwn,
    granted: server.addr.port,
    port,
    socket,
    connections: () => connections,
    async close() {
      target.close();
      unix.close();
      await Promise.all(counting);
      await server.shutdown();
    },
  };
}

async function link(to: string, path: string): Promise<void> {
  const { success } = await new Deno.Command("/usr/bin/ln", { args: ["-s", to, path] }).output();
  assert.ok(success);
}
