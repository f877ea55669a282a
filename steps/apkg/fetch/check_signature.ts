import { createHash, createHmac } from "node:crypto";

/**
 * For tests: whether a request of S3 is signed with a secret, computed anew as AWS documents Signature
 * Version 4 ("Create a signed AWS API request"). The server that the tests start takes any.
 */
export function isSigned(request: Request, secret: string): boolean {
  const header = request.headers.get("authorization") ?? "";
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/
      .exec(header);
  if (parts === null) return false;
  const [, , date = "", region = "", names = "", signature] = parts;
  const url = new URL(request.url);
  const query = [...url.searchParams].map(([name, value]) =>
    `${encodeURIComponent(name)}=${encodeURIComponent(value)}`
  ).sort().join("&");
  const signed = names.split(";").map((name) => `${name}:${request.headers.get(name)?.trim()}\n`);
  const canonical = [
    request.method,
    url.pathname,
    query,
    signed.join(""),
    names,
    request.headers.get("x-amz-content-sha256"),
  ].join("\n");
  const hash = createHash("sha256").update(canonical).digest("hex");
  const scope = `${date}/${region}/s3/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", request.headers.get("x-amz-date"), scope, hash].join("\n");
  const mac = (key: string | Uint8Array, value: string) =>
    createHmac("sha256", key).update(value).digest();
  const key = [date, region, "s3", "aws4_request"].reduce<string | Uint8Array>(
    mac,
    `AWS4${secret}`,
  );
  return createHmac("sha256", key).update(text).digest("hex") === signature;
}
