/**
 * A service on loopback for the tests of runs that probe one: it answers what it is told to.
 *
 * @module
 */
import type { Sluice } from "./start_sluice.ts";

export interface ToldService {
  readonly url: string;
  /** What it answers from now on, when it was first asked, and the header `x-token` of each question. */
  readonly seen: {
    status: string;
    asked: PromiseWithResolvers<void>;
    readonly headers: (string | null)[];
  };
  /** Waits until it is asked; fails when the process that should ask ends before. */
  untilAsked(by: Pick<Sluice, "ended">): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a service that answers with this status. */
export function serve(status: string): ToldService {
  const seen: ToldService["seen"] = { status, asked: Promise.withResolvers(), headers: [] };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    seen.headers.push(request.headers.get("x-token"));
    seen.asked.resolve();
    return Response.json({ status: seen.status, version: "1.0" });
  });
  return {
    seen,
    url: `http://127.0.0.1:${server.addr.port}/`,
    async untilAsked({ ended }) {
      const early = ended.then(({ code, stderr }) => {
        throw new Error(`it ended with ${code}:\n${stderr}`);
      });
      await Promise.race([seen.asked.promise, early]);
    },
    stop: () => server.shutdown(),
  };
}
