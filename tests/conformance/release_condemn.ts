import { condemnRelease } from "../../steps/release/condemn.ts";
import type { Fixture } from "./fixture.ts";
import { makeRoot } from "./release_root.ts";

/** A release that was just switched to. What undo does after a failure is in `condemn_test.ts`. */
export const fixture: Fixture = {
  step: condemnRelease,
  async arrange(dir) {
    await makeRoot(dir, { versions: ["2.0.0"], current: "2.0.0" });
    return {
      params: { root: dir, service: ["none"], version_header: "" },
      late: { release: "2.0.0", metadata_sha256: "ab" },
      watched: [dir],
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};
