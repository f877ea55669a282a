import { FetchHttpHandler } from "@smithy/fetch-http-handler";
import { readAtMost } from "../../http/read_at_most.ts";

/** Most bytes of an answer that says what is wrong. */
const mostOfError = 2 ** 16;

/**
 * Asks S3 by `fetch`, since Node's client asks for more of the system than flags can grant. A redirect
 * is an answer like others: where it leads to is the server's word. Of an answer that is not the object
 * the client would read all there is; it is given 64 KiB of it, or nothing where there is more.
 */
export class S3Handler extends FetchHttpHandler {
  constructor() {
    super({ requestInit: () => ({ redirect: "manual" }) });
  }

  override async handle(
    ...args: Parameters<FetchHttpHandler["handle"]>
  ): ReturnType<FetchHttpHandler["handle"]> {
    const answer = await super.handle(...args);
    const { response } = answer;
    if (response.statusCode >= 300 && response.body instanceof ReadableStream) {
      response.body = await readAtMost(response.body, mostOfError) ?? new Uint8Array();
    }
    return answer;
  }
}
