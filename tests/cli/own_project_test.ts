// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>,/bin/sh
/** The command of docs/pipelines.md for a project outside of a checkout, as it stands there. */
import assert from "node:assert/strict";
import { folderWith } from "./folder_with.ts";

const project = decodeURIComponent(new URL("../..", import.meta.url).pathname).replace(/\/$/, "");

const pipeline = `sluice: v1
name: own
steps:
  - id: A0-1
    uses: http.probe
    with: { url: "http://127.0.0.1:7443/" }
`;

Deno.test("the command for a project of one's own checks a pipeline where one stands", async () => {
  const page = await Deno.readTextFile(`${project}/docs/pipelines.md`);
  const [, section = ""] = page.split("## In a project of your own\n");
  const script = /^```sh\n(.*?\n)```$/ms.exec(section)?.[1];
  assert.ok(script !== undefined, "there is no such command");
  const path = "/opt/sluice/deno.json";
  assert.ok(script.includes(path));
  const cwd = await folderWith({
    "own.yaml": pipeline,
    "bad.yaml": pipeline.replace("http.probe", "http.prob"),
    "sluice": script.replace(path, `${project}/deno.json`),
  });
  const folder = Deno.execPath().replace(/\/[^/]*$/, "");
  const check = async (file: string) => {
    const { code, stdout, stderr } = await new Deno.Command("/bin/sh", {
      // The task that runs this test has told it where it was started.
      args: ["-c", 'unset INIT_CWD; exec /bin/sh sluice "$@"', "sh", "check", file],
      cwd,
      env: { PATH: `${folder}:/usr/bin:/bin`, NO_COLOR: "1" },
    }).output();
    const decoder = new TextDecoder();
    return { code, said: decoder.decode(stdout) + decoder.decode(stderr) };
  };
  const good = await check("own.yaml");
  assert.equal(good.code, 0, good.said);
  assert.match(good.said, /1 pipeline, no faults/);
  const bad = await check("bad.yaml");
  assert.equal(bad.code, 2, bad.said);
  assert.match(bad.said, /^bad\.yaml:5:11/m);
});
