import * as v from "valibot";
import { AttemptError, ofConnection, ofStatus } from "./attempt_error.ts";
import { readAtMost } from "../../http/read_at_most.ts";

/** A key for S3. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Variables that hold a key. */
export const keyVariables = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
] as const;

/** Where a container is given its key: the address that AWS documents for it. */
export const containerHost = "169.254.170.2";

/** Where the agent of the container hands out keys; `""` where the environment names none. */
export function containerUrl(relative: string, full: string): string {
  if (relative !== "") return `http://${containerHost}${relative}`;
  return full;
}

/** What can stand in a header: an error about anything else would repeat it. */
const printable = v.pipe(v.string(), v.regex(/^[\x21-\x7e]*$/));

const handedOut = v.object({
  AccessKeyId: printable,
  SecretAccessKey: printable,
  Token: v.optional(printable),
});

/** Most bytes of an answer of the container's agent. */
const mostOfAnswer = 2 ** 16;

/** Where a key is asked for, each time anew: a refusal may mean that the last one has expired. */
export interface CredentialSource {
  /** Reads a variable of the environment, masked from then on. */
  secret(name: string): Promise<string | undefined>;
  /** Masks a text from now on. */
  mask(value: string): void;
  /** `""` for none. */
  readonly container: string;
  /** The variable with the token that the container's agent wants. */
  readonly tokenVariable: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * A key from the environment, else from the container's agent where the environment names one, else
 * none: the object is then asked for without a signature. The metadata address of instances is never
 * asked.
 *
 * @throws AttemptError when the container's agent has none
 */
export async function readCredentials(source: CredentialSource): Promise<Credentials | undefined> {
  const [accessKeyId, secretAccessKey, sessionToken] = await Promise.all(
    keyVariables.map((name) => source.secret(name)),
  );
  if (accessKeyId && secretAccessKey) {
    return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
  }
  if (source.container === "") return undefined;
  return await askContainer(source);
}

async function askContainer(source: CredentialSource): Promise<Credentials> {
  const what = "the container's credentials";
  const token = source.tokenVariable && await source.secret(source.tokenVariable);
  let answer: Uint8Array | undefined;
  try {
    const headers = token ? { authorization: token } : {};
    const response = await fetch(source.container, {
      headers,
      redirect: "error",
      signal: source.signal,
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw ofStatus(what, response.status);
    }
    answer = await readAtMost(response.body, mostOfAnswer);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw ofConnection(what, error);
  }
  let found;
  try {
    found = v.parse(handedOut, JSON.parse(new TextDecoder().decode(answer)));
  } catch {
    throw new AttemptError(`${what}: the answer is none`, "later");
  }
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token } = found;
  for (const value of [accessKeyId, secretAccessKey, ...(Token ? [Token] : [])]) {
    source.mask(value);
  }
  return { accessKeyId, secretAccessKey, ...(Token ? { sessionToken: Token } : {}) };
}
