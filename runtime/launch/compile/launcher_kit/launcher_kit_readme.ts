import { unitName } from "../kit.ts";
import type { LauncherKit } from "./launcher_kit.ts";

/** What an operator who finds the folder has to know, without another document. */
export function launcherKitReadme(
  { surface, note, pipelines, tokens, runs, home, unit, versions }: LauncherKit,
): string {
  const one = pipelines.length === 1;
  const start = one ? "./start" : "./start PIPELINE";
  const rows: readonly (readonly [string, string])[] = [
    [start, "starts a run; its parameters by `--param`, `--params` or the environment"],
    [
      `./sluice plan --surface ${surface}${one ? "" : " PIPELINE"}`,
      "shows what it would do, and may do",
    ],
    [`./sluice runs --runs ${runs}`, "lists the runs"],
    [
      `./sluice resume RUN --runs ${runs}`,
      "goes on with one that was cut off; what serves is started anew instead",
    ],
    [`./sluice permissions ${surface}`, "shows the ceiling"],
    ["sha256sum -c SHA256SUMS", "shows that nothing here was changed"],
  ];
  const width = Math.max(...rows.map(([command]) => command.length)) + 2;
  const table = rows.map(([command, does]) => `| ${`\`${command}\``.padEnd(width)} | ${does} |`);
  return `# ${surface}

${
    note === ""
      ? ""
      : `${note}\n\n`
  }Made by sluice ${versions.sluice} for ${versions.target}, with Deno ${versions.deno}. Everything it needs is
in this folder, but for the programs that the surface uses, and bubblewrap, which makes its boxes.

| ${"command".padEnd(width)} | does |
| ${"-".repeat(width)} | ---- |
${table.join("\n")}

Each start is planned, and held to \`permissions.lock.json\`: what that does not cover ends with 7, and
nothing was started. ${one ? "The pipeline is" : "The pipelines are"} ${
    pipelines.map((path) => `\`${path}\``).join(", ")
  }. Runs are kept in \`${runs}\`.
${
    unit === undefined ? "" : `
\`${unitName(surface)}.service\` starts it under systemd, from \`${home}\`, with the variables of
\`/etc/sluice/${surface}.env\`: copy it to \`/etc/systemd/system/\`. It is as wide as the ceiling, which
all in it share; what it cannot say stands at its end.
`
  }
${
    tokens === "agent-log"
      ? "Standard output is a log of JSON lines; a step's token is the field `token` of its line."
      : "Tokens (`APPLIANCE_STEP:…`) go to standard output, everything for people to standard error."
  } Exit
codes: 0 done, 2 invalid input, 3 degraded, 4 failed, 5 failed and undone, 7 refused, 10 busy,
124 timed out, 130 interrupted. Any other is a failure.

Do not edit anything here: the lock is what was reviewed. Compile again instead.
`;
}
