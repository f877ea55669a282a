/**
 * Unpacks a package as the step does, in a process of its own: `unpack.ts FILE TO`. Says when it is
 * done, and stays until its standard input ends, so that somebody can look at it.
 *
 * @module
 */
import { extractPackage } from "../../../steps/apkg/extract.ts";
import { testContext } from "../../../steps/release/test_bed.ts";

const [file, to] = Deno.args as [string, string];
const limits = { max_entries: 20_000, max_bytes: 2 ** 30, max_file: 2 ** 29, max_ratio: 200 };
try {
  const { files, bytes } = await extractPackage.run(
    { package: file, to, ...limits },
    testContext(),
  );
  console.log(`${files} files, ${bytes} bytes`);
} catch (error) {
  console.log(String(error));
}
await Deno.stdin.readable.pipeTo(new WritableStream());
