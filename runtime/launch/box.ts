import type { RunBox } from "../../engine/permissions/box/run_box.ts";
import type { Shutting } from "./shut_descriptors.ts";

/** What the launcher can put around a process below Deno. */
export type Box =
  | {
    readonly kind: "bubblewrap";
    readonly program: string;
  } & Shutting
  /** The launcher itself is in one, which holds all that it starts. */
  | { readonly kind: "container"; readonly why: string }
  | { readonly kind: "none"; readonly why: string };

/** A box as a run is told of it. */
export function describeBox(box: Box, notes: readonly string[] = []): RunBox {
  return {
    kind: box.kind,
    ...("why" in box ? { why: box.why } : {}),
    ...(notes.length === 0 ? {} : { notes }),
  };
}
