/**
 * The process in which the handlers of an agent in TypeScript run:
 *
 *     main.ts CONTROL_SOCKET REST_SOCKET
 *
 * It connects to the control socket, on which the runtime listens, says hello and does what it is told
 * in JSON lines: `load`, `invoke`, `cancel`, `stop`. What the agent answers on HTTP is served on the
 * REST socket. The messages, and what the other side believes of them, are in
 * ../worker/worker_protocol.ts.
 *
 * The agent's code runs here, with the permissions of this process: those that its manifest declares,
 * its package to read, and these sockets. Nothing here is hidden from it, and nothing here is worth
 * having. It ends when it is told to, or when the control connection ends.
 *
 * @module
 */
import type { LoadOrder } from "../worker/worker_protocol.ts";
import { Actions } from "./actions.ts";
import { Control } from "./control.ts";
import { loadHandlers } from "./load_handlers.ts";
import { serveRest } from "./serve_rest.ts";

if (import.meta.main) await work(Deno.args[0]!, Deno.args[1]!);

async function work(controlPath: string, restPath: string): Promise<void> {
  // Who tells a group of processes to end tells the runtime as well, which says `stop` when it has
  // drained.
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => {});
  const control = await Control.connect(controlPath);
  await control.send({ type: "hello", v: 1, pid: Deno.pid, version: Deno.version.deno });
  const actions = new Actions(control);
  let loaded: Promise<Deno.HttpServer | undefined> | undefined;
  let isLoaded = false;
  for await (const command of control.commands()) {
    switch (command.type) {
      case "load":
        loaded = load(command, restPath, actions, control).then((rest) => {
          isLoaded = true;
          return rest;
        });
        break;
      case "invoke":
        void actions.run(command);
        break;
      case "cancel":
        actions.cancel(command.id);
        break;
      case "stop": {
        if (!isLoaded) Deno.exit(0);
        setTimeout(() => Deno.exit(1), command.grace_ms);
        actions.refuse();
        const rest = await loaded;
        void Promise.all([rest?.shutdown(), actions.drain()]).then(() => Deno.exit(0));
      }
    }
  }
  Deno.exit(1);
}

/** Loads and begins to serve; where something is at fault tells all of it, and never settles. */
async function load(
  order: LoadOrder,
  restPath: string,
  actions: Actions,
  control: Control,
): Promise<Deno.HttpServer | undefined> {
  const begun = performance.now();
  for (const [name, value] of Object.entries(order.environment ?? {})) Deno.env.set(name, value);
  const { rest, found, faults } = await loadHandlers(order);
  if (faults.length > 0) {
    const most = faults.slice(0, 100);
    for (const [index, fault] of most.entries()) {
      await control.send({ type: "failed", ...fault, more: index < most.length - 1 });
    }
    return await new Promise(() => {});
  }
  actions.offer(found);
  const server = rest === undefined ? undefined : await serveRest(rest, restPath, order.base_path);
  const methods = [...found.keys()].sort();
  await control.send({
    type: "loaded",
    rest: server !== undefined,
    a2a: methods.length === 0 ? null : { kind: "actions", methods },
    routes: server === undefined ? [] : ["ANY /"],
    load_ms: Math.round((performance.now() - begun) * 1000) / 1000,
  });
  return server;
}
