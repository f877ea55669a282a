/** The Unix sockets between the runtime and the agent's process. */
export interface Sockets {
  /** The worker's server of requests. */
  readonly rest: string;
  /** Where the worker tells what became of it, and is asked to call actions. */
  readonly control: string;
  /** The agent's own gRPC server, where it has one. */
  readonly grpc: string;
}

/** The folder that they lie in, and nothing else: the agent may write it. */
export function socketFolder(work: string): string {
  return `${work}/sockets`;
}

/** Where they lie. A path of a socket has at most 107 bytes. */
export function socketsIn(work: string): Sockets {
  const folder = socketFolder(work);
  return {
    rest: `${folder}/worker.sock`,
    control: `${folder}/control.sock`,
    grpc: `${folder}/grpc.sock`,
  };
}
