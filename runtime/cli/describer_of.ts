import type { Describer } from "../../engine/foreign/describer.ts";
import type { Port } from "./port.ts";

/** Asks steps of others by way of the launcher. */
export function describerOf(port: Pick<Port, "askForeign">): Describer {
  return {
    describe: ({ name, source }) => port.askForeign(name, source, { type: "describe" }),
    permissions: ({ name, source }, params) =>
      port.askForeign(name, source, { type: "permissions", params }),
  };
}
