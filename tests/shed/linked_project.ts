import type { Permissions } from "../../engine/permissions/permissions.ts";
import { project } from "../system/runner_command.ts";

/** What the steps of these tests may be given. */
const ceiling: Partial<Permissions> = {
  read: ["/"],
  write: ["/"],
  connect: ["127.0.0.1", "unix:/"],
  listen: ["127.0.0.1", "unix:/"],
  env: ["SHED_TEST", "SHED_OTHER"],
  sys: ["hostname"],
  run: [{ program: "/usr/bin/true", args: [], env: [] }],
};

/**
 * A project in a folder of its own that is this one in everything but its steps: the same launcher,
 * planner and runner, by links, with `tests/shed/registry.ts` for a registry.
 */
export async function linkProject(): Promise<string> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  for (const name of ["engine", "runtime", "tests"]) {
    const { success } = await new Deno.Command("/usr/bin/ln", {
      args: ["-s", "--", `${project}/${name}`, `${folder}/${name}`],
      clearEnv: true,
    }).output();
    if (!success) throw new Error(`${name} could not be linked`);
  }
  await Deno.mkdir(`${folder}/steps`);
  await Deno.writeTextFile(
    `${folder}/steps/registry.ts`,
    'export { registry } from "../tests/shed/registry.ts";\n',
  );
  for (const name of ["deno.json", "deno.lock"]) {
    await Deno.copyFile(`${project}/${name}`, `${folder}/${name}`);
  }
  await Deno.writeTextFile(
    `${folder}/permissions.lock.json`,
    JSON.stringify({ schemaVersion: 1, ad_hoc: { ceiling }, surfaces: {} }),
  );
  return folder;
}
