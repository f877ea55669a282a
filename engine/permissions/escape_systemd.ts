import { spelled } from "./element.ts";
import type { EscapeRule, ReadArguments } from "./escape_rule.ts";

/** Verbs that only ask. */
const asks = "show status is-active is-enabled is-failed is-system-running list-units cat " +
  "list-unit-files list-timers list-sockets list-jobs list-dependencies get-default daemon-reload";

/** Verbs that act on units that are installed. */
const acts = "start stop restart try-restart reload reload-or-restart try-reload-or-restart " +
  "reset-failed enable disable";

/** Why other verbs are left out, of those that somebody may want. */
const others: Readonly<Record<string, string>> = {
  edit: "starts an editor (edit)",
  link: "takes a unit from any file (link)",
  "set-environment": "sets variables of every service (set-environment)",
  "import-environment": "sets variables of every service (import-environment)",
  "set-property": "changes how units are started (set-property)",
  "switch-root": "starts another system (switch-root)",
  kexec: "starts another kernel (kexec)",
  bind: "mounts into services (bind)",
  "mount-image": "mounts into services (mount-image)",
};

function judgeVerb({ operands: [first, ...units] }: ReadArguments): string | undefined {
  if (first === undefined || !("literal" in first)) return "does whatever its free first word says";
  const verb = first.literal;
  if (asks.split(" ").includes(verb)) return undefined;
  if (!acts.split(" ").includes(verb)) {
    return Object.hasOwn(others, verb)
      ? others[verb]
      : `has a verb that nobody looked at (${verb})`;
  }
  // A path would be a unit of somebody's own.
  const named = units.every((unit) => spelled(unit) !== "" && !spelled(unit).includes("/"));
  return named ? undefined : `would ${verb} any unit, debug-shell.service among them`;
}

export const systemdRules: Readonly<Record<string, EscapeRule>> = {
  systemctl: {
    kind: "options",
    reason: "asks the service manager for what its literal verb says of the units that it names",
    known:
      "--no-ask-password --no-block --no-pager --no-legend --plain --full -l --all -a --quiet " +
      "-q --property: -p: --value --state: --type: -t: -o: --output: --lines: -n: --timestamp: " +
      "--job-mode: --wait --now --runtime --system --failed",
    code: {
      "--host": "starts ssh",
      "-H": "starts ssh",
      "--machine": "enters a container",
      "-M": "enters a container",
      "--root": "changes the units of another tree",
      "--image": "mounts an image",
      "--user": "asks the manager of a user, whose units that user writes",
    },
    judge: judgeVerb,
  },
  journalctl: {
    kind: "options",
    reason: "reads the journal, by options that are all literal and write nothing",
    known: "-u: --unit: --user-unit: -n: --lines: -o: --output: --no-hostname --no-pager --quiet " +
      "-q -b --boot -k --dmesg -p: --priority: -S: --since: -U: --until: -g: --grep: -t: " +
      "--identifier: -r --reverse -a --all --utc --no-tail -x --catalog --output-fields: --full -l " +
      "-m --merge --list-boots --header --disk-usage -c: --cursor: --after-cursor: --show-cursor " +
      "-f --follow --system -N --fields -F: --field: --facility: --case-sensitive:",
    code: {
      "--cursor-file": "writes to the file of --cursor-file",
      "--root": "reads the tree of another system",
      "--image": "mounts an image",
      "--machine": "enters a container",
      "-M": "enters a container",
      "--directory": "reads any folder as a journal",
      "-D": "reads any folder as a journal",
      "--file": "reads any file as a journal",
      "-i": "reads any file as a journal",
    },
  },
};
