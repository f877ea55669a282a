import type { S3ClientConfig } from "@aws-sdk/client-s3";
import { AttemptError, ofConnection, ofStatus } from "./attempt_error.ts";
import type { Credentials } from "./credentials.ts";
import { strong } from "./fetch_https.ts";
import type { PartFile } from "./part_file.ts";
import type { S3Place } from "./s3_place.ts";
import { takeBody, type Taking } from "./take_body.ts";

export interface S3Options extends Pick<Taking, "max" | "progress"> {
  readonly part: PartFile;
  readonly signal: AbortSignal;
  readonly region: string;
  /** Without it the object is asked for unsigned. */
  readonly credentials: Credentials | undefined;
}

/**
 * Makes one attempt to fetch an object, going on where an earlier one stopped if it is still the same.
 * GetObject is all that is ever asked. Of the environment and of files in the home folder the client
 * reads nothing: all of its settings are given here.
 *
 * @throws AttemptError when that fails
 */
export async function fetchS3(place: S3Place, options: S3Options): Promise<void> {
  const { part, max, progress, signal } = options;
  const what = `GetObject s3://${place.bucket}/${place.key}`;
  const { GetObjectCommand } = await import("@aws-sdk/client-s3");
  const client = await clientFor(place, options);
  const goOn = part.size > 0 && part.tag !== undefined
    ? { Range: `bytes=${part.size}-`, IfMatch: part.tag }
    : {};
  try {
    const { Bucket, Key } = { Bucket: place.bucket, Key: place.key };
    const answer = await client.send(new GetObjectCommand({ Bucket, Key, ...goOn }), {
      abortSignal: signal,
    });
    await takeBody({
      status: answer.ContentRange === undefined ? 200 : 206,
      range: answer.ContentRange,
      length: answer.ContentLength,
      tag: strong(answer.ETag),
      body: answer.Body as AsyncIterable<Uint8Array>,
    }, { part, max, progress, what });
  } catch (error) {
    throw await judge(error, what, part);
  } finally {
    client.destroy();
  }
}

/** A redirect names a place that nobody here has agreed to. */
const elsewhere = "it lies elsewhere; AWS_REGION and AWS_ENDPOINT_URL_S3 say where it is asked for";

async function judge(error: unknown, what: string, part: PartFile): Promise<unknown> {
  if (error instanceof AttemptError || error instanceof Deno.errors.NotCapable) return error;
  const { $metadata, name = "" } = error as {
    $metadata?: { httpStatusCode?: number };
    name?: string;
  };
  const status = $metadata?.httpStatusCode;
  if (status === undefined) {
    // The body's own errors have been judged; others of ours pass.
    const known = error instanceof Error && "exit" in error;
    return known ? error : ofConnection(what, error);
  }
  if (status === 412 || status === 416) {
    await part.reset();
    part.tag = undefined;
    return new AttemptError(`${what}: it changed meanwhile`, "later");
  }
  // Words of the server: one of them at most, and none that its client made up for want of one.
  const code = /^\w{1,64}$/.test(name) && name !== "Unknown" ? `: ${name}` : "";
  if (status < 400) {
    return new AttemptError(`${what}${code}: status ${status}: ${elsewhere}`, "never");
  }
  return ofStatus(`${what}${code}`, status);
}

async function clientFor(
  { endpoint, inPath }: S3Place,
  { region, credentials }: S3Options,
) {
  const { S3Client } = await import("@aws-sdk/client-s3");
  const { S3Handler } = await import("./s3_handler.ts");
  const unsigned = { signer: { sign: (request: unknown) => Promise.resolve(request) } };
  return new S3Client(
    {
      region,
      endpoint: endpoint.href,
      forcePathStyle: inPath,
      credentials: credentials ?? { accessKeyId: "none", secretAccessKey: "none" },
      ...(credentials === undefined ? unsigned as object : {}),
      requestHandler: new S3Handler(),
      // The loop around it makes the attempts, and the hash is checked there.
      maxAttempts: 1,
      retryMode: "standard",
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
      followRegionRedirects: false,
      // Each of these would otherwise be looked for in the environment and in the home folder.
      defaultsMode: "standard",
      useDualstackEndpoint: false,
      useFipsEndpoint: false,
      useArnRegion: false,
      disableS3ExpressSessionAuth: true,
      disableMultiregionAccessPoints: true,
      disableClockSkewCorrection: true,
      authSchemePreference: [],
      sigv4aSigningRegionSet: [],
      userAgentAppId: "",
      defaultUserAgentProvider: () => Promise.resolve([["sluice", "1"]]),
    } as unknown as S3ClientConfig,
  );
}
