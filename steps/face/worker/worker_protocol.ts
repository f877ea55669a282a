/**
 * What Deno and the worker say to each other over the control connection: JSON, a line each. The worker
 * runs the agent's code, which can write here whatever it likes: every member of what comes from it is
 * looked at, and nothing of it decides more than how the agent stands.
 *
 * @module
 */
import * as v from "valibot";

/** The part of a manifest that is about handlers; entries are `module:function`. */
export interface HandlerManifest {
  readonly rest?: { readonly entry: string } | undefined;
  readonly a2a?: { readonly service: string } | undefined;
  readonly entrypoint?: string | undefined;
  readonly exports: readonly { readonly name: string; readonly handler: string }[];
}

/** What to load. */
export interface LoadOrder {
  /** The package's folder, absolute: where the agent's code finds itself. */
  readonly root: string;
  /** Folders whose modules come before the venv's, absolute: the root, its `src`. */
  readonly paths: readonly string[];
  readonly manifest: HandlerManifest;
  /** Where routes live, such as `/agents/x`; `/` for the root. */
  readonly base_path: string;
  /** Variables that the agent's code finds set, beside those of its process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Of the agent: the title of its OpenAPI document. */
  readonly name: string;
  readonly version: string;
}

/** To the worker. */
export type WorkerCommand =
  | { readonly type: "load" } & LoadOrder
  | {
    readonly type: "invoke";
    readonly id: number;
    readonly action: string;
    readonly parameters: Readonly<Record<string, string>>;
    readonly timeout_ms: number;
  }
  | { readonly type: "cancel"; readonly id: number }
  | { readonly type: "stop"; readonly grace_ms: number };

/** Most that a worker may say; one that says more is ended. The host keeps to less. */
export const most = {
  /** Bytes of a line. */
  line: 16 * 2 ** 20,
  /** Faults of a load. */
  faults: 100,
} as const;

const text = (length: number) => v.pipe(v.string(), v.maxLength(length));
const names = (length: number) => v.pipe(v.array(text(length)), v.maxLength(1000));
const milliseconds = v.pipe(v.number(), v.finite(), v.minValue(0));
const natural = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

const message = v.variant("type", [
  v.strictObject({
    type: v.literal("hello"),
    v: v.literal(1),
    /** As it says: nothing may be sent a signal by it. */
    pid: natural,
    /** Of what runs it: Python, or Deno. */
    version: v.pipe(v.string(), v.maxLength(40), v.regex(/^\d+\.\d+\.\d+[\w.+-]*$/)),
  }),
  v.strictObject({
    type: v.literal("loaded"),
    /** Whether routes are served on the REST socket. */
    rest: v.boolean(),
    /** `server`: the agent's own, on the gRPC socket. */
    a2a: v.nullable(v.variant("kind", [
      v.strictObject({ kind: v.literal("actions"), methods: names(256) }),
      v.strictObject({ kind: v.literal("server") }),
    ])),
    /** Such as `GET /api/ping`, without the base path. */
    routes: names(512),
    load_ms: milliseconds,
  }),
  v.strictObject({
    type: v.literal("failed"),
    part: text(300),
    error: text(5000),
    traceback: text(20_000),
    /** Whether another one follows. */
    more: v.boolean(),
  }),
  v.strictObject({
    type: v.literal("result"),
    id: natural,
    success: v.boolean(),
    result: v.string(),
    error: v.string(),
    duration_ms: milliseconds,
  }),
]);

/** From the worker. */
export type WorkerMessage = v.InferOutput<typeof message>;
export type Hello = Extract<WorkerMessage, { type: "hello" }>;
export type Loaded = Extract<WorkerMessage, { type: "loaded" }>;

/** What is wrong with one part of an agent: `rest`, `a2a`, `entrypoint`, `export NAME`. */
export interface LoadFault {
  readonly part: string;
  /** `ImportError: …` */
  readonly error: string;
  /** The way there through the agent's own files; empty where there is none. */
  readonly traceback: string;
}

/**
 * A line of the worker as a message; `undefined` for what is none.
 *
 * @example
 * ```ts
 * import { readWorkerMessage } from "./worker_protocol.ts";
 * import assert from "node:assert/strict";
 *
 * const line = '{"type":"hello","v":1,"pid":7,"version":"3.11.7"}';
 * assert.equal(readWorkerMessage(line)?.type, "hello");
 * assert.equal(readWorkerMessage('{"type":"hello","v":2}'), undefined);
 * ```
 */
export function readWorkerMessage(line: string): WorkerMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const read = v.safeParse(message, value, { abortEarly: true });
  return read.success ? read.output : undefined;
}
