import assert from "node:assert/strict";
import { folderWith } from "../../cli/folder_with.ts";
import { runForeign } from "../../cli/foreign_bed.ts";
import type { OwnCase } from "../case.ts";

const variable = "__EGL_VENDOR_LIBRARY_FILENAMES";

async function shell(script: string, ...args: readonly string[]): Promise<boolean> {
  const { success } = await new Deno.Command("/bin/sh", {
    args: ["-c", `PATH=/usr/bin:/bin; ${script}`, "sh", ...args],
    clearEnv: true,
    stdout: "null",
    stderr: "null",
  }).output();
  return success;
}

/** What Deno loads for a step that asks for graphics. */
export const graphics: readonly OwnCase[] = [
  {
    name: "web-gpu",
    attack: "has WebGPU load a native library of its own, by a variable that it may set",
    layer: "launcher",
    unboxed: "the same",
    async prove() {
      const cwd = await folderWith({});
      // Who opens it for reading is told from who does not: no other process knows it.
      const library = `${cwd}/library`;
      assert.ok(await shell('mkfifo "$1"', library));
      let loaded = false;
      const waiting = Deno.open(library, { write: true }).then((file) => {
        loaded = true;
        file.close();
      });
      const { code, said } = await runForeign({
        grants: { env: [variable], write: [`${cwd}/open`] },
        run: `
          const ICD = { library_path: "${library}" };
          await Deno.writeTextFile("${cwd}/open", JSON.stringify({ file_format_version: "1.0.0", ICD }));
          Deno.env.set("${variable}", "${cwd}/open");
          await navigator.gpu.requestAdapter();
          return {};`,
      }, { cwd, args: ["--box", "none"] });
      assert.equal(code, 0, said.join("\n"));
      const reached = loaded;
      (await Deno.open(library, { read: true, write: true })).close();
      await waiting;
      assert.equal(reached, false);
    },
  },
];
