import { renderBubblewrap } from "./bubblewrap.ts";
import { renderDeno } from "./deno.ts";
import { renderJson } from "./json.ts";
import { renderNetworkPolicy } from "./networkpolicy.ts";
import { renderNftables } from "./nftables.ts";
import type { Renderer } from "./rendering.ts";
import { renderSystemd } from "./systemd.ts";
import { renderTable } from "./table.ts";

/** Every form in which a surface can be shown, by the name that `--as` takes. */
export const renderers = {
  table: renderTable,
  json: renderJson,
  deno: renderDeno,
  systemd: renderSystemd,
  bubblewrap: renderBubblewrap,
  networkpolicy: renderNetworkPolicy,
  nftables: renderNftables,
} as const satisfies Readonly<Record<string, Renderer>>;

/** A form's name. */
export type Form = keyof typeof renderers;

/** All names, in the order in which help lists them. */
export const forms = Object.keys(renderers) as readonly Form[];
