import type { SecretRef } from "../../engine/schema/types.ts";
import { packRelease } from "./pack.ts";
import { testContext } from "./test_bed.ts";

export interface TestSource {
  /** The folder of the release's source. */
  readonly source: string;
  readonly version: string;
  /** The key that signs it, as text. */
  readonly pem: string;
  /** The folder that the bundle is written to. */
  readonly output: string;
  /** The lowest version that may be installed after it; default: none is said. */
  readonly floor?: string;
}

/** Packs a release named `atp`, as the step does. */
export function packForTest({ pem, floor = "", ...source }: TestSource) {
  return packRelease.run({
    ...source,
    name: "atp",
    key: "env:KEY" as SecretRef,
    password: "env:PASSWORD" as SecretRef,
    floor,
    build_time: 0,
  }, testContext({ secrets: { "env:KEY": pem } }));
}
