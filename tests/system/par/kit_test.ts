// flags: see the group `par`
/**
 * PAR as `sluice compile par` makes it for a machine without a checkout: the bundled launcher, planner
 * and runner, started by the kit's own scripts.
 *
 * @module
 */
import assert from "node:assert/strict";
import { copyProject } from "../../cli/copy_project.ts";
import { type Ended, sluice, startCommand } from "../../cli/start_sluice.ts";
import { writeKey } from "../../cli/write_key.ts";
import { a2a } from "./a2a.ts";
import { boot, get, pack, parFolder } from "./bed.ts";

const kits = `${Deno.env.get("TMPDIR")}/kits`;
const kit = `${kits}/par`;
let made: Promise<Ended> | undefined;

/** The kit, compiled once. */
async function compiled(): Promise<void> {
  await Deno.mkdir(kits, { recursive: true });
  const args = ["compile", "par", "--output", kit, "--runs", `${parFolder()}-runs`];
  const { code, stderr } = await (made ??= sluice(args, { cwd: kits }));
  assert.equal(code, 0, stderr);
}

/** What the kit's own command line says, with nothing of this environment but what is given. */
function ask(...args: readonly string[]): Promise<Ended> {
  return startCommand([`${kit}/sluice`, ...args], { cwd: kits, env: { TMPDIR: kits } }).ended;
}

Deno.test("a kit of PAR boots a package in Python and serves its three faces", async () => {
  await compiled();
  await using par = await boot({ AGENT_PACKAGE_PATH: await pack("sample") }, { kit });
  await par.ready();
  const { rest, ports } = par;
  assert.equal((await get(`${rest}/agents/a-1/api/ping`))[0], 200);
  assert.equal((await get(`http://127.0.0.1:${ports.ui}/`))[0], 200);
  assert.match(await a2a(ports.a2a, "Invoke", "greet", "who=you"), /"Hello, you"/);
  assert.match(await a2a(ports.a2a, "/grpc.health.v1.Health/Check"), /^1 1\n$/);
  const { code, lines } = await par.end();
  assert.equal(code, 0);
  assert.ok(lines.some(({ token }) => token?.startsWith("APPLIANCE_STEP:serve:OK:")));
});

Deno.test("a kit of PAR boots an agent in TypeScript from S3, and refuses one that asks for more", async () => {
  await compiled();
  const body = await Deno.readFile(await pack("typescript"));
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response(body),
  );
  const s3 = {
    PACKAGE_URL: "s3://agents/a.apkg",
    S3_BUCKET: "agents",
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${server.addr.port}`,
  };
  await using par = await boot(s3, { kit });
  await par.ready();
  assert.equal((await get(`${par.rest}/agents/a-1/api/ping`))[0], 200);
  assert.equal((await par.end()).code, 0);
  await using asking = await boot({ AGENT_PACKAGE_PATH: await pack("asking") }, { kit });
  assert.equal((await asking.ended()).code, 7);
});

Deno.test("a kit can do what its surface may do, and nothing else", async () => {
  await compiled();
  const { stdout } = await ask("surfaces", "--format", "json");
  assert.deepEqual(JSON.parse(stdout).surfaces.map(({ name }: { name: string }) => name), ["par"]);
  const other = await ask("run", "--surface", "appliance-rollback");
  assert.equal(other.code, 7, other.stderr);
  const wide = `${kits}/wide.yaml`;
  await Deno.mkdir(`${kits}/root`);
  const step = `{ id: one, uses: release.lock, with: { root: ${kits}/root } }`;
  await Deno.writeTextFile(wide, `sluice: v1\nname: wide\nsteps:\n  - ${step}\n`);
  // In a checkout the ceiling of what is ad hoc allows it.
  const env = { TMPDIR: kits };
  assert.equal((await sluice(["run", wide], { cwd: kits, env })).code, 0);
  const adHoc = await ask("run", wide);
  assert.equal(adHoc.code, 7, adHoc.stderr);
  for (const command of [["lock"], ["compile", "par", "--output", `${kits}/other`]]) {
    const refused = await ask(...command);
    assert.equal(refused.code, 64, refused.stderr);
    assert.match(refused.stderr, /needs the sources of Sluice, and this is a kit/);
  }
});

Deno.test("a kit of a surface that has to be signed holds its pipeline as it was signed", async () => {
  const project = await copyProject();
  const cwd = await Deno.makeTempDir();
  await writeKey(`${cwd}/own.key`, `${cwd}/own.pub`);
  const ask = (...args: string[]) => sluice(args, { cwd, project: project.folder });
  const signed = await ask("sign", "par", "--key", "file:own.key");
  assert.equal(signed.code, 0, signed.stderr);
  const compile = ["compile", "par", "--output", "par", "--require-signature", "own.pub"];
  const made = await ask(...compile);
  assert.equal(made.code, 0, made.stderr);
  const boot = "pipelines/par/boot.yaml";
  assert.equal(await Deno.readTextFile(`${cwd}/par/${boot}`), await project.original(boot));
  await project.edit(boot, "name: par-boot", "name: par-other");
  assert.equal((await ask(...compile)).code, 6);
});

Deno.test("a kit is made anew in its place only where nobody changed it", async () => {
  await compiled();
  const again = () => sluice(["compile", "par", "--output", kit], { cwd: kits });
  const chunk = [...Deno.readDirSync(`${kit}/runtime`)].find(({ isFile }) => isFile)!.name;
  const path = `${kit}/runtime/${chunk}`;
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, `${text}// mine\n`);
  const refused = await again();
  assert.equal(refused.code, 64, refused.stderr);
  assert.match(refused.stderr, new RegExp(`somebody changed runtime/${chunk} in it`));
  await Deno.writeTextFile(path, text);
  await Deno.writeTextFile(`${kit}/runtime/launch/mine.js`, "");
  assert.match((await again()).stderr, /somebody changed runtime\/launch\/mine\.js in it/);
  await Deno.remove(`${kit}/runtime/launch/mine.js`);
});
