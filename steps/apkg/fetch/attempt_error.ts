/** Why one attempt to fetch a package failed, and what that means for the next. */
export class AttemptError extends Error {
  override readonly name = "AttemptError";

  /**
   * @param again `later`: the same may succeed after a while; `refused`: once more, with fresh
   * credentials; `never`: it will fail in the same way
   * @param retryAfter milliseconds that the server asks to wait
   */
  constructor(
    message: string,
    readonly again: "later" | "refused" | "never",
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

/** What an answer with this status says of another attempt. */
export function ofStatus(what: string, status: number, retryAfter?: string | null): AttemptError {
  const message = `${what}: status ${status}`;
  if (status === 403) return new AttemptError(message, "refused");
  const transient = status === 408 || status === 425 || status === 429 || status >= 500;
  return new AttemptError(message, transient ? "later" : "never", seconds(retryAfter));
}

/** Milliseconds of a Retry-After in seconds; a date is not waited for. */
function seconds(text: string | null | undefined): number | undefined {
  return text && /^\d{1,6}$/.test(text.trim()) ? Number(text) * 1000 : undefined;
}

const certain = /certificate|invalid peer|unknown issuer|not valid for name/i;

/** An error of a connection, judged: what is no fault of a certificate may go away. */
export function ofConnection(what: string, error: unknown): AttemptError {
  if (error instanceof AttemptError) return error;
  const why = deepest(error);
  return new AttemptError(`${what}: ${why}`, certain.test(why) ? "never" : "later");
}

/** The cause of causes in one line. Deno repeats URLs in it, queries and all. */
function deepest(error: unknown): string {
  let at = error as Error;
  while (at?.cause instanceof Error) at = at.cause;
  const line = (at?.message ?? String(error)).split("\n")[0] ?? "";
  const bare = line.replaceAll(/\(?[a-z]+:\/\/[^\s)]*\)?/gi, "the URL").replace(
    /^error sending request .*?: /,
    "",
  );
  return bare === "" ? at?.name ?? "it failed" : bare;
}
