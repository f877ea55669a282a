// flags: --allow-read=<project>,<tmp> --allow-write=<tmp>
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { crc32, deflateRawSync } from "node:zlib";
import {
  TextReader,
  Uint8ArrayWriter,
  ZipWriter,
  type ZipWriterConstructorOptions,
} from "@zip.js/zip.js/lib/zip-core-native.js";
import { bed, packageOf, readFiles, shortManifest } from "../test_package.ts";
import { descriptorOf, extra, numbers, type RawZip, rawZip } from "./raw_zip.ts";

const text = "the same words again, ".repeat(30_000);
const expected = { "agent.yaml": shortManifest, "größe/ü.txt": text, "empty": "" };

/** A zip by a writer that is not ours. */
async function written(options: ZipWriterConstructorOptions): Promise<Uint8Array<ArrayBuffer>> {
  const target = new Uint8ArrayWriter();
  const zip = new ZipWriter(target, { useWebWorkers: false, ...options });
  await zip.add("agent.yaml", new TextReader(shortManifest));
  await zip.add("größe/", undefined, { directory: true });
  await zip.add("größe/ü.txt", new TextReader(text));
  await zip.add("empty", new TextReader(""));
  await zip.close(Buffer.from("a comment"));
  return new Uint8Array(await target.getData());
}

const cases: Readonly<Record<string, ZipWriterConstructorOptions>> = {
  "with deflate": {},
  "with store": { level: 0 },
  "with data descriptors": { dataDescriptor: true },
  "with data descriptors that have no signature": {
    dataDescriptor: true,
    dataDescriptorSignature: false,
  },
  "without data descriptors": { dataDescriptor: false },
  "with zip64": { zip64: true },
  "with zip64 and data descriptors": { zip64: true, dataDescriptor: true, level: 0 },
  "from DOS": { msDosCompatible: true },
  "with times of Unix": { extendedTimestamp: true },
};

for (const [what, options] of Object.entries(cases)) {
  Deno.test(`apkg.extract unpacks a zip of another writer ${what}`, async () => {
    const { extract, to } = await bed();
    await extract(await written(options));
    assert.deepEqual(await readFiles(to), expected);
  });
}

const a = { name: "a", content: "evil? no" };
const packed = deflateRawSync(a.content).length;

/** Frames that are unusual and clear. */
const frames: Readonly<Record<string, Partial<RawZip>>> = {
  "a comment": { comment: Buffer.from("made on a Monday") },
  "zip64 with numbers that stand there only": {
    wide: {},
    end: { here: 0xffff, entries: 0xffff, size: 0xffffffff, offset: 0xffffffff },
  },
  "UTF-8 that is not said": { entries: [{ ...a, name: "ä", flags: 0 }] },
  "a second name that is the same": {
    entries: [{
      ...a,
      central: {
        extra: extra(0x7075, Buffer.concat([numbers([1, 1], [crc32("a"), 4]), Buffer.from("a")])),
      },
    }],
  },
  "sizes of zip64 in its directory": {
    entries: [{
      ...a,
      central: {
        size: 0xffffffff,
        compressed: 0xffffffff,
        extra: extra(1, numbers([a.content.length, 8], [packed, 8])),
      },
    }],
  },
  "sizes of zip64 in its own header": {
    entries: [{
      ...a,
      local: {
        size: 0xffffffff,
        compressed: 0xffffffff,
        extra: extra(1, numbers([a.content.length, 8], [packed, 8])),
      },
    }],
  },
  "a descriptor, and nothing in its own header": {
    entries: [{
      ...a,
      flags: 0x808,
      local: { crc32: 0, compressed: 0, size: 0 },
      descriptor: descriptorOf(a.content, packed),
    }],
  },
  "unknown extra fields and padding": {
    entries: [{
      ...a,
      local: { extra: Buffer.concat([extra(0xcafe, Buffer.from("x")), Buffer.alloc(3)]) },
    }],
  },
  "no mode": { entries: [{ ...a, mode: 0, system: 0 }] },
};

for (const [what, frame] of Object.entries(frames)) {
  Deno.test(`apkg.extract unpacks a zip with ${what}`, async () => {
    const { extract, to } = await bed();
    const entries = [{ name: "agent.yaml", content: shortManifest }, ...frame.entries ?? [a]];
    await extract(rawZip({ ...frame, entries }));
    const files = await readFiles(to);
    assert.equal(Object.keys(files).length, 2);
    assert.equal(files["a"] ?? files["ä"], a.content);
  });
}

Deno.test("apkg.extract unpacks a zip in a zip as a file", async () => {
  const { extract, to } = await bed();
  const inner = packageOf();
  await extract(packageOf(shortManifest, { name: "inner.whl", content: inner, method: 0 }));
  assert.deepEqual(new Uint8Array(await Deno.readFile(`${to}/inner.whl`)), inner);
});
