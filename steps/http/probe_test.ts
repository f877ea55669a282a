// flags: --allow-net=127.0.0.1,localhost
import assert from "node:assert/strict";
import { FailedError } from "../../engine/errors.ts";
import type { SecretRef } from "../../engine/schema/types.ts";
import type { Clock, StepContext } from "../../engine/step.ts";
import { freePort } from "../../tests/conformance/free_port.ts";
import type { ServiceManager, ServiceStatus } from "../service/service_manager.ts";
import { type HealthDemand, proveHealthy } from "./probe.ts";

type Handler = (request: Request, count: number) => Response | Promise<Response>;

/** A real server; `count` is the number of the request, from 1. */
function serve(handler: Handler): { url: string } & AsyncDisposable {
  let count = 0;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => handler(request, ++count),
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/healthz`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A clock that stands still but for sleeping. */
function sleepingClock(): Clock & { readonly slept: number[] } {
  let at = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => new Date(at),
    monotonic: () => at,
    sleep: (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      at += ms;
      return Promise.resolve();
    },
  };
}

function context(
  clock: Clock = sleepingClock(),
  signal = new AbortController().signal,
): Pick<StepContext, "signal" | "clock" | "emit" | "secret"> {
  return {
    clock,
    signal,
    emit: { note() {}, progress() {}, artifact() {}, output() {} },
    secret: () => Promise.resolve("s3cret\n"),
  };
}

const basis: Omit<HealthDemand, "health"> = {
  version_at: { kind: "health", pointer: "/version" },
  good_answers: 1,
  deadline_ms: 3_000,
  settle_ms: 0,
};

const good = (version = "2.0.0") => Response.json({ status: "healthy", version });

async function failure(promise: Promise<unknown>): Promise<FailedError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof FailedError, String(error));
    return error;
  }
  throw new Error("it was found healthy");
}

Deno.test("proveHealthy() takes healthy and ok with status 200, and tells the version", async () => {
  for (const status of ["healthy", "ok"]) {
    await using server = serve(() => Response.json({ status, version: "2.0.0" }));
    const health = await proveHealthy({ ...basis, health: server.url }, context());
    assert.deepEqual(health, { answers: 1, version: "2.0.0", elapsed_ms: 0 });
  }
});

Deno.test("proveHealthy() counts answers, then seconds", async () => {
  await using server = serve(() => good());
  const told: string[] = [];
  const demand = { ...basis, health: server.url, good_answers: 2, settle_ms: 2_000 };
  await proveHealthy(demand, {
    ...context(),
    emit: {
      ...context().emit,
      progress: ({ done, total, unit }) => void told.push(`${done} of ${total} ${unit}`),
    },
  });
  assert.deepEqual(told.slice(0, 3), ["1 of 2 answers", "2 of 2 answers", "0 of 2 seconds"]);
});

Deno.test("proveHealthy() refuses an unhealthy status that comes with 200, and says for how long", async () => {
  await using server = serve(() => Response.json({ status: "unhealthy", version: "2.0.0" }));
  const error = await failure(proveHealthy({ ...basis, health: server.url }, context()));
  assert.equal(
    error.message,
    `${server.url} did not prove healthy within 3 s (0 of 1 good answers in a row): ` +
      'answered 200 with status "unhealthy" (13 times)',
  );
  assert.deepEqual(error.details, {
    last_answers: ['answered 200 with status "unhealthy" (13 times)'],
    waited_ms: 3000,
  });
});

const badAnswers: readonly [string, Handler, RegExp][] = [
  ["a status other than 200", () => Response.json({ status: "ok" }, { status: 503 }), /503/],
  ["text", () => new Response("OK"), /answered 200 with no JSON/],
  ["JSON without a status", () => Response.json({ ok: true }), /answered 200 with no status/],
  ["a status that is no word", () => Response.json({ status: true }), /with status true/],
  ["a redirect", () => Response.redirect("http://127.0.0.1:1/"), /answered 302/],
  ["a body beyond 64 KiB", () => Response.json({ status: "ok", x: "x".repeat(70_000) }), /64 KiB/],
  ["control characters", () => Response.json({ status: "a\x1b[2Jb\n" }), /status "a\?\[2Jb\?"/],
];

for (const [what, handler, wanted] of badAnswers) {
  Deno.test(`proveHealthy() refuses ${what}`, async () => {
    await using server = serve(handler);
    const demand = { ...basis, health: server.url, deadline_ms: 300 };
    assert.match((await failure(proveHealthy(demand, context()))).message, wanted);
  });
}

Deno.test("proveHealthy() waits through refused connections", async () => {
  const port = freePort();
  const clock = sleepingClock();
  let server: Deno.HttpServer | undefined;
  const starting: Clock = {
    ...clock,
    sleep(ms, signal) {
      if (clock.slept.length === 3) {
        server = Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, () => good());
      }
      return clock.sleep(ms, signal);
    },
  };
  const health = await proveHealthy(
    { ...basis, health: `http://127.0.0.1:${port}/` },
    context(starting),
  );
  await server?.shutdown();
  assert.equal(health.elapsed_ms, 1000);
});

