import { layout } from "../../steps/release/layout.ts";

/**
 * An installation with a folder for each version, `current` pointing to one of them.
 *
 * @param good versions that passed their gate, the newest last
 */
export async function makeRoot(
  root: string,
  { versions, current, good = [] }: {
    readonly versions: readonly string[];
    readonly current?: string;
    readonly good?: readonly string[];
  },
): Promise<void> {
  const at = layout(root);
  await Deno.mkdir(at.releases, { recursive: true });
  for (const version of versions) {
    await Deno.mkdir(at.release(version));
    await Deno.writeTextFile(`${at.release(version)}/VERSION`, version);
  }
  if (current !== undefined) {
    const made = await new Deno.Command("/usr/bin/ln", {
      args: ["-s", "--", `releases/${current}`, at.current],
    }).output();
    if (!made.success) throw new Error(new TextDecoder().decode(made.stderr));
  }
  if (good.length > 0) {
    await Deno.writeTextFile(at.good, good.map((version) => `${version}\n`).join(""));
    await Deno.writeTextFile(at.previous, `${good.at(-1)}\n`);
  }
}
