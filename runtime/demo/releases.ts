/** The releases of the ledger: the third expects what no record has. */
export const releases = [
  { version: "1.0.0", expects: ["id"] },
  { version: "2.0.0", expects: ["id", "by"] },
  { version: "3.0.0", expects: ["id", "by", "account"] },
] as const;

export const [first, second, third] = releases.map(({ version }) => version) as [
  string,
  string,
  string,
];

const license = "The ledger of the demonstration may be used by anybody for anything.\n";

/** Writes the folder that each release is bundled from, `FOLDER/VERSION`. */
export async function writeSources(folder: string): Promise<void> {
  const program = await Deno.readTextFile(new URL("service/main.ts", import.meta.url));
  for (const release of releases) {
    const source = `${folder}/${release.version}`;
    await Deno.mkdir(`${source}/files`, { recursive: true });
    await Deno.writeTextFile(`${source}/LICENSE`, license);
    await Deno.writeTextFile(`${source}/files/main.ts`, program);
    await Deno.writeTextFile(`${source}/files/release.json`, JSON.stringify(release) + "\n");
  }
}
