import * as v from "valibot";
import { FailedError, TransientError } from "../../engine/errors.ts";
import { duration, url } from "../../engine/schema/types.ts";
import { defineStep } from "../../engine/step.ts";
import { permissionsOfProbe } from "./probe_permissions.ts";
import { defaultVersionAt, parseVersionAt, versionAt } from "./version_at.ts";
import { parseVersionHeader, versionHeader } from "./version_header.ts";

/**
 * Asks a URL until it answers well: status 200 *and* JSON whose `status` is `healthy` or `ok`.
 * Redirects are not followed and proxies not used.
 *
 * @throws TransientError when it does not in time, with its last answers; `retry` asks again
 */
export const probeHttp = defineStep({
  name: "http.probe",
  summary: "Ask a URL until its service proves healthy",
  effect: "none",
  params: v.strictObject({
    url: url(),
    /** Good answers wanted in a row. */
    good_answers: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1),
    /** Time in which they have to come. */
    deadline: v.optional(duration(), 30_000),
    /** Time after them in which not one answer may be bad. */
    settle: v.optional(duration(), 0),
    /** Where the version stands: `/pointer` into the health answer, or `URL#/pointer`. */
    version_at: v.optional(
      v.pipe(versionAt(), v.notValue("process", "process is for services; here nobody knows one")),
      defaultVersionAt,
    ),
    /** Header for the request that tells the version: `NAME=env:VARIABLE` or `NAME=file:PATH`. */
    version_header: v.optional(versionHeader(), ""),
  }),
  late: v.strictObject({
    /** The version that has to answer; any will do by default. */
    expect: v.optional(v.string(), ""),
  }),
  facts: v.strictObject({
    /** Good answers in a row before the settle time. */
    answers: v.number(),
    /** The version that answered, or `""` where it tells none. */
    version: v.string(),
  }),
  example: `uses: http.probe
with:
  url: http://127.0.0.1:7443/healthz`,
  permissions: ({ url, version_at, version_header }) => ({
    run: permissionsOfProbe({ health: url, version_at, version_header }),
  }),
  async run(input, ctx) {
    const { proveHealthy } = await import("./probe.ts");
    try {
      const health = await proveHealthy({
        health: input.url,
        version_at: parseVersionAt(input.version_at),
        version_header: parseVersionHeader(input.version_header),
        expected: input.expect === "" ? undefined : input.expect,
        good_answers: input.good_answers,
        deadline_ms: input.deadline,
        settle_ms: input.settle,
      }, ctx);
      return { answers: health.answers, version: health.version ?? "" };
    } catch (error) {
      if (!(error instanceof FailedError)) throw error;
      const { message, details, cause } = error;
      throw new TransientError(message, { details, cause });
    }
  },
});
