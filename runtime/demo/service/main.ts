/**
 * The service that the demonstration installs: a ledger. It needs nothing but Deno, so that a
 * release of it is complete in itself. `release.json` beside it says which release this is, and
 * which fields that release expects of every record.
 *
 * - `POST /records` with `{"id": "..."}` adds a record; 201 means that it is on the disk.
 * - `GET /records` lists them.
 * - `GET /healthz` tells `{status, version, checks}`: `unhealthy` when a record lacks a field that
 *   this release expects. The answer's own status is 200 all the same, as with many services.
 *
 * SIGTERM: it takes no more requests, answers those that it has, and ends.
 *
 * @module
 */
interface Release {
  readonly version: string;
  readonly expects: readonly string[];
}

type LedgerRecord = Readonly<Record<string, unknown>>;

const [port, file] = [Number(Deno.args[0]), Deno.args[1] ?? ""];
const release: Release = JSON.parse(
  Deno.readTextFileSync(new URL("release.json", import.meta.url)),
);
const ledger = await openLedger(file);
let told: string | undefined;

const server = Deno.serve(
  { hostname: "127.0.0.1", port, onListen: () => say(`listening on port ${port}`) },
  answer,
);
Deno.addSignalListener("SIGTERM", () => {
  say("draining");
  server.shutdown();
});
await server.finished;
say("ended");
Deno.exit(0);

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  switch (`${request.method} ${pathname}`) {
    case "GET /healthz":
      return Response.json(health());
    case "GET /records":
      return Response.json({ records: ledger.records });
    case "POST /records": {
      const record = readRecord(await request.text());
      if (record === undefined) return Response.json({ error: "no record" }, { status: 400 });
      await ledger.add({ ...record, by: release.version });
      return Response.json({ id: record.id, version: release.version }, { status: 201 });
    }
    default:
      return Response.json({ error: "not found" }, { status: 404 });
  }
}

function health() {
  const lacking = release.expects.filter((field) =>
    ledger.records.some((record) => !Object.hasOwn(record, field))
  );
  const details = lacking.length === 0
    ? `${ledger.records.length} records`
    : `records lack ${lacking.join(", ")}`;
  const status = lacking.length === 0 ? "healthy" : "unhealthy";
  if (status !== told) say(`self-check: ${status}, ${details}`);
  told = status;
  return { status, version: release.version, checks: { records: { status, details } } };
}

function readRecord(text: string): LedgerRecord & { readonly id: string } | undefined {
  try {
    const value = JSON.parse(text);
    if (typeof value?.id === "string" && value.id !== "") return value;
  } catch {
    // Not JSON: no record either.
  }
}

/** Reads the ledger, and cuts off a last line that was never finished, and so never acknowledged. */
async function openLedger(path: string) {
  const text = await Deno.readTextFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const handle = await Deno.open(path, { write: true, create: true });
  await handle.truncate(new TextEncoder().encode(whole).length);
  await handle.seek(0, Deno.SeekMode.End);
  const records: LedgerRecord[] = whole.split("\n").slice(0, -1).map((line) => JSON.parse(line));
  let last: Promise<void> = Promise.resolve();
  return {
    records,
    /** Settles when the record is on the disk. */
    add(record: LedgerRecord): Promise<void> {
      const done = last.then(async () => {
        const bytes = new TextEncoder().encode(JSON.stringify(record) + "\n");
        for (let at = 0; at < bytes.length;) at += await handle.write(bytes.subarray(at));
        await handle.syncData();
        records.push(record);
      });
      last = done.catch(() => {});
      return done;
    },
  };
}

function say(text: string): void {
  console.log(`ledger ${release.version}: ${text}`);
}
