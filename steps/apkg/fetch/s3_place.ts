/** Where an object of S3 is asked for. */
export interface S3Place {
  readonly bucket: string;
  readonly key: string;
  /** The server, to which the bucket's name is put in front unless it stands in the path. */
  readonly endpoint: URL;
  readonly inPath: boolean;
  /** The host that is connected to, with its port. */
  readonly host: string;
}

/**
 * Reads an `s3://bucket/key` URL.
 *
 * @param region such as `us-east-2`
 * @param endpoint another server that speaks S3, with buckets in paths; `""` for AWS
 *
 * @example
 * ```ts
 * import { s3Place } from "./s3_place.ts";
 * import assert from "node:assert/strict";
 *
 * const { host, key } = s3Place(new URL("s3://agents/a/1.apkg"), "us-east-2", "");
 * assert.deepEqual([host, key], ["agents.s3.us-east-2.amazonaws.com:443", "a/1.apkg"]);
 * ```
 */
export function s3Place(url: URL, region: string, endpoint: string): S3Place {
  const bucket = url.host;
  const key = decodeURIComponent(url.pathname.slice(1));
  if (endpoint !== "") {
    const server = new URL(endpoint);
    return { bucket, key, endpoint: server, inPath: true, host: withPort(server) };
  }
  const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  const server = new URL(`https://s3.${region}.${domain}`);
  // A dot would not fit the certificate.
  const inPath = !/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket);
  const host = inPath ? server.host : `${bucket}.${server.host}`;
  return { bucket, key, endpoint: server, inPath, host: `${host}:443` };
}

/** Host and port, also where the port is that of the scheme. */
export function withPort({ protocol, hostname, port }: URL): string {
  return `${hostname}:${port || (protocol === "http:" ? "80" : "443")}`;
}
