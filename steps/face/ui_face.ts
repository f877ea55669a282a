import { createServer } from "node:http";
import type { OpenFace } from "./a2a_face.ts";
import { answerWith } from "./answer_with.ts";
import { drainable } from "./drain_server.ts";
import { listenOn } from "./listen_on.ts";
import { pathBelow } from "./routes.ts";
import { serveFile } from "./static_files.ts";

export interface UiOptions {
  readonly hostname: string;
  readonly port: number;
  /** Folder of the files. */
  readonly root: string;
  /** Path below which they are served; `""` is the root. */
  readonly base: string;
}

/**
 * Opens the UI face: the files of one folder.
 *
 * @throws FailedError when the port is taken: never another is used
 */
export async function openUi({ hostname, port, root, base }: UiOptions): Promise<OpenFace> {
  const routes = {
    fetch(request: Request): Response | Promise<Response> {
      const below = pathBelow(new URL(request.url).pathname, base);
      return below === undefined
        ? Response.json({ error: "not found" }, { status: 404 })
        : serveFile(root, below === "" ? "/" : below, request);
    },
  };
  const server = createServer((request, response) => void answerWith(routes, request, response));
  const connections = drainable(server);
  const bound = await listenOn(server, hostname, port);
  return {
    port: bound,
    drain: async (ms, sleep) => void await connections.drain(ms, sleep),
  };
}
