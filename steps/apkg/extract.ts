import * as v from "valibot";
import { permissions } from "../../engine/permissions/permissions.ts";
import { path, size } from "../../engine/schema/types.ts";
import { defineStep } from "../../engine/step.ts";
import { manifestSchema } from "./manifest/manifest.ts";

const count = (least: number, otherwise: number) =>
  v.optional(v.pipe(v.number(), v.integer(), v.minValue(least)), otherwise);

/**
 * Unpacks an agent package, a zip with `agent.yaml` at its root, and reads that manifest. The package
 * is believed nothing: every entry is judged before the first is written, lengths and CRC are those of
 * what is written, and it is unpacked into `TO.part`, which is renamed when all of it is right. A
 * package that stood at `to` is removed first.
 *
 * @throws InvalidInputError naming the entry that may not be, or every fault of the manifest; or where
 * something that is no package stands at `to`
 * @throws FailedError when there is no space left
 */
export const extractPackage = defineStep({
  name: "apkg.extract",
  summary: "Unpack an agent package and read its manifest",
  effect: "reversible",
  params: v.strictObject({
    /** The zip. */
    package: path(),
    /** Folder of the unpacked package; the folder that holds it is there. */
    to: path(),
    /** Files and folders of the package, at most. */
    max_entries: count(1, 20_000),
    /** Bytes of all files, unpacked. */
    max_bytes: v.optional(size(), 1024 ** 3),
    /** Bytes of one file, unpacked. */
    max_file: v.optional(size(), 512 * 1024 ** 2),
    /** How many times its size in the zip a file of more than 4 MiB may have. */
    max_ratio: count(1, 200),
  }),
  facts: v.strictObject({
    /** Folder of the unpacked package. */
    package: v.string(),
    manifest: manifestSchema,
    /** What there is to install: the package itself, its `requirements.txt`, or neither. */
    install: v.picklist(["project", "requirements", "none"]),
    files: v.number(),
    bytes: v.number(),
  }),
  example: `uses: apkg.extract
with:
  package: /var/lib/agent-runtime/package.apkg
  to: /var/lib/agent-runtime/package`,
  permissions({ package: file, to }) {
    const folders = [to, `${to}.part`];
    return {
      run: permissions({ read: [file, ...folders], write: folders }),
      undo: permissions({ read: folders, write: folders }),
    };
  },
  async run({ package: file, to, ...limits }, ctx) {
    const { placePackage } = await import("./place_package.ts");
    return await placePackage({ file, to, limits }, ctx);
  },
  async undo({ to }, _facts, _ctx) {
    const { removePackage } = await import("./place_package.ts");
    await removePackage(to);
  },
});
