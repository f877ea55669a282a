import { shellWord } from "../../../engine/permissions/render/shell_word.ts";
import type { Kit } from "./kit.ts";
import { kitCommand, kitEnvironment, kitWord } from "./kit_command.ts";

/**
 * The start script of a kit, for people and for init systems other than systemd. It finds the kit
 * where it lies itself, clears the environment, and becomes the runner: signals reach that, and its
 * exit code is the script's.
 */
export function startScript(kit: Kit): string {
  const { fixed, passed } = kitEnvironment(kit);
  const variables = [
    ...Object.entries(fixed).map(([name, value]) => scriptWord(`${name}=${value}`)),
    // Nothing where it is not set, and one word, whatever it holds, where it is.
    ...passed.map((name) => `\${${name}+"${name}=$${name}"}`),
  ];
  const command = kitCommand(kit);
  const words = command.map(scriptWord);
  const program = command[0].slice(kitWord.length + 1);
  return `#!/bin/sh
# Runs the surface ${kit.surface} with exactly the permissions that permissions.json names.
# Made by sluice compile. Do not edit it: the flags below are what was reviewed.
${findsItself("start", program)}
# What else the caller has open is not for the runner; a shell knows numbers of one digit.
exec 3<&- 4<&- 5<&- 6<&- 7<&- 8<&- 9<&-
exec /usr/bin/env -i \\
  ${[...variables, ...words, '"$@"'].join(" \\\n  ")}
`;
}

/**
 * The lines of a script that find the kit's folder, where the script lies itself.
 *
 * @param script its name, for faults
 * @param program what the kit has to hold
 */
export function findsItself(script: string, program: string): string {
  return `set -eu
case $0 in
*/*) kit=\${0%/*} ;;
*) kit=. ;;
esac
kit=$(CDPATH='' cd -- "$kit" && pwd -P)
if [ ! -f "$kit/SHA256SUMS" ] || [ ! -x "$kit/${program}" ]; then
  echo "${script}: $kit holds no kit; call the script by its own path, not through a link" >&2
  exit 64
fi
case $kit in
*,*)
  echo "${script}: $kit has a comma in its name, which ends a path in Deno's flags; move it" >&2
  exit 64
  ;;
esac`;
}

/** A word of the command as a shell reads it, with the kit's folder put in when it runs. */
function scriptWord(word: string): string {
  return word.split(kitWord)
    .map((part) => part === "" ? "" : shellWord(part))
    .join('"$kit"');
}
