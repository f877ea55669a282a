import actions from "../deno_host/actions.ts" with { type: "text" };
import control from "../deno_host/control.ts" with { type: "text" };
import loadHandlers from "../deno_host/load_handlers.ts" with { type: "text" };
import main from "../deno_host/main.ts" with { type: "text" };
import serveRest from "../deno_host/serve_rest.ts" with { type: "text" };

/** The program in which agents in TypeScript run, by file name; it is started by its `main.ts`. */
export const hostFiles: Readonly<Record<string, string>> = {
  "actions.ts": actions,
  "control.ts": control,
  "load_handlers.ts": loadHandlers,
  "main.ts": main,
  "serve_rest.ts": serveRest,
};
