import { FailedError } from "../../engine/errors.ts";
import { sha256 } from "../../engine/sha256.ts";

/** Most bytes of one file, and most files that lead to each other. */
const mostBytes = 2 ** 20;
const mostFiles = 64;
/** Most characters of one requirement with its hashes, without runs of blanks. */
const mostOfLine = 2 ** 16;

/** What `requirements.txt` and all that it includes come to. */
export interface RequirementFiles {
  /** Paths within the package, with the digests of their contents. */
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
  /** Whether some line names a file or folder of the package, so that all of it counts. */
  readonly local: boolean;
}

/**
 * Reads a package's `requirements.txt` and what it includes (`-r`, `-c`), for the key of its
 * environment. What a line means is for uv and pip to say.
 *
 * @param folder the package
 * @throws FailedError, with file and line, for what no environment that is kept can be made of
 */
export async function readRequirementFiles(folder: string): Promise<RequirementFiles> {
  const files = new Map<string, string>();
  let local = false;
  const read = async (path: string, from: string): Promise<void> => {
    if (files.has(path)) return;
    if (files.size >= mostFiles) throw new FailedError(`${from}: more than ${mostFiles} files`);
    const text = await readText(`${folder}/${path}`, from);
    files.set(path, sha256(text));
    for (const { line, number } of logicalLines(text)) {
      const place = `${path}:${number}`;
      if (line.length > mostOfLine) {
        throw new FailedError(`${place}: a requirement of more than ${mostOfLine} characters`);
      }
      const editable = /^(?:-e|--editable)(?:[\s=]|$)/.test(line);
      if (editable) {
        throw new FailedError(`${place}: a kept environment holds no editable package`, {
          hint: "write the folder without -e: it is built and installed",
        });
      }
      const included = /^(?:(?:-r|-c)\s*|--(?:requirement|constraint)(?:\s+|=))(.+)$/.exec(line);
      if (included === null) local ||= isLocal(line);
      else await read(within(path, unquoted(included[1]!), place), place);
    }
  };
  await read("requirements.txt", "the package");
  const found = [...files].map(([path, digest]) => ({ path, sha256: digest }));
  return { files: found.sort((a, b) => a.path < b.path ? -1 : 1), local };
}

async function readText(path: string, from: string): Promise<string> {
  try {
    const { isFile, size } = await Deno.lstat(path);
    if (!isFile) throw new FailedError(`${from}: ${path} is not a file`);
    if (size > mostBytes) {
      throw new FailedError(`${from}: ${path} has more than ${mostBytes} bytes`);
    }
    return await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new FailedError(`${from}: there is no ${path}`, { cause: error });
  }
}

/** The path that a file includes, within the package. */
function within(from: string, target: string, place: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target) || target.startsWith("/")) {
    throw new FailedError(`${place}: includes ${target.replace(/\/\/[^/@]*@/, "//***@")}`, {
      hint: "a package's requirements may include files of the package only",
    });
  }
  const segments = from.split("/").slice(0, -1);
  for (const segment of target.split("/")) {
    if (segment === "..") {
      if (segments.pop() === undefined) {
        throw new FailedError(`${place}: includes ${target}, which is outside of the package`);
      }
    } else if (segment !== "." && segment !== "") segments.push(segment);
  }
  return segments.join("/");
}

/** Lines without comments; those that end with a backslash go on. */
function logicalLines(text: string): readonly { line: string; number: number }[] {
  const found: { line: string; number: number }[] = [];
  let begun: { line: string; number: number } | undefined;
  text.replace(/^\ufeff/, "").split(/\r?\n/).forEach((raw, index) => {
    const { line, number } = begun ?? { line: "", number: index + 1 };
    if (/\\$/.test(raw)) {
      begun = { line: line + raw.slice(0, -1), number };
      return;
    }
    begun = undefined;
    // A package may hold a megabyte of blanks: no pattern here looks at a run of them more than once.
    const whole = (line + raw).replace(/(?:^|\s)#.*$/, "").replaceAll(/\s+/g, " ").trim();
    if (whole !== "") found.push({ line: whole, number });
  });
  return found;
}

/** Options of a requirement file that name nothing to install from. */
const plainOptions =
  /^--(?:no-index|pre|prefer-binary|require-hashes|(?:no|only)-binary|use-feature|trusted-host)(?:[ =]|$)/;
const elsewhere = /^[a-z][a-z0-9+.-]*:/i;
const archive = /\.(?:whl|zip|egg|tar|tgz|tbz2?|txz|tlz|tar\.[a-z0-9]+)$/i;

/**
 * Whether a requirement may lie in the package: whether it is anything but a plain name with versions, an
 * option that leads nowhere or a URL of elsewhere. Blanks come one at a time.
 */
export function isLocal(line: string): boolean {
  // Without options and markers of its own.
  const requirement = line.replace(/ --.*$/, "").replace(/ ?;.*$/, "");
  if (/\bfile:/i.test(line)) return true;
  if (line.startsWith("-")) {
    const value = unquoted(line.replace(/^(?:--[a-z-]+|-[a-z])[ =]?/, ""));
    return !plainOptions.test(line) && !elsewhere.test(value);
  }
  const found = /^([A-Za-z0-9][A-Za-z0-9._-]*) ?(?:\[[^\]/]*\])? ?(?:@ ?(.*)|\(?[<>=!~][^/\\]*)?$/
    .exec(requirement);
  if (found === null) return !/^[a-z][a-z0-9+.-]*:\/\//i.test(requirement);
  const [, name, from] = found;
  return archive.test(name!) || (from !== undefined && !elsewhere.test(from));
}

function unquoted(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/, "$2");
}
