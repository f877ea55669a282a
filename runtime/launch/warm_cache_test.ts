// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno> --allow-env=<what Deno needs>
import assert from "node:assert/strict";
import type { LaunchPlaces } from "./places.ts";
import { placesIn } from "./test_places.ts";
import { isWarm, warmCache } from "./warm_cache.ts";

const folders = ["engine/execute", "engine/journal", "runtime/runner"];

/** A project of which a runner loads one module from each of the folders, the last one late. */
async function world(): Promise<{ places: LaunchPlaces; cache: string }> {
  const top = await Deno.realPath(await Deno.makeTempDir());
  const project = `${top}/project`;
  for (const folder of folders) {
    await Deno.mkdir(`${project}/${folder}`, { recursive: true });
    await Deno.writeTextFile(`${project}/${folder}/part.ts`, "export const a: number = 1;\n");
  }
  await Deno.writeTextFile(`${project}/deno.json`, "{}");
  await Deno.writeTextFile(
    `${project}/runtime/runner.ts`,
    `import "../engine/execute/part.ts";\nimport "../engine/journal/part.ts";\n` +
      `if (Deno.args.length > 0) await import("./runner/part.ts");\n`,
  );
  const places = placesIn(top, project);
  return { places, cache: `${top}/cache` };
}

Deno.test("warmCache() has compiled what a runner loads, once, until it changes", async () => {
  const { places, cache } = await world();
  const before = Deno.env.get("DENO_DIR");
  Deno.env.set("DENO_DIR", cache);
  try {
    assert.equal(isWarm(places.project, cache), false);
    await warmCache(places);
    // That the cache lies there, and in this form, is Deno's affair: this tells when it changes.
    assert.equal(isWarm(places.project, cache), true);
    assert.equal(warmCache(places), undefined);
    await Deno.writeTextFile(`${places.project}/engine/execute/new.ts`, "export {};\n");
    // A file system's clock may not have ticked since it was compiled.
    const later = new Date(Date.now() + 1000);
    await Deno.utime(`${places.project}/engine/execute`, later, later);
    assert.equal(isWarm(places.project, cache), false);
  } finally {
    if (before === undefined) Deno.env.delete("DENO_DIR");
    else Deno.env.set("DENO_DIR", before);
  }
});
