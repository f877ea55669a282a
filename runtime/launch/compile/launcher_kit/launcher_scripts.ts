import { shellWord } from "../../../../engine/permissions/render/shell_word.ts";
import { launchedPrograms } from "../../launched_programs.ts";
import { findsItself } from "../start_script.ts";
import type { LauncherKit } from "./launcher_kit.ts";

/** The script that is `sluice` in a kit of an open surface, with the launcher's own flags. */
export function launcherScript({ surface }: LauncherKit): string {
  return `#!/bin/sh
# Sluice, for the surface ${surface} alone: ./sluice --help says what it can do.
# The launcher that this starts holds each run to permissions.lock.json, which lies beside it.
${findsItself("sluice", "deno")}
export DENO_NO_UPDATE_CHECK=1
exec "$kit/deno" run --quiet --no-prompt --no-check --no-remote --no-npm --deny-import \\
  --config="$kit/deno.json" --allow-read --allow-env \\
  --allow-run="$kit/deno",${launchedPrograms.map(shellWord).join(",")} \\
  "$kit/runtime/launch/main.js" "$@"
`;
}

/** The script that starts the surface. */
export function surfaceScript({ surface, pipelines, tokens, runs }: LauncherKit): string {
  const words = ["run", "--surface", surface, "--runs", runs, "--tokens", tokens].map(
    shellWord,
  );
  const which = pipelines.length === 1 ? "" : "; say which pipeline, of those below pipelines/";
  return `#!/bin/sh
# Starts the surface ${surface}${which}.
${findsItself("start", "sluice")}
exec "$kit/sluice" ${words.join(" ")} "$@"
`;
}
