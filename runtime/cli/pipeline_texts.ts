import { InvalidInputError, NotAuthorisedError } from "../../engine/errors.ts";
import { resolvePath } from "../launch/resolve_path.ts";
import type { Place } from "./port.ts";
import { readIncluded, readPipeline } from "./read_text.ts";

/** Where the texts of pipelines come from: the disk, or what the launcher verified. */
export interface PipelineTexts {
  /** The text of a file that the user named. */
  named(file: string): Promise<string>;
  /** The text of a pipeline that another one includes, by its absolute path. */
  included(path: string): Promise<string>;
  /**
   * To be called after all was read.
   *
   * @throws NotAuthorisedError when something was wanted that is not among what was signed
   */
  refuseUnsigned(): void;
}

/** Nothing is read from the disk where the launcher handed over what it verified. */
export function pipelineTexts({ context, port }: Place): PipelineTexts {
  const { signed } = port;
  if (signed === undefined) {
    return {
      named: (file) => readNamed(file, context.cwd),
      included: readIncluded,
      refuseUnsigned() {},
    };
  }
  const unsigned: string[] = [];
  const included = (path: string) => {
    const text = signed.texts.get(path);
    if (text !== undefined) return Promise.resolve(text);
    unsigned.push(path);
    return Promise.reject(new InvalidInputError("it is not among what was signed"));
  };
  const refuseUnsigned = () => {
    if (unsigned.length === 0) return;
    throw new NotAuthorisedError(`not among what was signed: ${unsigned.join(", ")}`, {
      hint: "read it, and have the pipeline signed again: sluice sign",
    });
  };
  return {
    async named(file) {
      try {
        return await included(resolvePath(context.cwd, file));
      } finally {
        refuseUnsigned();
      }
    },
    included,
    refuseUnsigned,
  };
}

async function readNamed(file: string, cwd: string): Promise<string> {
  try {
    return await readPipeline(file, cwd);
  } catch (error) {
    // A word alone, which is no file, is probably a surface.
    if (!(error instanceof InvalidInputError) || /[./]/.test(file)) throw error;
    throw new InvalidInputError(`${JSON.stringify(file)} is no file of a pipeline`, {
      cause: error,
      hint: `run and plan take a surface as --surface ${file}; sluice surfaces lists them`,
    });
  }
}

/**
 * Makes sure that a signature which was asked for was verified: the launcher reads the command line in
 * a way of its own.
 *
 * @throws NotAuthorisedError
 */
export function checkVerified(keys: string | undefined, { port }: Place): void {
  if (keys === undefined || port.signed !== undefined) return;
  throw new NotAuthorisedError("a signature was required, and none was verified", {
    hint: "write the command first, then the pipeline or the run, then --require-signature KEYS",
  });
}
