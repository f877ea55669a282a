/**
 * Hash-chained JSON lines: a log to which lines are only ever added, and in which a line that was
 * changed, removed or moved is found. The journal of a run and the audit log are both one.
 *
 * @module
 */
import { BusyError, FailedError, InvalidInputError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import { type Chained, chainLine, lineDigest } from "./chain_line.ts";
import { readChainLine, wholeLines } from "./verify_chain.ts";

export type { Chained };

export interface Chain extends AsyncDisposable {
  /** What was there when it was opened. */
  readonly entries: readonly Chained[];
  /** Bytes of a line cut short by the end of a process or machine, removed when it was opened. */
  readonly repaired: number;
  /** Bytes of its whole lines now. */
  readonly bytes: number;
  /** The number and the SHA-256 of the last line now; 0 and `""` where there is none. */
  readonly head: { readonly seq: number; readonly hash: string };
  /**
   * Adds a line: it is in the file when the promise settles and, with `sync`, on the disk, with all
   * lines before it. Calls are served in their order. A line that could not be written wholly is
   * taken back, and the next one may succeed; after a failed sync, or where taking back failed too,
   * nothing known is on the disk, and each further call fails.
   *
   * @throws FailedError when the line could not be written
   */
  append(record: JsonObject, options: { readonly sync: boolean }): Promise<void>;
  /** Has each further call of `append` fail with this: what it would write might be lost. */
  fail(fault: FailedError): void;
  /** Waits for what is being written and frees the lock. Does nothing the second time. */
  close(): Promise<void>;
}

/**
 * Opens a chain, made (0600, with its folder) where there is none, checks every line and removes a
 * last one that was cut short.
 *
 * Needs read and write of the file; read of its folder too where it is made, which is synced then.
 *
 * @param options `lock`: hold a kernel lock on the file until `close`, freed too when the process
 * ends. Default true; without it the caller must see to it that nobody else writes. `make`: whether
 * the file is made where there is none; default true. `name`: what it
 * is called in faults, where it will be renamed; default: its path.
 * @throws BusyError when another process holds the lock
 * @throws InvalidInputError when a line was changed, removed or moved, and names its number; or where
 * there is no file and none is to be made
 * @throws FailedError when the file cannot be made or read
 */
export async function openChain(
  path: string,
  { lock = true, make = true, name = path }: {
    readonly lock?: boolean;
    readonly make?: boolean;
    readonly name?: string;
  } = {},
): Promise<Chain> {
  const file = await openFile(path, make);
  try {
    if (lock && !await file.tryLock(true)) {
      throw new BusyError(`${path} is in use by another process`, {
        hint: "wait for its end, then try again",
      });
    }
    return await readChain(file, name);
  } catch (error) {
    file.close();
    throw error;
  }
}

async function openFile(path: string, make: boolean): Promise<Deno.FsFile> {
  const folder = path.replace(/[^/]*$/, "") || ".";
  try {
    return await Deno.open(path, { read: true, write: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw unusable(path, error);
  }
  if (!make) {
    throw new InvalidInputError(`${path} is missing, and with it what was done`, {
      hint: "put it back, or look at what the steps left and start a new run",
    });
  }
  try {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    const file = await Deno.open(path, { read: true, write: true, create: true, mode: 0o600 });
    using directory = await Deno.open(folder);
    await directory.sync();
    return file;
  } catch (error) {
    throw unusable(path, error);
  }
}

/** The sandbox's own refusals pass as they are: they name the missing permission. */
function unusable(path: string, error: unknown): unknown {
  if (error instanceof Deno.errors.NotCapable || !(error instanceof Error)) return error;
  return new FailedError(`${path} cannot be opened: ${error.message}`, { cause: error });
}

async function readChain(file: Deno.FsFile, path: string): Promise<Chain> {
  const bytes = await readAll(file);
  const entries: Chained[] = [];
  let hash = "";
  let length = 0;
  for (const line of wholeLines(bytes)) {
    const end = length + line.length + 1;
    const read = readChainLine(line, { seq: entries.length + 1, prev: hash });
    if (!read.ok) {
      // A power cut may leave the end of the last line on the disk without all that is before it.
      if (!read.json && end === bytes.length) break;
      throw new InvalidInputError(`${path}:${entries.length + 1}: ${read.reason}`, {
        hint: "keep the file for whoever looks into it: what it says is no longer sure",
        details: { file: path, line: entries.length + 1 },
      });
    }
    entries.push(read.entry);
    hash = lineDigest(line);
    length = end;
  }
  const repaired = bytes.length - length;
  if (repaired > 0) {
    await file.truncate(length);
    await file.sync();
  }
  return makeChain({ file, path, entries, repaired, length, hash });
}

async function readAll(file: Deno.FsFile): Promise<Uint8Array> {
  // Asking the open file how large it is would need read of what a link on its path leads to.
  const size = await file.seek(0, Deno.SeekMode.End);
  await file.seek(0, Deno.SeekMode.Start);
  const bytes = new Uint8Array(size);
  let length = 0;
  while (length < size) {
    const read = await file.read(bytes.subarray(length));
    if (read === null) break;
    length += read;
  }
  return bytes.subarray(0, length);
}

interface Opened {
  readonly file: Deno.FsFile;
  readonly path: string;
  readonly entries: readonly Chained[];
  readonly repaired: number;
  /** Bytes of the whole lines. */
  readonly length: number;
  /** SHA-256 of the last of them. */
  readonly hash: string;
}

function makeChain({ file, path, entries, repaired, ...last }: Opened): Chain {
  let { length, hash } = last;
  let seq = entries.length;
  let broken: FailedError | undefined;
  let busy: Promise<unknown> = Promise.resolve();
  let closed: Promise<void> | undefined;

  const write = async (record: JsonObject, sync: boolean) => {
    if (broken !== undefined) throw broken;
    const line = chainLine(seq + 1, hash, record);
    const bytes = new TextEncoder().encode(`${line}\n`);
    try {
      file.seekSync(length, Deno.SeekMode.Start);
      // One call a line; the loop is there for a disk that takes a part of it before it is full.
      for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
    } catch (error) {
      const fault = unwritten(path, error);
      await file.truncate(length).catch(() => broken = fault);
      throw fault;
    }
    if (sync) {
      // After a failed sync the kernel may have dropped lines that were written long ago.
      await file.sync().catch((error) => {
        throw broken = unwritten(path, error);
      });
    }
    length += bytes.length;
    hash = lineDigest(line);
    seq++;
  };
  const close = async () => {
    await busy;
    file.close();
  };
  return {
    entries,
    repaired,
    get bytes() {
      return length;
    },
    fail(fault) {
      broken ??= fault;
    },
    get head() {
      return { seq, hash };
    },
    append(record, { sync }) {
      if (closed !== undefined) return Promise.reject(new FailedError(`${path} is closed`));
      const written = busy.then(() => write(record, sync));
      busy = written.catch(() => {}); // Whoever appended it is told.
      return written;
    },
    close: () => closed ??= close(),
    [Symbol.asyncDispose]: () => closed ??= close(),
  };
}

function unwritten(path: string, error: unknown): FailedError {
  const text = error instanceof Error ? error.message : String(error);
  return new FailedError(`${path} could not be written: ${text}`, {
    cause: error,
    hint: "look at the free space of its file system",
  });
}
