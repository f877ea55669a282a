import { AttemptError, ofConnection, ofStatus } from "./attempt_error.ts";
import type { PartFile } from "./part_file.ts";
import { shownUrl } from "./shown_url.ts";
import { takeBody, type Taking } from "./take_body.ts";

export interface HttpsOptions extends Pick<Taking, "max" | "progress"> {
  readonly part: PartFile;
  readonly signal: AbortSignal;
  /** `host` or `host:port` that a redirect may lead to. */
  readonly hosts: readonly string[];
}

const mostRedirects = 5;

/**
 * Makes one attempt to fetch a URL, going on where an earlier one stopped if the server says that it is
 * still the same. Redirects are followed here, and counted: only to `https`, and only to the hosts that
 * were named.
 *
 * Node's client would need every kind of system information: of the certificates of the machine, which
 * it reads, Deno's flags have no name.
 *
 * @throws AttemptError when that fails
 */
export async function fetchHttps(url: URL, options: HttpsOptions): Promise<void> {
  const { part, max, progress } = options;
  for (let at = url, redirects = 0;; redirects++) {
    const what = `GET ${shownUrl(at)}`;
    const response = await ask(at, what, options);
    const { status, headers } = response;
    const location = headers.get("location");
    if (status >= 300 && status < 400 && location !== null) {
      await response.body?.cancel();
      if (redirects === mostRedirects) {
        throw new AttemptError(`${what}: more than ${mostRedirects} redirects`, "never");
      }
      at = target(location, at, what, [url.host, ...options.hosts]);
      continue;
    }
    if (status !== 200 && status !== 206) {
      await response.body?.cancel();
      if (status !== 416) throw ofStatus(what, status, headers.get("retry-after"));
      // What was there is not the beginning of what is now.
      await part.reset();
      throw new AttemptError(`${what}: it changed meanwhile`, "later");
    }
    return await takeBody({
      status,
      range: headers.get("content-range") ?? undefined,
      length: lengthOf(headers.get("content-length")),
      tag: strong(headers.get("etag")),
      body: response.body ?? [],
    }, { part, max, progress, what });
  }
}

function target(location: string, from: URL, what: string, hosts: readonly string[]): URL {
  const refuse = (why: string) => new AttemptError(`${what}: it redirects ${why}`, "never");
  if (!URL.canParse(location, from.href)) throw refuse("to no URL");
  const to = new URL(location, from.href);
  if (to.protocol !== "https:") throw refuse(`to ${to.protocol.slice(0, -1)}`);
  if (to.username !== "" || to.password !== "") throw refuse("to a URL with credentials");
  if (!hosts.includes(to.host)) throw refuse(`to ${to.host}, which PACKAGE_HOSTS does not name`);
  return to;
}

async function ask(url: URL, what: string, { part, signal }: HttpsOptions): Promise<Response> {
  const goOn = part.size > 0 && part.tag !== undefined
    ? { range: `bytes=${part.size}-`, "if-range": part.tag }
    : {};
  try {
    const headers = { accept: "*/*", "accept-encoding": "identity", ...goOn };
    return await fetch(url, { headers, redirect: "manual", signal });
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw ofConnection(what, error);
  }
}

function lengthOf(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** An ETag that says that bytes are the same, which a weak one does not. */
export function strong(tag: string | null | undefined): string | undefined {
  return tag?.startsWith('"') ? tag : undefined;
}