Deno.test("proveHealthy() says that connections were refused", async () => {
  const demand = { ...basis, health: `http://127.0.0.1:${freePort()}/`, deadline_ms: 500 };
  assert.match(
    (await failure(proveHealthy(demand, context()))).message,
    /: connection refused \(3 times\)$/,
  );
});

Deno.test("proveHealthy() wants good answers in a row, not in all", async () => {
  await using server = serve((_, count) =>
    count === 3 ? Response.json({ status: "degraded" }) : good()
  );
  const clock = sleepingClock();
  await proveHealthy({ ...basis, health: server.url, good_answers: 3 }, context(clock));
  assert.equal(clock.slept.length, 5); // good, good, bad, good, good, good
});

Deno.test("proveHealthy() counts only answers from the expected version", async () => {
  await using server = serve((_, count) => good(count < 3 ? "2.0.0" : "3.0.0"));
  const demand = { ...basis, health: server.url, expected: "3.0.0" };
  const health = await proveHealthy(demand, context());
  assert.equal(health.version, "3.0.0");
  const error = await failure(proveHealthy({ ...demand, expected: "4.0.0" }, context()));
  assert.match(error.message, /: version 3\.0\.0 answered, 4\.0\.0 wanted \(13 times\)$/);
});

Deno.test("proveHealthy() refuses an answer without the expected version", async () => {
  await using server = serve(() => Response.json({ status: "ok" }));
  const demand = { ...basis, health: server.url, expected: "3.0.0", deadline_ms: 0 };
  const error = await failure(proveHealthy(demand, context()));
  assert.match(error.message, /answered no version at \/version, 3\.0\.0 wanted/);
});

Deno.test("proveHealthy() asks another URL for the version, with the secret header", async () => {
  const seen: (string | null)[] = [];
  await using server = serve((request) => {
    const asked = new URL(request.url).pathname;
    seen.push(`${asked} ${request.headers.get("x-api-key")}`);
    return asked === "/healthz"
      ? Response.json({ status: "ok" })
      : Response.json({ service: { version: 3 } });
  });
  const health = await proveHealthy({
    ...basis,
    health: server.url,
    version_at: {
      kind: "url",
      url: server.url.replace("healthz", "v"),
      pointer: "/service/version",
    },
    version_header: { name: "x-api-key", secret: "env:KEY" as SecretRef },
    expected: "3",
  }, context());
  assert.equal(health.version, "3");
  assert.deepEqual(seen, ["/healthz null", "/v s3cret"]);
});

Deno.test("proveHealthy() fails at once when an answer in the settle time is bad", async () => {
  await using server = serve((_, count) => count === 4 ? new Response("no") : good());
  const clock = sleepingClock();
  const demand = { ...basis, health: server.url, settle_ms: 10_000 };
  const error = await failure(proveHealthy(demand, context(clock)));
  assert.match(
    error.message,
    /was healthy and did not stay so: answered 200 with no JSON, 0\.8 s into the settle time of 10 s$/,
  );
  assert.equal(clock.slept.length, 3);
});

