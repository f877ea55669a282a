import * as v from "valibot";
import { BusyError, InvalidInputError } from "../../engine/errors.ts";
import { isThere } from "../../engine/is_there.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { path, secret, type SecretRef } from "../../engine/schema/types.ts";
import { defineStep, type StepContext } from "../../engine/step.ts";
import { readOptional, replaceFile, syncFolder } from "./layout.ts";
import { isBundleName } from "./metadata.ts";
import { readSource } from "./pack_source.ts";
import { hashFile } from "./verify_release.ts";
import { compareVersions, isVersion } from "./version.ts";
import type { WrittenBundle } from "./write_bundle.ts";

const version = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/),
  v.check(isVersion, "a version, such as 1.4.0"),
);

/** 9999-12-31T23:59:59Z: the last moment that four digits of a year can say. */
const lastSecond = 253_402_300_799;

/**
 * Makes a signed release bundle, `NAME-VERSION.tar.zst`, of a source folder: `files/` (what is
 * installed), `LICENSE` and, where one is needed, `post_install.sh`. The same content, name, version
 * and key give the same bytes, whatever the clock, the user, the umask, the locale or the order of the
 * folder. A bundle of that name is replaced in one rename, unless it is the same already.
 *
 * @throws InvalidInputError when the source or the key is not what is wanted
 * @throws NotAuthorisedError when the password does not open the key
 */
export const packRelease = defineStep({
  name: "release.pack",
  summary: "Make a signed release bundle of a folder",
  effect: "reversible",
  params: v.strictObject({
    source: path(),
    name: v.pipe(v.string(), v.check(isBundleName, "letters, digits and . _ -")),
    version,
    /** PKCS#8 in PEM or an encrypted `cosign.key`, of ECDSA with P-256. */
    key: secret(),
    /** Opens an encrypted key. */
    password: v.optional(secret(), "env:COSIGN_PASSWORD"),
    /** Folder of the bundle; it is made. */
    output: path(),
    /** The lowest version that may be installed once this one is good, or `""`. */
    floor: v.optional(v.union([v.literal(""), version]), ""),
    /** Seconds since 1970, as in SOURCE_DATE_EPOCH; part of the content. */
    build_time: v.optional(
      v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(lastSecond)),
      0,
    ),
  }),
  facts: v.strictObject({
    /** The bundle's file. */
    bundle: v.string(),
    sha256: v.string(),
    bytes: v.number(),
    files: v.number(),
    key_id: v.string(),
    metadata_sha256: v.string(),
  }),
  example: `uses: release.pack
with:
  source: /srv/build/atp
  name: atp
  version: 1.4.0
  key: env:ATP_SIGNING_KEY
  output: /srv/bundles`,
  permissions({ source, output, key, password }) {
    const secrets = [key, password];
    const named = (kind: string) =>
      secrets.filter((ref) => ref.startsWith(kind)).map((ref) => ref.slice(kind.length));
    return {
      run: permissions({
        read: [source, output, ...named("file:")],
        write: [output],
        env: named("env:"),
      }),
      undo: permissions({ read: [output], write: [output] }),
    };
  },
  async run(params, ctx) {
    const { source, output, floor } = params;
    if (`${output}/`.startsWith(`${source}/`)) {
      throw new InvalidInputError(`the output folder ${output} lies in what is packed`);
    }
    if (floor !== "" && compareVersions(floor, params.version) > 0) {
      throw new InvalidInputError(`the floor ${floor} is above the version ${params.version}`, {
        hint: "a release that is below its own floor could not be installed again",
      });
    }
    const { readSigningKey } = await import("../../engine/trust/signing_key.ts");
    const key = await readSigningKey(
      await ctx.secret(params.key),
      () => ctx.secret(params.password as SecretRef),
    );
    const content = await readSource(source, ctx.signal);
    await Deno.mkdir(output, { recursive: true });
    const at = places(params);
    const written = await writeAside(at.part, async (file) => {
      const { writeBundle } = await import("./write_bundle.ts");
      const name = {
        name: params.name,
        version: params.version,
        build_time: new Date(params.build_time * 1000).toISOString().replace(".000Z", "Z"),
        ...(floor === "" ? {} : { floor }),
      };
      const bundle = await writeBundle(file, at.part, content, name, key, ctx);
      await putInPlace(at, bundle, ctx);
      return bundle;
    });
    ctx.emit.artifact(at.bundle);
    return { bundle: at.bundle, key_id: key.key_id, ...written };
  },
  async undo(params, _facts, ctx) {
    const at = places(params);
    if (!await isThere(params.output)) return;
    await removeFile(at.part);
    const [run, sha256] = (await readOptional(at.run) ?? "").trim().split(" ");
    if (run !== ctx.run.id) return; // It was there before.
    if (await isThere(at.bundle) && await hashFile(at.bundle, ctx.signal) === sha256) {
      await removeFile(at.bundle);
    }
    await removeFile(at.run);
    await syncFolder(params.output);
  },
});

interface Places {
  readonly output: string;
  readonly bundle: string;
  /** The bundle while it is being written; locked by who writes it. */
  readonly part: string;
  /** Text: the run that put a bundle there, and the bundle's SHA-256; what undo goes by. */
  readonly run: string;
}

function places(params: { output: string; name: string; version: string }): Places {
  const { output } = params;
  const file = `${params.name}-${params.version}.tar.zst`;
  return {
    output,
    bundle: `${output}/${file}`,
    part: `${output}/.${file}.part`,
    run: `${output}/.${file}.run`,
  };
}

/** Gives an empty file of our own to `work`; what is still there when it ends is removed. */
async function writeAside(
  part: string,
  work: (file: Deno.FsFile) => Promise<WrittenBundle>,
): Promise<WrittenBundle> {
  using file = await Deno.open(part, { read: true, write: true, create: true, mode: 0o644 });
  if (!await file.tryLock(true)) {
    throw new BusyError(`somebody else is writing ${part}`, { hint: "wait for it to end" });
  }
  try {
    await file.truncate(0);
    return await work(file);
  } finally {
    await removeFile(part);
  }
}

async function putInPlace(at: Places, bundle: WrittenBundle, ctx: StepContext): Promise<void> {
  if (await isThere(at.bundle)) {
    if (await hashFile(at.bundle, ctx.signal) === bundle.sha256) {
      ctx.emit.note(`${at.bundle} is the same already`);
      return;
    }
    ctx.emit.note(`${at.bundle} was another one; it is replaced`);
  }
  ctx.signal.throwIfAborted();
  await replaceFile(at.run, `${ctx.run.id} ${bundle.sha256}\n`);
  await Deno.rename(at.part, at.bundle);
  await syncFolder(at.output);
}

async function removeFile(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
