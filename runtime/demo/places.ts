/** Where the demonstration has everything: absolute paths below one temporary folder. */
export interface DemoPlaces {
  readonly project: string;
  readonly deno: string;
  /** The temporary folder; all the others are in it. */
  readonly top: string;
  /** What an operator would have under /opt: releases and the link `current`. */
  readonly root: string;
  readonly trust: string;
  readonly key: string;
  readonly sources: string;
  readonly bundles: string;
  /** The service's data: no release may hold it. */
  readonly data: string;
  /** Socket and log of the supervisor. */
  readonly run: string;
  readonly runs: string;
  readonly audit: string;
  /** Cache of the Deno that runs the service. */
  readonly cache: string;
}

/** Makes the temporary folder and those in it that somebody has to have made. */
export async function makePlaces(): Promise<DemoPlaces> {
  const top = await Deno.makeTempDir({ prefix: "sluice-demo-" });
  const places: DemoPlaces = {
    project: decodeURIComponent(new URL("../..", import.meta.url).pathname).replace(/\/$/, ""),
    deno: Deno.execPath(),
    top,
    root: `${top}/appliance`,
    trust: `${top}/trust`,
    key: `${top}/demo.key`,
    sources: `${top}/sources`,
    bundles: `${top}/bundles`,
    data: `${top}/data`,
    run: `${top}/run`,
    runs: `${top}/runs`,
    audit: `${top}/audit/audit.log`,
    cache: `${top}/cache`,
  };
  const { root, trust, sources, bundles, data, run, cache } = places;
  for (const folder of [root, trust, sources, bundles, data, run, cache, `${top}/audit`]) {
    await Deno.mkdir(folder, { mode: 0o700 });
  }
  return places;
}
