// flags: --allow-read=<project>,<tmp> --allow-write=<tmp>
import assert from "node:assert/strict";
import { InvalidInputError } from "../../engine/errors.ts";
import { testContext } from "../release/test_bed.ts";
import { extractPackage } from "./extract.ts";
import { namesIn } from "./test_package.ts";
import { hostileLimits } from "./zip/hostile_parts.ts";
import { hostileZips } from "./zip/hostile_zips.ts";

/** Nothing is left open, and nothing at work. */
const clean = { sanitizeOps: true, sanitizeResources: true };

for (const [what, [make, why]] of Object.entries(hostileZips)) {
  Deno.test(`apkg.extract refuses a zip with ${what}, and leaves nothing`, clean, async () => {
    const around = await Deno.makeTempDir();
    const work = `${around}/work`;
    await Deno.mkdir(work);
    const file = `${work}/package.apkg`;
    await Deno.writeFile(file, make());
    const input = { package: file, to: `${work}/package`, ...hostileLimits };
    await assert.rejects(extractPackage.run(input, testContext()), (error) => {
      assert.ok(error instanceof InvalidInputError, String(error));
      assert.match(error.message, why);
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(error.message, /[\x00-\x1f\u2028]/);
      return true;
    });
    assert.deepEqual(await namesIn(around), ["work"]);
    assert.deepEqual(await namesIn(work), ["package.apkg"]);
  });
}
