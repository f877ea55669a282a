import { readVariable } from "../../engine/read_variable.ts";
import * as v from "valibot";
import { FailedError, InvalidInputError, TimedOutError } from "../../engine/errors.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { duration, path, type SecretRef, size } from "../../engine/schema/types.ts";
import { defineStep, type StepContext } from "../../engine/step.ts";
import { AttemptError } from "./fetch/attempt_error.ts";
import { containerUrl, keyVariables } from "./fetch/credentials.ts";
import type { PartFile } from "./fetch/part_file.ts";
import { s3Place, withPort } from "./fetch/s3_place.ts";

const orEmpty = v.optional(v.string(), "");

const params = v.strictObject({
  /** `https://…` or `s3://bucket/key`; `""` where `path` names the package. */
  url: orEmpty,
  /** A package that is on this machine. */
  path: v.optional(v.union([v.literal(""), path()]), ""),
  to: path(),
  region: v.optional(
    v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,32}$/, "such as us-east-2")),
    "us-east-2",
  ),
  /** Another server that speaks S3. */
  endpoint: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^(https:\/\/[^/?#@,*\s]+|http:\/\/127\.0\.0\.1:\d+)?\/?$/, "an https URL"),
    ),
    "",
  ),
  /** Hosts beside the URL's own that redirects may lead to. */
  hosts: v.optional(
    v.array(v.pipe(v.string(), v.regex(/^[A-Za-z0-9.-]+(:\d{1,5})?$/, "a host"))),
    [],
  ),
  /** AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and _FULL_URI; `""` where they are not set. */
  container_relative: v.optional(v.pipe(v.string(), v.regex(/^(\/[\w./?=&-]*)?$/, "a path")), ""),
  container_full: v.optional(
    v.pipe(v.string(), v.regex(/^(https?:\/\/[^?#@,*\s]+)?$/, "an http or https URL")),
    "",
  ),
  /** SHA-256 of the package in hex, in either case. */
  sha256: v.optional(v.pipe(v.string(), v.regex(/^([0-9A-Fa-f]{64})?$/, "64 hex digits")), ""),
  max_size: v.optional(size(), 100 * 2 ** 20),
  /** For all attempts together. */
  timeout: v.optional(duration(), 60_000),
  attempts: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(20)), 5),
});

type Params = v.InferOutput<typeof params>;

/** The token that the container's agent wants. */
const containerToken = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
/** Milliseconds before the second attempt, doubled with each, at most the last. */
const [firstDelay, longestDelay] = [250, 8_000];

/**
 * Fetches a package from an HTTPS server or from S3, or takes a file of this machine. What is transient
 * is tried again, after growing delays that differ in part, and goes on where it stopped; a refusal
 * (403) once more with fresh credentials; what is missing, too large or not what was promised never.
 *
 * @throws InvalidInputError when it is larger than it may be, or its hash is another
 * @throws FailedError when it cannot be fetched; the causes are all attempts
 * @throws TimedOutError when it takes too long
 */
export const downloadPackage = defineStep({
  name: "apkg.download",
  summary: "Fetch a package",
  effect: "reversible",
  params,
  facts: v.strictObject({
    path: v.string(),
    bytes: v.number(),
    sha256: v.string(),
    source: v.picklist(["s3", "https", "file"]),
    attempts: v.number(),
  }),
  example: `uses: apkg.download
with:
  url: https://packages.example/hello-1.0.apkg
  to: /var/lib/agent-runtime/package.apkg`,
  deadline_ms: ({ timeout }) => timeout,
  permissions(given) {
    const written = [given.to, partOf(given.to)];
    const { connect, env } = reached(given);
    return {
      run: permissions({
        // Of what is renamed, the old name is read.
        read: [partOf(given.to), ...(given.path === "" ? [] : [given.path])],
        write: written,
        connect,
        env,
      }),
      undo: permissions({ write: written }),
    };
  },
  async run(given, ctx) {
    const { openPart } = await import("./fetch/part_file.ts");
    const part = await openPart(partOf(given.to), given.max_size);
    try {
      const { source, attempts } = await fill(part, given, ctx);
      const sha256 = await part.finish();
      if (given.sha256 !== "" && given.sha256.toLowerCase() !== sha256) {
        throw new InvalidInputError(`the package has the SHA-256 ${sha256}`, {
          hint: `PACKAGE_SHA256 is ${given.sha256.toLowerCase()}`,
        });
      }
      await Deno.rename(partOf(given.to), given.to);
      return { path: given.to, bytes: part.size, sha256, source, attempts };
    } catch (error) {
      await Deno.remove(partOf(given.to)).catch(() => {});
      throw error;
    } finally {
      part.close();
    }
  },
  async undo({ to }) {
    for (const file of [to, partOf(to)]) {
      await Deno.remove(file).catch((error) => {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      });
    }
  },
});

function partOf(to: string): string {
  return `${to}.part`;
}

