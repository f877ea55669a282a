import * as v from "valibot";

/** A TCP port: 1 to 65535. */
export const port = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(1, "1 to 65535"),
  v.maxValue(65535, "1 to 65535"),
);

/** What listening on a port needs. */
export function listenGrant(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
