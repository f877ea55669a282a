import { noSpace } from "../../archive/no_space.ts";
import { inflateTo } from "./inflate_to.ts";
import { inflateWhole } from "./inflate_whole.ts";
import type { OpenZip } from "./open_zip.ts";

/** What was written. */
export interface Unpacked {
  readonly files: number;
  readonly bytes: number;
}

/**
 * Bytes up to which a file is unpacked at once, by one call: a stream costs some milliseconds, and
 * most files of a package are small.
 */
const smallFile = 256 * 1024;

/** Of a zip's permissions only the right to execute is kept. */
const mode = { folder: 0o755, file: 0o644, program: 0o755 } as const;

/**
 * Writes what a zip holds into a folder that does not exist yet. Lengths and CRC are those of what is
 * written, whatever headers say: the first byte too many ends it.
 *
 * @param folder absolute; the caller removes it when this throws
 * @param onFile is told how many files are written
 * @throws InvalidInputError naming the entry whose content is not what its header says
 * @throws FailedError when there is no space left
 */
export async function unpackZip(
  zip: OpenZip,
  folder: string,
  signal: AbortSignal,
  onFile: (files: number) => void,
): Promise<Unpacked> {
  await makeFolder(folder);
  for (const path of zip.folders) await makeFolder(`${folder}/${path}`);
  let files = 0;
  let bytes = 0;
  for await (const { member, entry } of zip.entries()) {
    signal.throwIfAborted();
    if (member.folder) continue;
    const path = `${folder}/${member.path}`;
    const small = member.size <= smallFile && member.compressed <= 2 * smallFile;
    await write(path, async (file) => {
      if (small) await writeAll(file, inflateWhole(member, zip.data(member)));
      else await inflateTo(member, entry, (piece) => writeAll(file, piece), signal);
    });
    await Deno.chmod(path, member.executable ? mode.program : mode.file);
    bytes += member.size;
    onFile(++files);
  }
  return { files, bytes };
}

async function makeFolder(path: string): Promise<void> {
  await Deno.mkdir(path);
  await Deno.chmod(path, mode.folder); // Whatever the umask is.
}

async function write(path: string, work: (file: Deno.FsFile) => Promise<void>): Promise<void> {
  try {
    using file = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
    await work(file);
  } catch (error) {
    throw noSpace(error, path) ?? error;
  }
}

async function writeAll(file: Deno.FsFile, content: Uint8Array): Promise<void> {
  for (let at = 0; at < content.length;) at += await file.write(content.subarray(at));
}
