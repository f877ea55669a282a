import { layout } from "../../steps/release/layout.ts";
import { ownFiles } from "../../steps/release/release_folder.ts";

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
    // What a release that was made of a bundle has; steps that look into it make a real one.
    await Deno.mkdir(`${at.release(version)}/${ownFiles.folder}`);
    await Deno.writeTextFile(`${at.release(version)}/${ownFiles.metadata}`, "{}");
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
