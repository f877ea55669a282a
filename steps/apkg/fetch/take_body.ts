import { AttemptError, ofConnection } from "./attempt_error.ts";
import { type PartFile, tooLarge } from "./part_file.ts";
import { SluiceError } from "../../../engine/errors.ts";

/** One answer with a package, or the rest of one. */
export interface Answer {
  readonly status: number;
  /** `bytes 100-199/200`, where it is a part. */
  readonly range: string | undefined;
  readonly length: number | undefined;
  /** A strong ETag. */
  readonly tag: string | undefined;
  readonly body: AsyncIterable<Uint8Array> | readonly never[];
}

/** Where the pieces of a body go. */
export interface Taking {
  readonly part: PartFile;
  readonly max: number;
  readonly what: string;
  progress(done: number, total: number | undefined): void;
}

/**
 * Takes the body of an answer: after what is there where it is exactly the rest, else from the start.
 *
 * @throws AttemptError when it breaks off
 * @throws InvalidInputError when it is larger than it may be, as soon as that is known
 */
export async function takeBody(
  answer: Answer,
  { part, max, what, progress }: Taking,
): Promise<void> {
  const rest = answer.status === 206 ? /^bytes (\d+)-(\d+)\/(\d+)$/.exec(answer.range ?? "") : null;
  const isOther = answer.tag !== undefined && answer.tag !== part.tag;
  if (answer.status === 206 && (isOther || rest === null || Number(rest[1]) !== part.size)) {
    await part.reset();
    part.tag = undefined;
    throw new AttemptError(`${what}: it answered with another part than was asked for`, "later");
  }
  if (answer.status === 200) await part.reset();
  part.tag = answer.tag;
  const total = rest ? Number(rest[3]) : answer.length;
  if (total !== undefined && total > max) throw tooLarge(max);
  try {
    for await (const piece of answer.body) {
      await part.write(piece);
      progress(part.size, total);
    }
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    throw ofConnection(`${what}, after ${part.size} bytes`, error);
  }
  if (total !== undefined && part.size < total) {
    throw new AttemptError(`${what}: it broke off after ${part.size} of ${total} bytes`, "later");
  }
  if (total !== undefined && part.size > total) {
    await part.reset();
    throw new AttemptError(`${what}: it sent more than the ${total} bytes it announced`, "later");
  }
}
