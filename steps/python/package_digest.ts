import { hashFile } from "../release/verify_release.ts";

/**
 * One digest over everything in a package: names, what may be run, contents. Links count as what they
 * say, never as what they lead to.
 */
export async function packageDigest(folder: string, signal: AbortSignal): Promise<string> {
  const { createHash } = await import("node:crypto");
  const whole = createHash("sha256");
  const walk = async (inside: string): Promise<void> => {
    const entries = await Array.fromAsync(Deno.readDir(`${folder}${inside}`));
    for (const { name } of entries.sort((a, b) => a.name < b.name ? -1 : 1)) {
      const path = `${inside}/${name}`;
      const info = await Deno.lstat(`${folder}${path}`);
      const say = (...parts: string[]) =>
        void whole.update(JSON.stringify([path, ...parts]) + "\n");
      if (info.isDirectory) {
        say("folder");
        await walk(path);
      } else if (info.isSymlink) say("link", await Deno.readLink(`${folder}${path}`));
      else {
        const run = ((info.mode ?? 0) & 0o111) === 0 ? "" : "run";
        say("file", run, await hashFile(`${folder}${path}`, signal));
      }
    }
  };
  await walk("");
  return whole.digest("hex");
}