/** The hosts that are connected to, and the variables that a key is read from. */
function reached(given: Params): { readonly connect: string[]; readonly env: string[] } {
  if (given.path !== "" || given.url === "" || !URL.canParse(given.url)) {
    return { connect: [], env: [] };
  }
  const url = new URL(given.url);
  if (url.protocol !== "s3:") {
    const others = given.hosts.map((host) => host.includes(":") ? host : `${host}:443`);
    return { connect: [...new Set([withPort(url), ...others])], env: [] };
  }
  const { host } = s3Place(url, given.region, given.endpoint);
  const container = containerUrl(given.container_relative, given.container_full);
  if (container === "") return { connect: [host], env: [...keyVariables] };
  return {
    connect: [host, withPort(new URL(container))],
    env: [...keyVariables, containerToken],
  };
}

interface Filled {
  readonly source: "s3" | "https" | "file";
  readonly attempts: number;
}

async function fill(part: PartFile, given: Params, ctx: StepContext): Promise<Filled> {
  const progress = (done: number, total: number | undefined) =>
    ctx.emit.progress({ done, ...(total === undefined ? {} : { total }), unit: "bytes" });
  if (given.path !== "") {
    const file = await openPackage(given.path, ctx);
    for await (const piece of file.readable) {
      ctx.signal.throwIfAborted();
      await part.write(piece);
      progress(part.size, undefined);
    }
    return { source: "file", attempts: 1 };
  }
  if (!URL.canParse(given.url)) throw new InvalidInputError("the package has no URL");
  const url = new URL(given.url);
  const common = { part, max: given.max_size, progress, signal: ctx.signal };
  if (url.protocol === "https:") {
    const { fetchHttps } = await import("./fetch/fetch_https.ts");
    const attempts = await attempt(
      given,
      ctx,
      () => fetchHttps(url, { ...common, hosts: given.hosts }),
    );
    return { source: "https", attempts };
  }
  if (url.protocol !== "s3:") {
    throw new InvalidInputError(`a package is not fetched by ${url.protocol.slice(0, -1)}`, {
      hint: "give an https or an s3 URL",
    });
  }
  const { fetchS3 } = await import("./fetch/fetch_s3.ts");
  const { readCredentials } = await import("./fetch/credentials.ts");
  const place = s3Place(url, given.region, given.endpoint);
  const container = containerUrl(given.container_relative, given.container_full);
  const attempts = await attempt(given, ctx, async () => {
    const credentials = await readCredentials({
      secret: (name) => secretOf(name, ctx),
      mask: ctx.mask,
      container,
      tokenVariable: containerToken,
      signal: ctx.signal,
    });
    await fetchS3(place, { ...common, region: given.region, credentials });
  });
  return { source: "s3", attempts };
}

async function openPackage(path: string, ctx: StepContext): Promise<Deno.FsFile> {
  try {
    return await ctx.open(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new FailedError(`there is no package ${path}`, {
      hint: "AGENT_PACKAGE_PATH names the file of one",
      cause: error,
    });
  }
}

async function secretOf(name: string, ctx: StepContext): Promise<string | undefined> {
  return readVariable(name) ? await ctx.secret(`env:${name}` as SecretRef) : undefined;
}

/**
 * Makes attempts until one succeeds.
 *
 * @returns how many it took
 */
async function attempt(
  { attempts, timeout }: Params,
  ctx: StepContext,
  once: () => Promise<void>,
): Promise<number> {
  const begun = ctx.clock.monotonic();
  const failures: AttemptError[] = [];
  for (let number = 1;; number++) {
    try {
      await once();
      return number;
    } catch (error) {
      if (ctx.signal.aborted || !(error instanceof AttemptError)) throw late(error, failures, ctx);
      failures.push(error);
      const refusals = failures.filter(({ again }) => again === "refused").length;
      const again = error.again === "later" || (error.again === "refused" && refusals === 1);
      const left = timeout - (ctx.clock.monotonic() - begun);
      const delay = delayBefore(number, error, ctx);
      if (!again || number === attempts || delay > left) throw chain(failures);
      ctx.emit.note(
        `attempt ${number} failed: ${error.message}; the next in ${Math.round(delay)} ms`,
      );
      await ctx.clock.sleep(delay, ctx.signal);
    }
  }
}

/** Milliseconds: as the server asks, else growing, and anything below that (full jitter). */
function delayBefore(
  failed: number,
  { again, retryAfter }: AttemptError,
  ctx: StepContext,
): number {
  if (again === "refused") return 0;
  return retryAfter ?? Math.min(longestDelay, firstDelay * 2 ** (failed - 1)) * ctx.random();
}

/** What a deadline cut off, with the attempts before it. */
function late(error: unknown, failures: readonly AttemptError[], ctx: StepContext): unknown {
  const { reason } = ctx.signal;
  if (!(reason instanceof TimedOutError) || failures.length === 0) return error;
  return new TimedOutError(reason.message, { cause: linked(failures) });
}

function chain(failures: readonly AttemptError[]): FailedError {
  const last = failures.at(-1)!;
  const times = failures.length === 1 ? "" : ` after ${failures.length} attempts`;
  return new FailedError(`the package could not be fetched${times}: ${last.message}`, {
    hint: "PACKAGE_URL says where it is",
    cause: linked(failures.slice(0, -1)),
  });
}

/** The latest first, each caused by the one before it. */
function linked(failures: readonly AttemptError[]): Error | undefined {
  return failures.reduce<Error | undefined>(
    (cause, { message }) => new Error(message, cause === undefined ? {} : { cause }),
    undefined,
  );
}
