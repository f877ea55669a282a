import { credentials, makeGenericClientConstructor } from "@grpc/grpc-js";
import { Buffer } from "node:buffer";

/** A connection to the A2A face of an agent. */
export interface AgentClient extends Disposable {
  /** Calls an action, and gives its result. */
  invoke(action: string, parameters: Readonly<Record<string, string>>): Promise<string>;
}

export function connectAgent(port: number): AgentClient {
  const Client = makeGenericClientConstructor({
    invoke: {
      path: "/pixell.agent.AgentService/Invoke",
      requestStream: false,
      responseStream: false,
      requestSerialize: (bytes: Uint8Array) => Buffer.from(bytes),
      requestDeserialize: (bytes: Uint8Array) => bytes,
      responseSerialize: (bytes: Uint8Array) => Buffer.from(bytes),
      responseDeserialize: (bytes: Uint8Array) => bytes,
    },
  }, "AgentService");
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  return {
    async invoke(action, parameters) {
      const entries = Object.entries(parameters).map(([name, value]) =>
        field(2, join(field(1, text(name)), field(2, text(value))))
      );
      const request = join(field(1, text(action)), ...entries);
      const answer = await new Promise<Uint8Array>((resolve, reject) =>
        client.invoke!(
          request,
          (error: Error | null, bytes: Uint8Array) =>
            error === null ? resolve(bytes) : reject(error),
        )
      );
      return resultOf(answer);
    },
    [Symbol.dispose]: () => client.close(),
  };
}

/** Calls one action of an agent, and gives its result. */
export async function invoke(
  port: number,
  action: string,
  parameters: Readonly<Record<string, string>>,
): Promise<string> {
  using client = connectAgent(port);
  return await client.invoke(action, parameters);
}

/** A member of a message of protobuf that is bytes, at most 127 of them. */
function field(number: number, bytes: Uint8Array): Uint8Array {
  return join(new Uint8Array([number << 3 | 2, bytes.length]), bytes);
}

/** The second member of an ActionResult, after a `bool`. */
function resultOf(answer: Uint8Array): string {
  const at = answer[0] === 8 ? 2 : 0;
  if (answer[at] !== 18) return "";
  return new TextDecoder().decode(answer.subarray(at + 2, at + 2 + answer[at + 1]!));
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}
