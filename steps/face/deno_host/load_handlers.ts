import type { LoadFault, LoadOrder } from "../worker/worker_protocol.ts";
import type { Action } from "./actions.ts";
import type { RestHandler } from "./serve_rest.ts";

/** What was found; nothing of it is to be used where there are faults. */
export interface FoundHandlers {
  readonly rest: RestHandler | undefined;
  readonly found: ReadonlyMap<string, Action>;
  readonly faults: readonly LoadFault[];
}

/** Imports what the manifest names, as `file:function`, and says everything that is wrong with it. */
export async function loadHandlers({ root, manifest }: LoadOrder): Promise<FoundHandlers> {
  const faults: LoadFault[] = [];
  const found = new Map<string, Action>();
  let rest: RestHandler | undefined;

  const within = async (part: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      faults.push(faultOf(part, error, root));
    }
  };
  const add = (name: string, action: unknown) => {
    if (typeof action !== "function") throw new TypeError(`the action ${name} is no function`);
    if (found.has(name)) throw new TypeError(`there are two actions of the name ${name}`);
    found.set(name, action as Action);
  };

  const { rest: face, a2a, exports, entrypoint } = manifest;
  if (face !== undefined) {
    await within("rest", async () => {
      const value = await find(face.entry, root);
      rest = handlerOf(value, face.entry);
    });
  }
  if (a2a !== undefined) {
    await within("a2a", async () => {
      const make = await find(a2a.service, root);
      if (typeof make !== "function") throw new TypeError(`${a2a.service} is no function`);
      const service: unknown = await make();
      if (typeof service !== "object" || service === null) {
        throw new TypeError(`${a2a.service} returned no object of actions`);
      }
      for (const [name, action] of Object.entries(service)) add(name, action);
    });
  }
  for (const { name, handler } of exports) {
    await within(`export ${name}`, async () => add(name, await find(handler, root)));
  }
  if (entrypoint !== undefined) {
    await within("entrypoint", async () => {
      const name = entrypoint.slice(entrypoint.lastIndexOf(":") + 1);
      const action = await find(entrypoint, root);
      if (!found.has(name)) add(name, action);
    });
  }
  return { rest, found, faults };
}

/** What a module of the package exports under a name. */
async function find(reference: string, root: string): Promise<unknown> {
  const colon = reference.lastIndexOf(":");
  const [file, name] = [reference.slice(0, colon), reference.slice(colon + 1)];
  const url = new URL("file:///");
  url.pathname = `${root}/${file}`;
  const module = await import(url.href);
  if (!(name in module)) throw new TypeError(`${file} exports no ${name}`);
  return module[name];
}

/** A function, or an object with `fetch`, as frameworks export it. */
function handlerOf(value: unknown, reference: string): RestHandler {
  if (typeof value === "function") return value as RestHandler;
  const { fetch } = (value ?? {}) as { readonly fetch?: unknown };
  if (typeof fetch === "function") return fetch.bind(value);
  throw new TypeError(`${reference} is neither a function nor an object with fetch`);
}

function faultOf(part: string, error: unknown, root: string): LoadFault {
  const stack = error instanceof Error ? error.stack ?? "" : "";
  const own = stack.split("\n").filter((line) => line.includes(root)).join("\n");
  return {
    part: part.slice(0, 300),
    error: String(error).slice(0, 5000),
    traceback: own.slice(0, 20_000),
  };
}
