import { permissions } from "../../../engine/permissions/permissions.ts";
import { renderSystemd } from "../../../engine/permissions/render/systemd.ts";
import { union } from "../../../engine/permissions/union.ts";
import { type Kit, unitName } from "./kit.ts";
import { kitCommand, kitWord } from "./kit_command.ts";

/**
 * The text of a kit's systemd unit: the kit's own command, without a shell, in the box that the set
 * makes. What the unit cannot say stands at its end, for the reviewer.
 */
export function kitUnit(kit: Kit): string {
  const { surface, note, set, runs, home, programs } = kit;
  const put = (word: string) => word.replaceAll(kitWord, home);
  const [program, ...args] = kitCommand(kit).map(put);
  const engine = permissions({ read: [runs], write: [runs] });
  const { text } = renderSystemd({
    name: surface,
    summary: note,
    set: union(engine, set),
    explained: [],
    programs,
    exec: [program!, ...args, "--box", "unit"],
    places: { project: home, deno: program!, runs, tmp: "/tmp" },
  });
  return text.replace(
    /^# Made by .*\n/,
    `# ${
      unitName(surface)
    }.service: made by sluice compile, as part of ${home}. Do not edit it;\n` +
      `# what you want to add belongs into ${unitName(surface)}.service.d/*.conf.\n`,
  );
}
