import type { Explained } from "../explain.ts";
import type { Accepted, WrittenCode } from "../lock/written_lock.ts";
import type { Permissions } from "../permissions.ts";

/** A set as a layer below, or a person, wants it. */
export interface Rendering {
  readonly text: string;
  /**
   * What the layer has no words for, one sentence each, such as `nftables knows no host names:
   * example.com:443 is left out`. Nothing is widened instead. `--strict` makes any of these exit 7.
   */
  readonly unsaid: readonly string[];
}

/** What the lock says of a surface besides its grants. */
export interface LockedSurface {
  readonly kind: "fixed" | "open";
  /** Name of its set or ceiling, as `surfaceDigest` makes it. */
  readonly digest: string;
  /**
   * What `sluice plan` calls the set here, where that is another name: it holds the real paths of this
   * machine.
   */
  readonly here?: string;
  /** Steps of others that its pipelines may use. */
  readonly code: readonly WrittenCode[];
  readonly accepts: readonly Accepted[];
}

/** What a renderer is given: one surface with its set. All paths are absolute and expanded. */
export interface RenderedSurface {
  /** Name of the surface, such as `upgrade`. */
  readonly name: string;
  readonly summary: string;
  readonly set: Permissions;
  /** The grants with their causes; empty for an open surface, whose ceiling people wrote. */
  readonly explained: readonly Explained[];
  /**
   * The file in which a runner that is started by hand finds its plan; absolute. Where it is left out,
   * nothing is said of it.
   */
  readonly plan?: string;
  /** Left out for a set that is in no lock. */
  readonly locked?: LockedSurface;
  /** Absolute paths of the programs with bare names, as far as they are installed. */
  readonly programs: Readonly<Record<string, string>>;
  /**
   * The words that start it, for layers that start something. Default: the start script of the
   * surface, `/usr/lib/sluice/NAME/start`. Where the first is `places.deno`, a unit need not let a
   * shell be started.
   */
  readonly exec?: readonly string[];
  /**
   * The user that it runs as, where a layer has to know: a name, or a number. Left out, each layer
   * says what it then does.
   */
  readonly user?: string;
  /** Width of the terminal, for forms that people read. Default 80, the least that they need. */
  readonly columns?: number;
  readonly places: {
    readonly project: string;
    readonly runs: string;
    readonly tmp: string;
    readonly deno: string;
  };
}

/** Pure: the same surface gives the same text. */
export type Renderer = (surface: RenderedSurface) => Rendering;