Deno.test("proveHealthy() watches to the very end of the settle time", async () => {
  await using server = serve(() => good());
  const clock = sleepingClock();
  const demand = { ...basis, health: server.url, settle_ms: 600 };
  const health = await proveHealthy(demand, context(clock));
  assert.deepEqual(clock.slept, [250, 250, 100]);
  assert.equal(health.elapsed_ms, 600);
});

Deno.test("proveHealthy() gives up on a slow answer, and settles when it is aborted", async () => {
  const never = new Promise<Response>(() => {});
  await using server = serve((request) =>
    new Promise((resolve) => {
      request.signal.addEventListener("abort", () => resolve(new Response()));
      never.then(resolve);
    })
  );
  const demand = { ...basis, health: server.url, deadline_ms: 100 };
  const error = await failure(proveHealthy(demand, context()));
  assert.match(error.message, /: no answer within 100 ms/);

  const cancel = new AbortController();
  const reason = new Error("enough");
  setTimeout(() => cancel.abort(reason), 20);
  await assert.rejects(
    proveHealthy({ ...demand, deadline_ms: 60_000 }, context(sleepingClock(), cancel.signal)),
    reason,
  );
});

for (const host of ["localhost", "127.0.0.1"]) {
  Deno.test({
    name: `proveHealthy() takes the sandbox's no for ${host} as an error, not as an answer`,
    permissions: { net: ["127.0.0.1:2"] },
    fn: () =>
      assert.rejects(
        proveHealthy({ ...basis, health: `http://${host}:1/` }, context()),
        Deno.errors.NotCapable,
      ),
  });
}

/** A service whose main process is what the list says, question after question; the last one stays. */
function service(...statuses: readonly ServiceStatus[]): ServiceManager {
  let asked = 0;
  return {
    name: "supervisor:/s",
    managed: true,
    status: () => Promise.resolve(statuses[Math.min(asked++, statuses.length - 1)]!),
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    logs: () => Promise.resolve([]),
  };
}

const process = (pid: number): ServiceStatus => ({
  state: "running",
  main: { pid, started: `at ${pid}`, started_at: new Date(0) },
});

const byProcess: HealthDemand = { ...basis, health: undefined, version_at: { kind: "process" } };

Deno.test("proveHealthy() takes a new main process for the version, and not the old one", async () => {
  const previous = [{ pid: 1, started: "at 1" }];
  const services = [service(process(1), process(2))];
  const health = await proveHealthy({ ...byProcess, services, previous }, context());
  assert.equal(health.elapsed_ms, 250);
  const error = await failure(
    proveHealthy({ ...byProcess, services: [service(process(1))], previous }, context()),
  );
  assert.match(error.message, /supervisor:\/s is still the old process 1/);
});

Deno.test("proveHealthy() finds a service that crashes between two good answers", async () => {
  await using server = serve(() => good());
  const error = await failure(proveHealthy({
    ...basis,
    health: server.url,
    services: [service(process(1), process(1), process(2))],
    settle_ms: 5_000,
  }, context()));
  assert.match(
    error.message,
    /supervisor:\/s ended \(process 1\) and was started again, 0\.5 s into/,
  );
});

Deno.test("proveHealthy() names the state of a service that does not run", async () => {
  const services = [service({ state: "backing-off", why: "exit code 3" })];
  const error = await failure(proveHealthy({ ...byProcess, services, deadline_ms: 0 }, context()));
  assert.match(error.message, /supervisor:\/s is backing-off \(exit code 3\)/);
});

Deno.test("proveHealthy() refuses to prove a version that nobody tells", async () => {
  const demand = { ...byProcess, health: "http://127.0.0.1:1/", expected: "3.0.0" };
  await assert.rejects(proveHealthy(demand, context()), { name: "InvalidInputError" });
});
