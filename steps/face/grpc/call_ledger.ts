import { Buffer } from "node:buffer";
import {
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
} from "@grpc/grpc-js";

export interface UnreadLimits {
  /** Bytes of answers that may wait for one connection to read them. */
  readonly connection: number;
  /** The same of all connections together. */
  readonly all: number;
}

/** gRPC's code for what would take more than there is. */
const resourceExhausted = 8;

/** What is known of the calls of a server. */
export interface CallLedger {
  readonly interceptor: ServerInterceptor;
  /** Whether every call that began has ended, and its answer was read. */
  isIdle(): boolean;
}

/**
 * Bounds the answers that wait to be read: one that would exceed it is left out, and its call ends with
 * RESOURCE_EXHAUSTED. gRPC itself keeps every answer until its client reads it, or is gone.
 */
export function callLedger(limits: UnreadLimits): CallLedger {
  const waiting = new Map<string, number>();
  let all = 0;
  let open = 0;
  const add = (peer: string, bytes: number) => {
    const now = (waiting.get(peer) ?? 0) + bytes;
    if (now === 0) waiting.delete(peer);
    else waiting.set(peer, now);
    all += bytes;
  };
  const interceptor: ServerInterceptor = (_method, call) => {
    const peer = call.getPeer();
    open++;
    return new KeptCall(call, {
      take(bytes) {
        const own = waiting.get(peer) ?? 0;
        if (own + bytes > limits.connection || all + bytes > limits.all) return undefined;
        add(peer, bytes);
        return once(() => add(peer, -bytes));
      },
      end: once(() => open--),
    });
  };
  return { interceptor, isIdle: () => open === 0 && all === 0 };
}

function once(callback: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) callback();
    isDone = true;
  };
}

/** The ledger's side of one call. */
interface Entry {
  /** Takes so much of the limits; gives what gives it back, and nothing where there is no room. */
  take(bytes: number): (() => void) | undefined;
  end(): void;
}

class KeptCall extends ServerInterceptingCall {
  #giveBack = () => {};

  constructor(call: ServerInterceptingCallInterface, private readonly entry: Entry) {
    super(call);
  }

  override start(listener: Parameters<ServerInterceptingCall["start"]>[0]): void {
    super.start({
      onReceiveMetadata: (metadata) => listener.onReceiveMetadata(metadata),
      onReceiveMessage: (message) => listener.onReceiveMessage(message),
      onReceiveHalfClose: () => listener.onReceiveHalfClose(),
      onCancel: () => {
        this.#giveBack();
        this.entry.end();
        listener.onCancel();
      },
    });
  }

  override sendMessage(message: unknown, callback: () => void): void {
    const giveBack = this.entry.take(sizeOf(message));
    if (giveBack === undefined) {
      const details = "too many answers wait to be read";
      return this.sendStatus({ code: resourceExhausted, details, metadata: null });
    }
    this.#giveBack = giveBack;
    super.sendMessage(message, () => {
      giveBack();
      callback();
    });
  }

  override sendStatus(status: Parameters<ServerInterceptingCall["sendStatus"]>[0]): void {
    super.sendStatus(status);
    this.entry.end();
  }
}

/** Bytes of the texts of a message: what else is in it is small. */
function sizeOf(message: unknown): number {
  return Object.values(message as Record<string, unknown>)
    .reduce(
      (sum: number, text) => typeof text === "string" ? sum + Buffer.byteLength(text) : sum,
      0,
    );
}
