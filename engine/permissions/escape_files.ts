/**
 * How programs that make, move and remove files are judged: they write where their arguments say, so
 * the shape has to settle where that is.
 *
 * @module
 */
import { type Element, spelled } from "./element.ts";
import type { EscapeRule, ReadArguments } from "./escape_rule.ts";

const anywhere = "writes any file, programs and start-up files among them";

/** A literal, or a prefix that is a folder: `/srv/*`, `releases/*`, but not `/*` and `/s*`. */
function isSettled(element: Element): boolean {
  return "literal" in element || element.prefix.lastIndexOf("/") > 0;
}

const folders = ({ values }: ReadArguments) => [
  ...values.get("-t") ?? [],
  ...values.get("--target-directory") ?? [],
];

/** Whatever it names is changed. */
function judgeAll(read: ReadArguments): string | undefined {
  return [...read.operands, ...folders(read)].every(isSettled) ? undefined : anywhere;
}

/** What is copied is read only; where to is the folder of `-t`, or the last operand. */
function judgeCopy(read: ReadArguments): string | undefined {
  const makesFolders = read.options.some((name) => name === "-d" || name === "--directory");
  if (makesFolders) return judgeAll(read);
  const target = folders(read);
  const written = target.length > 0 ? target : read.operands.slice(-1);
  return written.every(isSettled) ? undefined : anywhere;
}

/**
 * A symbolic link may point anywhere if its place is settled, or lie anywhere if what it points to is
 * settled and relative, so that it leads nowhere else. With both free it is a way to write any file;
 * a second name for a file (no `-s`) is one wherever it lies.
 */
function judgeLink(read: ReadArguments): string | undefined {
  const has = (...names: string[]) => names.some((name) => read.options.includes(name));
  const target = folders(read);
  const places = target.length > 0 ? target : read.operands.slice(-1);
  const targets = target.length > 0 ? read.operands : read.operands.slice(0, -1);
  if (!has("-s", "--symbolic")) {
    const settled = [...places, ...targets].every(isSettled);
    return settled ? undefined : "gives any file a second name, through which it can be written";
  }
  if (places.every(isSettled)) return undefined;
  const leadsNowhere = targets.length > 0 &&
    targets.every((each) => isSettled(each) && !spelled(each).startsWith("/"));
  return leadsNowhere && !has("-f", "--force")
    ? undefined
    : "makes links from anywhere to anywhere, start-up folders among them";
}

/** `of=` names what is written. */
function judgeDd({ operands }: ReadArguments): string | undefined {
  const settled = operands.every((each) => {
    const [, name, value] = /^([a-z]+)=(.*)$/s.exec(spelled(each)) ?? [];
    if (name === undefined) return false;
    return name !== "of" ||
      isSettled("literal" in each ? { literal: value! } : { prefix: value! });
  });
  return settled ? undefined : anywhere;
}

const changes = (known: string): EscapeRule => ({
  kind: "options",
  reason: "changes only files that its arguments settle",
  known,
  judge: judgeAll,
});

export const fileRules: Readonly<Record<string, EscapeRule>> = {
  ln: {
    kind: "options",
    reason: "makes links and nothing else; that nobody follows them is for a box to see to",
    known: "-s -f -n -v -T -r -L -P -t: --symbolic --force --no-dereference --verbose --relative " +
      "--no-target-directory --target-directory: --logical --physical",
    judge: judgeLink,
  },
  cp: {
    kind: "options",
    reason: "copies what its user may read to where its arguments settle, and nothing else",
    known: "-a -d -f -i -l -L -n -p -P -r -R -s -u -v -x -T -t: -H --archive --force --recursive " +
      "--no-dereference --dereference --preserve --no-preserve --reflink --sparse " +
      "--no-target-directory --target-directory: --update --verbose --one-file-system --parents",
    judge: judgeCopy,
  },
  install: {
    kind: "options",
    reason: "copies what its user may read to where its arguments settle, and nothing else",
    known: "-c -C -d -D -g: -m: -o: -p -t: -T -v --mode: --owner: --group: --directory " +
      "--target-directory: --no-target-directory --compare --preserve-timestamps --verbose",
    code: {
      "--strip-program": "runs what --strip-program names",
      "--strip": "runs strip",
      "-s": "runs strip",
    },
    judge: judgeCopy,
  },
  dd: {
    kind: "options",
    reason: "copies what its user may read to the file that its arguments settle",
    known: "",
    judge: judgeDd,
  },
  mv: changes(
    "-f -i -n -u -v -T -t: --force --no-clobber --no-target-directory --target-directory: --verbose",
  ),
  tee: changes("-a -i -p --append --ignore-interrupts"),
  touch: changes("-a -c -h -m -d: -r: --no-create --date: --reference: --time"),
  mkdir: changes("-p -v -m: --parents --verbose --mode:"),
  rmdir: changes("-p -v --parents --verbose --ignore-fail-on-non-empty"),
  rm: changes("-f -i -I -r -R -d -v --force --recursive --dir --verbose --one-file-system"),
  unlink: changes(""),
  truncate: changes("-c -o -r: -s: --no-create --size: --reference:"),
  chmod: changes("-c -f -v -R --changes --silent --verbose --recursive --reference:"),
  chown: changes(
    "-c -f -v -h -R -H -L -P --changes --silent --verbose --no-dereference --recursive",
  ),
  chgrp: changes("-c -f -v -h -R --changes --silent --verbose --no-dereference --recursive"),
  gzip: changes("-d -c -t -l -q -v -k -n -1 -9 --decompress --stdout --test --list --quiet --keep"),
  xz: changes("-d -c -t -l -q -v -k -0 -6 -9 --decompress --stdout --test --list --quiet --keep"),
  zstd: changes(
    "-d -c -t -l -q -v -k -f --decompress --stdout --test --list --quiet --keep --force",
  ),
};
