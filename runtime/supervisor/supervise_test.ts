import assert from "node:assert/strict";
import type { Clock } from "../../engine/step.ts";
import type { Child } from "./child.ts";
import { supervise, type Supervised } from "./supervise.ts";

/** A clock that moves when told; what sleeps wakes in order. */
class ManualClock implements Clock {
  #at = 0;
  #sleepers: { wake: number; resolve: () => void }[] = [];

  now = () => new Date(this.#at);
  monotonic = () => this.#at;
  sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const sleeper = { wake: this.#at + ms, resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener("abort", () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      });
    });

  get sleeping(): readonly number[] {
    return this.#sleepers.map(({ wake }) => wake - this.#at);
  }

  async advance(ms: number): Promise<void> {
    this.#at += ms;
    const due = this.#sleepers.filter(({ wake }) => wake <= this.#at);
    this.#sleepers = this.#sleepers.filter(({ wake }) => wake > this.#at);
    for (const { resolve } of due) resolve();
    await settle();
  }
}

/** Lets everything happen that waits for nothing but its turn. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

interface FakeChild extends Child {
  readonly signals: string[];
  end(how: string): Promise<void>;
}

interface World {
  readonly program: Supervised;
  readonly clock: ManualClock;
  readonly children: FakeChild[];
  readonly said: string[];
  failSpawn?: Error;
}

/** `obedient` children end at SIGTERM; all end at SIGKILL. */
function world(options: { obedient: boolean } = { obedient: true }): World {
  const clock = new ManualClock();
  const children: FakeChild[] = [];
  const said: string[] = [];
  const made: World = {
    clock,
    children,
    said,
    program: supervise({
      clock,
      stop_timeout_ms: 1_000,
      say: (text) => said.push(text),
      spawn() {
        if (made.failSpawn !== undefined) throw made.failSpawn;
        const ended = Promise.withResolvers<string>();
        const child: FakeChild = {
          pid: 100 + children.length,
          ended: ended.promise,
          signals: [],
          kill(signal) {
            child.signals.push(signal);
            if (signal === "SIGKILL" || options.obedient) ended.resolve(`killed by ${signal}`);
          },
          end(how) {
            ended.resolve(how);
            return settle();
          },
        };
        children.push(child);
        return child;
      },
    }),
  };
  return made;
}

Deno.test("supervise() starts nothing until it is told to, and then once", async () => {
  const { program, children } = world();
  assert.equal(program.status().state, "stopped");
  await program.stop();
  await Promise.all([program.start(), program.start()]);
  assert.equal(children.length, 1);
  assert.deepEqual(program.status().main, { pid: 100, started: "1970-01-01T00:00:00.000Z" });
});

Deno.test("supervise() restarts what ended by itself, each time later, at most 10 s", async () => {
  const { program, clock, children, said } = world();
  await program.start();
  const delays: number[] = [];
  for (let failure = 0; failure < 8; failure++) {
    await children.at(-1)!.end("exit code 3");
    assert.equal(program.status().state, "backing-off");
    delays.push(clock.sleeping[0]!);
    await clock.advance(clock.sleeping[0]!);
    assert.equal(program.status().state, "running");
  }
  assert.deepEqual(delays, [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  assert.equal(program.status().crash_loop, true);
  assert.match(said.join("\n"), /exit code 3; next start in 1000 ms \(crash loop: 3 failures/);
});

Deno.test("supervise() forgets failures once the program ran for 10 s", async () => {
  const { program, clock, children } = world();
  await program.start();
  await children[0]!.end("exit code 1");
  await clock.advance(250);
  await clock.advance(10_000);
  await children[1]!.end("exit code 1");
  assert.deepEqual(clock.sleeping, [250]);
  assert.equal(program.status().failures, 1);
});

Deno.test("supervise() does not restart what was stopped", async () => {
  const { program, clock, children } = world();
  await program.start();
  await program.stop();
  await clock.advance(60_000);
  assert.equal(children.length, 1);
  assert.deepEqual(children[0]!.signals, ["SIGTERM"]);
  assert.equal(program.status().state, "stopped");
  assert.equal(program.status().last_end, "it was stopped: killed by SIGTERM");
});

Deno.test("supervise() kills what ignores SIGTERM when the time is over", async () => {
  const { program, clock, children } = world({ obedient: false });
  await program.start();
  const stopped = program.stop();
  await settle();
  await clock.advance(999);
  assert.deepEqual(children[0]!.signals, ["SIGTERM"]);
  assert.equal(program.status().state, "stopping");
  await clock.advance(1);
  await stopped;
  assert.deepEqual(children[0]!.signals, ["SIGTERM", "SIGKILL"]);
});

Deno.test("supervise() ends the wait before a restart at stop and at start", async () => {
  const { program, clock, children } = world();
  await program.start();
  await children[0]!.end("exit code 1");
  await program.start();
  assert.equal(children.length, 2);
  await children[1]!.end("exit code 1");
  await program.stop();
  assert.equal(program.status().state, "stopped");
  await clock.advance(60_000);
  assert.equal(children.length, 2);
});

Deno.test("supervise() says why a program cannot be started, and tries again", async () => {
  const made = world();
  made.failSpawn = new Error("No such file");
  await assert.rejects(made.program.start(), /it could not be started: No such file/);
  assert.equal(made.program.status().state, "backing-off");
  delete made.failSpawn;
  await made.clock.advance(250);
  assert.equal(made.program.status().state, "running");
});
