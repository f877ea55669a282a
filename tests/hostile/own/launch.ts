import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { permissions } from "../../../engine/permissions/permissions.ts";
import { findPrograms } from "../../../runtime/launch/find_programs.ts";
import { folderWith } from "../../cli/folder_with.ts";
import { foreignFile, foreignPipeline, type ForeignSpec } from "../../cli/foreign_bed.ts";
import { sluice } from "../../cli/start_sluice.ts";
import type { OwnCase } from "../case.ts";

const wrote = (cwd: string) => Deno.lstat(`${cwd}/wrote`).then(() => true, () => false);
/** A step that leaves a trace where it runs. */
const tracing = (cwd: string, more: Partial<ForeignSpec> = {}): ForeignSpec => ({
  grants: { write: [`${cwd}/wrote`] },
  run: `await Deno.writeTextFile("${cwd}/wrote", "");`,
  ...more,
});

async function folderOf(more: Partial<ForeignSpec> = {}): Promise<string> {
  const cwd = await folderWith({ "alone.yaml": foreignPipeline() });
  await Deno.writeTextFile(`${cwd}/step.ts`, foreignFile(tracing(cwd, more)));
  return cwd;
}

async function acceptedSet(cwd: string): Promise<string> {
  const { stdout, stderr } = await sluice(["plan", "alone.yaml"], { cwd });
  const set = /\nset (sha256:\w+)/.exec(stdout)?.[1];
  assert.ok(set !== undefined, stderr);
  return set;
}

/** Runs, is refused, and nothing has run; with the right set, it does run. */
async function refused(cwd: string, args: readonly string[], message: RegExp): Promise<void> {
  const { code, stderr, stdout } = await sluice(["run", "--box", "none", ...args], { cwd });
  assert.equal(code, 7, stderr);
  assert.match(stderr, message);
  assert.equal(stdout, "");
  assert.equal(await wrote(cwd), false);
}

