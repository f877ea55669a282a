import { openHealth } from "../../steps/face/health.ts";
import type { Fixture } from "./fixture.ts";
import { freePort } from "./free_port.ts";

/** A port that nobody has. */
export const fixture: Fixture = {
  step: openHealth,
  arrange: () =>
    Promise.resolve({
      params: { host: "127.0.0.1", port: freePort() },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
};
