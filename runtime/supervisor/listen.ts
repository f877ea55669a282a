import { BusyError, InvalidInputError } from "../../engine/errors.ts";

/** A socket that only this process listens on, until it is disposed of. */
export interface OwnSocket extends Disposable {
  readonly listener: Deno.UnixListener;
}

/**
 * Listens on a Unix socket, for its owner alone. The kernel's lock on `SOCKET.lock` decides whose it
 * is: it ends with its process, so a socket that a killed one left behind is simply replaced.
 *
 * @throws BusyError when another process listens there
 * @throws InvalidInputError when something else than a socket stands there
 */
export function listenAlone(socket: string): OwnSocket {
  const lock = Deno.openSync(`${socket}.lock`, {
    read: true,
    write: true,
    create: true,
    mode: 0o600,
  });
  if (!lock.tryLockSync(true)) {
    const pid = Deno.readTextFileSync(`${socket}.lock`).trim() || "(unknown)";
    lock.close();
    throw new BusyError(`process ${pid} supervises at ${socket} already`, {
      hint: "stop it, or choose another --socket",
    });
  }
  try {
    lock.truncateSync(0);
    lock.writeSync(new TextEncoder().encode(`${Deno.pid}\n`));
    removeStale(socket);
    const listener = Deno.listen({ transport: "unix", path: socket });
    Deno.chmodSync(socket, 0o600);
    return {
      listener,
      [Symbol.dispose]() {
        listener.close(); // Removes the socket, too.
        lock.close();
      },
    };
  } catch (error) {
    lock.close();
    throw error;
  }
}

function removeStale(socket: string): void {
  let found: Deno.FileInfo;
  try {
    found = Deno.lstatSync(socket);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  if (found.isSocket !== true) {
    throw new InvalidInputError(`${socket} is there and is not a socket`, {
      hint: "choose another --socket",
    });
  }
  Deno.removeSync(socket);
}
