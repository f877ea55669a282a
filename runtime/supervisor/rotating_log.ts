/** Largest size of the file before it is put aside, in bytes; two files are kept. */
const capacity = 1024 * 1024;

/** Where a line comes from: the program's two streams, or the supervisor. */
export type Source = "out" | "err" | "sup";

/** The log of one program: lines with their times, in two files of limited size. */
export interface RotatingLog extends Disposable {
  /** Adds a line. What cannot be written is counted, and told when writing works again. */
  add(source: Source, text: string): void;
  /** The last lines, the newest last. */
  tail(lines: number): readonly string[];
}

/**
 * Opens a log for appending. At 1 MiB it becomes `FILE.1`, over the one before.
 *
 * @throws Deno.errors.NotFound and the like when it cannot be opened
 */
export function openLog(file: string, now: () => Date): RotatingLog {
  const older = `${file}.1`;
  const open = () => Deno.openSync(file, { append: true, create: true, mode: 0o600 });
  const encoder = new TextEncoder();
  let handle = open();
  let size = handle.statSync().size;
  let lost = 0;

  const write = (text: string) => {
    const bytes = encoder.encode(text);
    if (size > 0 && size + bytes.length > capacity) {
      Deno.renameSync(file, older);
      const next = open();
      handle.close();
      handle = next;
      size = 0;
    }
    for (let at = 0; at < bytes.length;) at += handle.writeSync(bytes.subarray(at));
    size += bytes.length;
  };
  return {
    add(source, text) {
      const time = now().toISOString();
      const note = lost === 0 ? "" : `${time} sup ${lost} lines could not be written\n`;
      try {
        write(`${note}${time} ${source} ${text}\n`);
        lost = 0;
      } catch {
        // A full disk must not end the program that is watched over.
        lost++;
      }
    },
    tail(lines) {
      const text = readOptional(older) + readOptional(file);
      return text.split("\n").slice(0, -1).slice(-lines);
    },
    [Symbol.dispose]: () => handle.close(),
  };
}

function readOptional(file: string): string {
  try {
    return Deno.readTextFileSync(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
