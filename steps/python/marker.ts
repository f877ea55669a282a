import * as v from "valibot";

/** What a whole environment says of itself, in `STORE/KEY/sluice.json`; the installer writes it. */
const marker = v.object({
  schemaVersion: v.literal(1),
  key: v.string(),
  tool: v.picklist(["uv", "pip"]),
  python: v.string(),
  distributions: v.array(v.string()),
  interpreter: v.object({ size: v.number(), mtime: v.number(), sha256: v.string() }),
  wheels: v.array(
    v.object({ name: v.string(), size: v.number(), mtime: v.number(), sha256: v.string() }),
  ),
});

export type Marker = v.InferOutput<typeof marker>;

/** The environment under a key; `undefined` where there is none that is whole. */
export async function readMarker(store: string, key: string): Promise<Marker | undefined> {
  const text = await optional(Deno.readTextFile(`${store}/${key}/sluice.json`));
  if (text === undefined) return undefined;
  const read = v.safeParse(marker, json(text));
  return read.success && read.output.key === key ? read.output : undefined;
}

/** The key that `STORE/active` leads to. */
export async function readActive(store: string): Promise<string | undefined> {
  const target = await optional(Deno.readLink(`${store}/active`));
  return target !== undefined && /^[0-9a-f]{64}$/.test(target) ? target : undefined;
}

/** `undefined` for what is not there. */
async function optional(reading: Promise<string>): Promise<string | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
