// flags: --allow-read --allow-write=<tmp> --allow-run=<deno> --allow-env
import assert from "node:assert/strict";
import type { LaunchPlaces } from "../places.ts";
import type { Handed } from "../planner_protocol.ts";
import { startPlanner, type Terminal } from "../start_planner.ts";

const pipeline = `sluice: v1
name: signed
params: { root: { type: path } }
steps:
  - id: part
    uses: pipeline
    file: part.yaml
    params: { root: "\${{ params.root }}" }
`;
const part = `sluice: v1
name: part
params: { root: { type: path } }
steps:
  - id: A0-1
    uses: release.lock
    with: { root: "\${{ params.root }}" }
`;

/** Plans what is handed over, in a folder that holds other texts by then. */
async function plan(texts: (folder: string) => Readonly<Record<string, string>>) {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  await Deno.writeTextFile(`${folder}/main.yaml`, pipeline.replace("signed", "swapped"));
  await Deno.writeTextFile(`${folder}/part.yaml`, part.replace("A0-1", "evil"));
  await Deno.writeTextFile(`${folder}/values.yaml`, "root: /srv/demo\n");
  const said = { out: "", err: "" };
  const terminal: Terminal = {
    stdin: new Blob([]).stream(),
    stdout: (text) => said.out += text,
    stderr: (text) => said.err += text,
    color: false,
    columns: 80,
  };
  const file = `${folder}/main.yaml`;
  const report = { file, signature: `${file}.sig.json`, ok: true, faults: [] };
  const handed: Handed = { texts: texts(folder), report };
  const places: LaunchPlaces = {
    deno: Deno.execPath(),
    project: decodeURIComponent(new URL("../../..", import.meta.url).pathname).replace(/\/$/, ""),
    cwd: folder,
    runs: `${folder}/runs`,
    tmp: "/tmp",
  };
  const args = ["plan", "main.yaml", "--params", "values.yaml", "--require-signature", "keys"];
  const { signal } = new AbortController();
  const answers = {
    programs: () => ({}),
    judgement: () => Promise.resolve(undefined),
    describerBox: () => Promise.resolve({ kind: "none", why: "a test" } as const),
    foresee: () => {},
    box: () => Promise.resolve({ kind: "none" } as const),
  };
  const getAnswers = () => Promise.resolve(answers);
  const planned = await startPlanner(args, places, terminal, signal, getAnswers, { handed });
  return { planned, said };
}

Deno.test("startPlanner() plans the bytes that were verified, not those that are there by then", async () => {
  // Large enough that a pipe does not take it at once.
  const large = `${pipeline}${"# much\n".repeat(100_000)}`;
  const { planned, said } = await plan((folder) => ({
    [`${folder}/main.yaml`]: large,
    [`${folder}/part.yaml`]: part,
  }));
  assert.deepEqual(planned, { kind: "ended", exit: 0 });
  assert.match(said.out, /^signed\n/);
  assert.match(said.out, /part\.A0-1 +release\.lock/);
  assert.match(said.out, /\/srv\/demo/, "the file of values is read");
  assert.doesNotMatch(said.out, /swapped|evil/);
});

Deno.test("startPlanner() lets a planner that is handed texts plan nothing else", async () => {
  const { planned } = await plan((folder) => ({ [`${folder}/main.yaml`]: pipeline }));
  assert.deepEqual(planned, { kind: "ended", exit: 6 });
  const none = await plan(() => ({}));
  assert.deepEqual(none.planned, { kind: "ended", exit: 6 });
});
