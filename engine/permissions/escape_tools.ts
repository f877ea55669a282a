import { spelled } from "./element.ts";
import type { EscapeRule, ReadArguments } from "./escape_rule.ts";

function judgeTar({ options, values, operandFirst }: ReadArguments): string | undefined {
  if (operandFirst) return "reads options from its first argument, which has no dash";
  const has = (...names: string[]) => names.some((name) => options.includes(name));
  if (has("-T", "--files-from")) return "reads options from the list of --files-from";
  // A host before a colon; a slash before it makes it a file.
  const files = [...values.get("-f") ?? [], ...values.get("--file") ?? []];
  const remote = files.some((file) =>
    "literal" in file
      ? /^[^/]*:/.test(file.literal)
      : !file.prefix.includes("/") || /^[^/]*:/.test(file.prefix)
  );
  if (!remote || has("--force-local")) return undefined;
  return "starts ssh for an archive with a colon in its name, without --force-local";
}

function judgeSed({ options }: ReadArguments): string | undefined {
  return options.includes("--sandbox")
    ? undefined
    : "runs what its command e says and writes what w names, without --sandbox";
}

function judgeCurl({ options }: ReadArguments): string | undefined {
  return options[0] === "-q" || options[0] === "--disable"
    ? undefined
    : "reads options from ~/.curlrc, unless -q comes first";
}

const opensslCommands = "asn1parse dgst pkeyutl version verify x509";

function judgeOpenssl({ operands: [first] }: ReadArguments): string | undefined {
  const command = first !== undefined && "literal" in first ? first.literal : undefined;
  return command !== undefined && opensslCommands.split(" ").includes(command)
    ? undefined
    : "has commands that load libraries and that serve and write files";
}

function judgeNft({ operands: [first] }: ReadArguments): string | undefined {
  return first !== undefined && spelled(first) === "list" ? undefined : "changes the firewall";
}

const writesTo = (what: string, ...options: string[]) =>
  Object.fromEntries(options.map((option) => [option, `writes ${what} to any file`]));

export const toolRules: Readonly<Record<string, EscapeRule>> = {
  tar: {
    kind: "options",
    reason: "packs or unpacks, by options that are all literal and run nothing",
    known: "-c -x -t -f: -C: -v -p -k -m -O -z -j -J -h -P -S -T: --create --extract --list " +
      "--file: --directory: --verbose --gzip --bzip2 --xz --zstd --preserve-permissions " +
      "--same-owner --no-same-owner --no-same-permissions --numeric-owner --owner: --group: " +
      "--mode: --mtime: --sort: --format: --pax-option: --exclude: --strip-components: " +
      "--keep-old-files --overwrite --delay-directory-restore --force-local --no-recursion " +
      "--null --to-stdout --files-from:",
    code: {
      "--checkpoint-action": "runs what --checkpoint-action names",
      "--use-compress-program": "runs what is to compress",
      "-I": "runs what is to compress",
      "--to-command": "runs a command for each file",
      "--info-script": "runs a script after each volume",
      "--new-volume-script": "runs a script after each volume",
      "-F": "runs a script after each volume",
      "--rsh-command": "runs what is to reach another machine",
      "--rmt-command": "runs what is to reach another machine",
    },
    judge: judgeTar,
  },
  sed: {
    kind: "options",
    reason: "edits text in its sandbox, which has no e, r and w",
    known: "-n -E -r -s -u -z -e: --sandbox --quiet --silent --expression: --regexp-extended " +
      "--posix --null-data --unbuffered --separate",
    code: {
      "-i": "writes the files that it reads",
      "--in-place": "writes the files that it reads",
      "-f": "reads its commands from a file",
      "--file": "reads its commands from a file",
    },
    judge: judgeSed,
  },
  find: {
    kind: "options",
    reason: "lists files by tests that are all literal and neither run nor write",
    style: "anywhere",
    known: "-H -L -P -type: -name: -iname: -path: -mtime: -mmin: -newer: -size: -user: -group: " +
      "-perm: -maxdepth: -mindepth: -xdev -mount -empty -print -print0 -printf: -prune -not -o -a " +
      "-links: -readable -writable -executable",
    code: {
      "-exec": "runs what -exec names",
      "-execdir": "runs what -execdir names",
      "-ok": "runs what -ok names",
      "-okdir": "runs what -okdir names",
      "-delete": "deletes what it finds",
      ...writesTo("lists", "-fprint", "-fprint0", "-fprintf", "-fls"),
    },
  },
  curl: {
    kind: "options",
    reason: "transfers a URL to its standard output, by options that are all literal",
    known: "-q --disable -s -S -f -L -v -i -I -g -X: -H: -m: -4 -6 --silent --show-error --fail " +
      "--location --verbose --include --head --request: --header: --max-time: --connect-timeout: " +
      "--retry: --retry-delay: --cacert: --capath: --tlsv1.2 --tlsv1.3 --proto: --compressed " +
      "--noproxy: --fail-with-body --max-filesize: --no-progress-meter --globoff",
    code: {
      "-K": "reads more options from a file",
      "--config": "reads more options from a file",
      "--engine": "loads a library",
      ...writesTo("what it fetched", "-o", "--output", "-O", "--remote-name", "-J", "--output-dir"),
      ...writesTo("cookies", "-c", "--cookie-jar"),
      ...writesTo("headers", "-D", "--dump-header"),
      ...writesTo("a trace", "--trace", "--trace-ascii", "--stderr"),
      "-d": "sends any file (-d @file)",
      "--data": "sends any file (--data @file)",
      "-F": "sends any file",
      "-T": "sends any file",
    },
    judge: judgeCurl,
  },
  openssl: {
    kind: "options",
    reason: "computes, by options that are all literal and load nothing",
    style: "words",
    known: "-sign: -verify: -signature: -in: -inkey: -pubin -pubkey -noout -text -sha256 -sha384 " +
      "-sha512 -hex -binary -rawin -keyform: -inform: -outform: -fingerprint -subject -issuer " +
      "-dates -serial -checkend: -CAfile: -purpose: -enddate -startdate -r -a -pkeyopt:",
    code: {
      "-engine": "loads any library",
      "-provider": "loads any library",
      "-provider-path": "loads libraries from any folder",
      "-config": "reads a configuration that may load libraries",
      ...writesTo("its result", "-out", "-writerand"),
    },
    judge: judgeOpenssl,
  },
  nft: {
    kind: "options",
    reason: "lists rules and changes none",
    known: "-j -n -a -s -c -y -p --json --numeric --handle --stateless --check --terse",
    code: {
      "-f": "puts the rules of a file in force",
      "--file": "puts the rules of a file in force",
      "-i": "reads commands from its standard input",
      "--interactive": "reads commands from its standard input",
    },
    judge: judgeNft,
  },
};
