import { packForTest } from "../../steps/release/pack_for_test.ts";
import { removeTree } from "../../engine/remove_tree.ts";
import { stageRelease } from "../../steps/release/stage.ts";
import { makeKey, testContext } from "../../steps/release/test_bed.ts";
import type { Bench } from "./bench.ts";

const files = 64;
const fileSize = 2 ** 20;

/** What staging a signed bundle costs beside what one would do by hand, to the same end. */
export const bench: Bench = {
  summary: "release.stage of 64 MiB beside tar --zstd, sha256sum and sync",
  rounds: 9,
  needs: ["tar", "zstd", "sha256sum", "sync"],
  flags: ({ project, tmp }) => [
    `--allow-read=${project},${tmp}`,
    `--allow-write=${tmp}`,
    "--allow-run=/usr/bin/ln,/usr/bin/tar,/usr/bin/sha256sum,/usr/bin/sync",
    "--allow-sys=statfs",
  ],
  async open({ tmp }) {
    const bundle = await pack(tmp);
    const params = { root: `${tmp}/root`, bundle, trust: `${tmp}/trust` };
    const unpacked = `${tmp}/unpacked`;
    return {
      subjects: [
        {
          name: "tar, sha256sum, sync",
          async prepare() {
            await removeTree(unpacked);
            await Deno.mkdir(unpacked);
          },
          async run() {
            await mustRun("/usr/bin/tar", "--zstd", "-xf", bundle, "-C", unpacked);
            const paths = Array.from({ length: files }, (_, n) => `${unpacked}/files/${n}`);
            await mustRun("/usr/bin/sha256sum", "--", ...paths);
            await mustRun("/usr/bin/sync", "--", ...paths);
          },
        },
        {
          name: "release.stage",
          prepare: () => removeTree(params.root),
          async run() {
            const { run } = stageRelease.permissions(params);
            const context = testContext({ permissions: run });
            await stageRelease.run({ ...params, metadata_sha256: "" }, context);
          },
        },
      ],
    };
  },
};

/** Half of each file can be compressed. */
async function pack(tmp: string): Promise<string> {
  const { pem } = await makeKey(`${tmp}/trust`, "release");
  await Deno.mkdir(`${tmp}/source/files`, { recursive: true });
  await Deno.writeTextFile(`${tmp}/source/LICENSE`, "MIT\n");
  for (let n = 0; n < files; n++) {
    const bytes = new Uint8Array(fileSize);
    for (let at = 0; at < fileSize / 2; at += 65_536) {
      crypto.getRandomValues(bytes.subarray(at, at + 65_536));
    }
    await Deno.writeFile(`${tmp}/source/files/${n}`, bytes);
  }
  const { bundle } = await packForTest({
    source: `${tmp}/source`,
    version: "1.0.0",
    pem,
    output: `${tmp}/out`,
  });
  return bundle;
}

async function mustRun(program: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args, stdout: "null" }).output();
  if (!success) throw new Error(`${program}: ${new TextDecoder().decode(stderr)}`);
}
