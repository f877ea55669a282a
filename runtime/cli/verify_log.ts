import { type ExitCode, exitCode, InvalidInputError } from "../../engine/errors.ts";
import { isChain } from "../../engine/journal/is_chain.ts";
import { verifyChain } from "../../engine/journal/verify_chain.ts";
import type { Asked, Place } from "./port.ts";
import { readBytes } from "./read_text.ts";

/**
 * `sluice log verify FILE`: 0 when no line of a hash-chained log was changed, else 1. The digest of
 * the last line is told, so that it can be kept elsewhere: only where it is given later is a cut end
 * seen, or a chain that was written anew.
 *
 * @throws InvalidInputError for a file that is no such log: nothing can be said of it
 */
export async function verifyLog(
  { file, head: kept }: Asked<"log verify">,
  { context, port }: Place,
): Promise<ExitCode> {
  const bytes = await readBytes(file, context.cwd);
  if (!isChain(new TextDecoder().decode(bytes))) {
    throw new InvalidInputError(`${file} is no chain: no line of it has seq, prev and hash`, {
      hint:
        "a run's journal.jsonl and the audit log of upgrades are chains; what else lies there " +
        "is not (docs/formats.md)",
    });
  }
  const checked = verifyChain(bytes, kept === undefined ? {} : { head: kept });
  if (!checked.ok) {
    port.out(`${file}:${checked.line}: ${checked.reason}\n`);
    return exitCode.differs;
  }
  const lines = `${checked.lines} line${checked.lines === 1 ? "" : "s"}`;
  const torn = checked.torn === 0 ? "" : `, then ${checked.torn} bytes of an unfinished one`;
  const head = checked.head === "" ? "" : `, head sha256:${checked.head}`;
  const found = checked.kept === undefined ? "" : `, the head given is line ${checked.kept}`;
  port.out(`${file}: whole, ${lines}${head}${found}${torn}\n`);
  return exitCode.done;
}
