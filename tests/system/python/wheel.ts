import { TextReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";

/** Writes a wheel of a distribution that nobody published. */
export async function writeWheel(
  folder: string,
  name: string,
  version: string,
  files: Readonly<Record<string, string>>,
  requires: readonly string[] = [],
): Promise<void> {
  const info = `${name}-${version}.dist-info`;
  const lines = ["Metadata-Version: 2.1", `Name: ${name}`, `Version: ${version}`];
  const all: Record<string, string> = {
    ...files,
    [`${info}/METADATA`]: [...lines, ...requires.map((each) => `Requires-Dist: ${each}`), ""].join(
      "\n",
    ),
    [`${info}/WHEEL`]:
      "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
  };
  all[`${info}/RECORD`] = [...Object.keys(all), `${info}/RECORD`].map((path) => `${path},,\n`)
    .join("");
  const zip = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false });
  for (const [path, text] of Object.entries(all)) await zip.add(path, new TextReader(text));
  await Deno.writeFile(`${folder}/${name}-${version}-py3-none-any.whl`, await zip.close());
}
