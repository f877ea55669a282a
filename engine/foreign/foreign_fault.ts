import { InvalidInputError } from "../errors.ts";

/** What is wrong with a step of others, or with what it says: told where a pipeline uses it. */
export class ForeignFault extends InvalidInputError {
  constructor(message: string, hint?: string) {
    super(message, hint === undefined ? {} : { hint });
  }
}
