import { type Kit, unitName } from "./kit.ts";

/** What an operator who finds a kit's folder has to know, without another document. */
export function kitReadme({ surface, note, setDigest, home, runs, versions, set }: Kit): string {
  const unit = `${unitName(surface)}.service`;
  const variables = set.env.length === 0
    ? "Of the environment it gets what Deno reads itself: certificates, NO_COLOR."
    : [
      `Of the environment it gets ${[...set.env].sort().join(", ")}, where they are set;`,
      `for the unit: lines NAME=value in /etc/sluice/${surface}.env.`,
    ].join(" ");
  return `# ${surface}

${
    note === ""
      ? ""
      : `${note}\n\n`
  }Made by sluice ${versions.sluice} for ${versions.target}, with Deno ${versions.deno}. Everything it needs is
in this folder. It runs with exactly the permissions of \`permissions.json\`
(set \`${setDigest}\`),
reads its plan, and keeps its runs in \`${runs}\`. ${variables}

| command                          | does                                                          |
| -------------------------------- | ------------------------------------------------------------- |
| \`./start\`                        | goes on with a run that was cut off, else begins a new one    |
| \`./start --resume RUN [--again]\` | goes on with a run; \`--again\`: with what cannot be undone too |
| \`./start --undo RUN\`             | undoes a run                                                  |
| \`./start --help\`                 | lists what else may be given                                  |
| \`sha256sum -c SHA256SUMS\`        | shows that nothing here was changed                           |

Tokens (\`APPLIANCE_STEP:…\`) go to standard output, everything for people to standard error. Exit
codes: 0 done, 2 invalid input, 3 degraded, 4 failed, 5 failed and undone, 7 refused, 10 busy,
130 interrupted. Any other is a failure.

With systemd, from this folder:

    mkdir -p ${home}
    cp -a . ${home}
    cp ${unit} /etc/systemd/system/
    systemctl daemon-reload
    systemctl start ${unit}
    journalctl -u ${unit} -o cat

Do not edit anything here: the flags in \`start\` and in the unit are what was reviewed. Compile
again instead.
`;
}
