/** Where a package comes from, or why that cannot be told. */
export type PackageSource =
  | { readonly kind: "file" }
  | { readonly kind: "https"; readonly host: string }
  | { readonly kind: "s3"; readonly bucket: string; readonly key: string }
  | { readonly kind: "fault"; readonly variable: string; readonly fault: string };

/** The variables that name a package. */
export interface PackagePlace {
  /** PACKAGE_URL, or `""`. */
  readonly url: string;
  /** AGENT_PACKAGE_PATH, or `""`. */
  readonly path: string;
  /** S3_BUCKET: the only bucket that a package may come from. */
  readonly bucket: string;
}

/**
 * Judges where the package is to come from: a file, else `https://` or `s3://` of the one bucket that
 * the operator named. Never repeats a URL: its query may be a signature.
 *
 * @example
 * ```ts
 * import { packageSource } from "./package_source.ts";
 * import assert from "node:assert/strict";
 *
 * const place = { url: "s3://agents/a/1.apkg", path: "", bucket: "agents" };
 * assert.deepEqual(packageSource(place), { kind: "s3", bucket: "agents", key: "a/1.apkg" });
 * ```
 */
export function packageSource({ url, path, bucket }: PackagePlace): PackageSource {
  const fault = (text: string, variable = "PACKAGE_URL"): PackageSource => {
    return { kind: "fault", variable, fault: text };
  };
  if (path !== "" && url !== "") {
    return fault("was given as well as PACKAGE_URL: leave out one of them", "AGENT_PACKAGE_PATH");
  }
  if (path !== "") return { kind: "file" };
  if (url === "") {
    return fault("is missing: it names the package, as does AGENT_PACKAGE_PATH a file");
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined) return fault("is not a URL");
  if (parsed.username !== "" || parsed.password !== "") {
    return fault("has a user or a password in it");
  }
  if (parsed.protocol === "https:") return { kind: "https", host: parsed.host };
  if (parsed.protocol !== "s3:") {
    return fault(`has the scheme ${parsed.protocol.slice(0, -1)}: only https and s3 are fetched`);
  }
  const key = parsed.pathname.slice(1);
  if (key === "") return fault("names no object of its bucket");
  if (parsed.host !== bucket) {
    return fault(`names the bucket ${parsed.host}, but S3_BUCKET is ${bucket}`);
  }
  return { kind: "s3", bucket, key };
}