/** What is decided when a run starts. */
export const launch: readonly OwnCase[] = [
  {
    name: "forged-accept",
    attack: "is run with --accept of a set that somebody made up",
    layer: "launcher",
    async prove() {
      const cwd = await folderOf();
      const forged = `sha256:${"0".repeat(64)}`;
      await refused(cwd, ["alone.yaml", "--accept", forged], /was accepted, but this is/);
    },
  },
  {
    name: "changed-code",
    attack: "changes its code between the plan that was accepted and the run",
    layer: "launcher",
    async prove() {
      const cwd = await folderOf();
      const set = await acceptedSet(cwd);
      const file = `${cwd}/step.ts`;
      const text = await Deno.readTextFile(file);
      await Deno.writeTextFile(file, `${text}// changed\n`);
      await refused(cwd, ["alone.yaml", "--accept", set], /was accepted, but this is/);
      await Deno.writeTextFile(file, text);
      const ran = await sluice(["run", "alone.yaml", "--box", "none", "--accept", set], { cwd });
      assert.equal(ran.code, 0, ran.stderr);
      assert.equal(await wrote(cwd), true);
    },
  },
  {
    name: "forged-plan",
    attack: "is run from a plan whose permissions somebody widened",
    layer: "launcher",
    async prove() {
      const cwd = await folderOf();
      const set = await acceptedSet(cwd);
      const { stdout } = await sluice(["plan", "alone.yaml", "--format", "json"], { cwd });
      const forged = stdout.replaceAll(`"${cwd}/wrote"`, `"${cwd}"`);
      assert.notEqual(forged, stdout);
      await Deno.writeTextFile(`${cwd}/plan.json`, forged);
      const { code, stderr } = await sluice(
        ["run", "--box", "none", "--plan", "plan.json", "--accept", set],
        { cwd },
      );
      assert.ok([2, 7].includes(code), `${code} ${stderr}`);
      assert.match(stderr, /was accepted, but this is|does not|differ|damaged|digest/);
      assert.equal(await wrote(cwd), false);
    },
  },
  {
    name: "changed-after-signing",
    attack: "changes the code of a step of a pipeline that was signed",
    layer: "launcher",
    async prove() {
      const cwd = await folderOf();
      const { publicKey, privateKey } = generateKeyPairSync("ed25519");
      const pem = (text: unknown) => String(text);
      await Deno.writeTextFile(
        `${cwd}/own.key`,
        pem(privateKey.export({ type: "pkcs8", format: "pem" })),
      );
      await Deno.writeTextFile(
        `${cwd}/own.pub`,
        pem(publicKey.export({ type: "spki", format: "pem" })),
      );
      const signed = await sluice(["sign", "alone.yaml", "--key", "file:own.key"], { cwd });
      assert.equal(signed.code, 0, signed.stderr);
      const required = ["alone.yaml", "--require-signature", "own.pub"];
      const intact = await sluice(["plan", ...required], { cwd });
      assert.equal(intact.code, 0, intact.stderr);
      const file = `${cwd}/step.ts`;
      await Deno.writeTextFile(file, `${await Deno.readTextFile(file)}// changed\n`);
      const changed = await sluice(["plan", ...required], { cwd });
      assert.equal(changed.code, 6, changed.stderr);
      assert.match(changed.stderr, /step\.ts/);
      // Nor does anybody's agreement stand in for the signature.
      const set = await acceptedSet(cwd);
      const accepted = await sluice(["run", ...required, "--accept", set], { cwd });
      assert.equal(accepted.code, 6, accepted.stderr);
      assert.match(accepted.stderr, /--accept would let more pass than the signed lock/);
      assert.equal(await wrote(cwd), false);
    },
  },
  {
    name: "program-in-no-box",
    attack: "may start a program, where no box can be made around it",
    layer: "launcher",
    async prove() {
      const cwd = await folderOf({ grants: { run: [{ program: "echo", args: ["hello"] }] } });
      const set = await acceptedSet(cwd);
      const message = /echo may start in a box of its own only, and --box none was given/;
      await refused(cwd, ["alone.yaml", "--accept", set], message);
    },
  },
  {
    name: "planted-in-path",
    attack: "plants a program in PATH and in node_modules/.bin",
    layer: "launcher",
    prove() {
      const set = permissions({ run: [{ program: "planted-ln", args: [], env: [] }] });
      assert.throws(() => findPrograms(set), /planted-ln/);
      // Where it is looked for, no user's file is, and no variable says otherwise.
      const ln = permissions({ run: [{ program: "ln", args: [], env: [] }] });
      assert.match(JSON.stringify(findPrograms(ln)), /"\/usr\/bin\/ln"/);
      return Promise.resolve();
    },
  },
  {
    name: "includes-itself",
    attack: "is a pipeline that includes itself through a link",
    layer: "plan",
    async prove() {
      const text = "sluice: v1\nname: x\nsteps:\n  - { id: a, uses: pipeline, file: again.yaml }\n";
      const cwd = await folderWith({ "x.yaml": text });
      const args = ["-s", "x.yaml", `${cwd}/again.yaml`];
      assert.ok((await new Deno.Command("/usr/bin/ln", { args }).output()).success);
      const { code, stderr } = await sluice(["check", "x.yaml"], { cwd });
      assert.equal(code, 2, stderr);
      assert.match(stderr, /includes itself|cycle|again/);
    },
  },
  {
    name: "terminal-tricks",
    attack: "prints and notes what moves the cursor, turns text around and hides a link",
    layer: "engine",
    async prove() {
      const tricks =
        "\\u001b[1A\\u001b]8;;http://x/\\u0007ok\\u001b]8;;\\u0007 \\u202egnol \\u009bK";
      const cwd = await folderOf({
        run: `ctx.emit.note("noted ${tricks}"); console.log("printed ${tricks}"); return {};`,
      });
      const set = await acceptedSet(cwd);
      const ran = await sluice(["run", "alone.yaml", "--box", "none", "--accept", set], { cwd });
      assert.equal(ran.code, 0, ran.stderr);
      assert.match(ran.stderr, /noted /);
      assert.match(ran.stderr, /printed /);
      const shown = ran.stdout + ran.stderr.replaceAll("\n", "");
      assert.doesNotMatch(shown, /\p{Cc}(?<!\n)|[\u202a-\u202e]/u);
    },
  },
];
