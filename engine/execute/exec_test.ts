// flags: --allow-read --allow-write=<tmp> --allow-run=/bin/sh,/bin/cat,/usr/bin/env
import assert from "node:assert/strict";
import { FailedError, InterruptedError, RefusedError } from "../errors.ts";
import { maskLines } from "../events/mask_lines.ts";
import { Masker } from "../events/masker.ts";
import { type Permissions, permissions, type ProgramGrant } from "../permissions/permissions.ts";
import type { ExecRequest } from "../step.ts";
import { exec, type ExecWorld, start } from "./exec.ts";
import type { SpawnedEnd, SpawnedProgram } from "./spawn_log.ts";
import { strictTests } from "./strict_tests.ts";
import { systemClock } from "./system_clock.ts";

const test = strictTests("exec()");

const shell = { program: "sh", args: ["-c", "**"], env: ["WORD"] };

function run(
  request: ExecRequest,
  changes: Partial<ExecWorld> = {},
  grants: readonly ProgramGrant[] = [shell],
) {
  const started: SpawnedProgram[] = [];
  const ended: SpawnedEnd[] = [];
  const refused: string[] = [];
  const lines: string[] = [];
  const result = exec(request, {
    step: "A",
    grants,
    programs: { sh: "/bin/sh", cat: "/bin/cat", env: "/usr/bin/env" },
    signal: new AbortController().signal,
    clock: systemClock,
    output: (program, stream) =>
      maskLines(new Masker(), (text) => lines.push(`${program} ${stream} ${text}`)),
    log: {
      started(program) {
        started.push(program);
        return Promise.resolve((end) => Promise.resolve(void ended.push(end)));
      },
      refused: (_, reason) => Promise.resolve(void refused.push(reason)),
    },
    ...changes,
  });
  return { result, started, ended, refused, lines };
}

const script = (text: string, more: Partial<ExecRequest> = {}): ExecRequest => {
  return { program: "sh", args: ["-c", text], ...more };
};

test("gives code and output, and records start and end", async () => {
  const { result, started, ended } = run(script("echo out; echo err >&2; exit 3"));
  assert.deepEqual(await result, { code: 3, stdout: "out\n", stderr: "err\n" });
  assert.deepEqual(started, [{
    step: "A",
    program: "/bin/sh",
    args: ["-c", "echo out; echo err >&2; exit 3"],
    env: [],
    brokered: false,
  }]);
  assert.deepEqual(ended, [{ code: 3 }]);
});

test("passes on no variable but those that it is given", async () => {
  const grant = { program: "env", args: [], env: ["WORD"] };
  const { result, started } = run(
    { program: "env", args: [], env: { WORD: "x y" } },
    {},
    [grant],
  );
  assert.equal((await result).stdout, "WORD=x y\n");
  assert.deepEqual(started[0]!.env, ["WORD"]);
});

test("writes standard input and closes it", async () => {
  const grant = { program: "cat", args: [], env: [] };
  const text = "0123456789".repeat(50_000);
  const { result } = run({ program: "cat", args: [], stdin: text }, {}, [grant]);
  assert.equal((await result).stdout, text);
});

test("does not fail when a program leaves its input unread", async () => {
  const { result } = run(script("exit 0", { stdin: "x".repeat(1_000_000) }));
  assert.equal((await result).code, 0);
});

test("keeps the first bytes of much output, without half a character", async () => {
  const { result, ended } = run(
    script("i=0; while [ $i -lt 2000 ]; do echo éééééééééé; i=$((i+1)); done", { maxOutput: 100 }),
  );
  const { stdout } = await result;
  assert.equal(stdout, `${`${"é".repeat(10)}\n`.repeat(4)}${"é".repeat(8)}`);
  assert.deepEqual(ended, [{ code: 0, dropped: 2000 * 21 - 100 }]);
});

test("shows lines as they come where it is asked to", async () => {
  const { result, lines } = run(script("echo one; echo two >&2; printf three", { show: true }));
  await result;
  assert.deepEqual(lines.toSorted(), ["sh stderr two", "sh stdout one", "sh stdout three"]);
});

test("stops the program when it is cancelled, by force if need be", async () => {
  for (const trap of ["", "trap '' TERM; "]) {
    const abort = new AbortController();
    const ready = Promise.withResolvers<void>();
    const request = script(`${trap}echo ready; while :; do :; done`, { show: true });
    const { result, ended } = run(request, {
      signal: abort.signal,
      output: () => ({ piece: () => ready.resolve(), end() {} }),
    });
    await ready.promise;
    const reason = new InterruptedError("stop");
    abort.abort(reason);
    await assert.rejects(result, reason);
    assert.deepEqual(ended, [{ code: trap === "" ? 143 : 137 }]);
  }
});

test("does not wait for what a program leaves behind with its output open", async () => {
  const { result } = run(script("while :; do sleep 0.1 || exit; done & echo $!"));
  const { stdout } = await result;
  await run(script(`kill ${Number(stdout)}`)).result;
});

test("starts nothing when it is cancelled already", async () => {
  const { result, started } = run(script("exit 0"), { signal: AbortSignal.abort() });
  await assert.rejects(result);
  assert.equal(started.length, 0);
});

test("starts nothing that cannot be recorded", async () => {
  const marker = `${await Deno.makeTempDir()}/it-ran`;
  const full = new FailedError("no space left");
  const { result, ended } = run(script(`: > ${marker}`), {
    log: { started: () => Promise.reject(full), refused: () => Promise.resolve() },
  });
  await assert.rejects(result, full);
  assert.deepEqual(ended, []);
  await assert.rejects(Deno.lstat(marker), Deno.errors.NotFound);
});

test("refuses what was not declared, says what was, and records it", async () => {
  const cases: readonly (readonly [ExecRequest, RegExp, RegExp])[] = [
    [{ program: "cat", args: [] }, /A did not declare the program cat/, /permissions/],
    [{ program: "sh", args: ["-x"] }, /arguments \["-x"\]/, /\["-c","\*\*"\]/],
    [script("exit 0", { env: { PATH: "/" } }), /variables PATH/, /WORD/],
  ];
  for (const [request, message, hint] of cases) {
    const { result, started, refused } = run(request);
    await assert.rejects(result, (error: Error) => {
      assert.ok(error instanceof RefusedError);
      assert.match(error.message, message);
      assert.match(error.hint!, hint);
      return true;
    });
    assert.equal(started.length, 0);
    assert.match(refused.join(), message);
  }
});

test("takes the grant that fits, of several for one program", async () => {
  const grants = [{ ...shell, args: ["-n"] }, shell];
  assert.equal((await run(script("exit 4"), {}, grants).result).code, 4);
});

test("says so when a program is not installed", async () => {
  const missing = run(script("exit 0"), { programs: {} });
  await assert.rejects(missing.result, { name: "FailedError", message: /sh is not installed/ });
  const gone = run(script("exit 0"), { programs: { sh: "/bin/sh" } }, [shell]);
  assert.equal((await gone.result).code, 0);
  const grant = { program: "/nonexistent/x", args: [], env: [] };
  const refused = run({ program: "/nonexistent/x", args: [] }, {}, [grant]);
  await assert.rejects(
    refused.result,
    (error: Error) => error instanceof FailedError || error instanceof Deno.errors.NotCapable,
  );
  assert.match(JSON.stringify(refused.ended), /"failed":".*nonexistent/);
});

test("has a brokered program started by the launcher, and records that", async () => {
  const grant = { program: "/opt/r/*/hook", args: ["*"], env: [], brokered: true } as const;
  const request = { program: "/opt/r/1.2.0/hook", args: ["x"] };
  const asked: unknown[] = [];
  const broker: ExecWorld["broker"] = (...question) => {
    asked.push(question.slice(0, 2));
    return Promise.resolve({ code: 0, stdout: "hi", stderr: "" });
  };
  const { result, started } = run(request, { broker: broker! }, [grant]);
  assert.equal((await result).stdout, "hi");
  assert.deepEqual(asked, [[grant, request]]);
  assert.equal(started[0]!.brokered, true);

  await assert.rejects(run(request, {}, [grant]).result, { name: "RefusedError", exit: 7 });
});

test("starts a module with as much as its grant may have, and refuses more", async () => {
  const most = permissions({ connect: ["example.com:443"], env: ["NAME"] });
  const grant = {
    program: "/srv/a/main.ts",
    args: [],
    env: [],
    brokered: true,
    deno: most,
  } as const;
  const broker = () => Promise.resolve({ code: 0, stdout: "", stderr: "" });
  const asked = (deno: Permissions) =>
    run({ program: grant.program, args: [], deno }, { broker }, [grant]).result;
  assert.equal((await asked(permissions({ env: ["NAME"] }))).code, 0);
  await assert.rejects(asked(permissions({ connect: ["example.com"] })), {
    name: "RefusedError",
    message: /may not grant \/srv\/a\/main\.ts that much: connects to example\.com$/,
  });
  const plain = { ...shell, brokered: true } as const;
  await assert.rejects(run(script("", { deno: most }), { broker }, [plain]).result, RefusedError);
});

function startHeld(
  request: ExecRequest,
  grants: readonly ProgramGrant[] = [shell],
  more: Pick<ExecWorld, "broker"> = {},
) {
  const ended: SpawnedEnd[] = [];
  const lines = Promise.withResolvers<string>();
  const program = start(request, {
    step: "A",
    grants,
    programs: { sh: "/bin/sh" },
    clock: systemClock,
    output: () => ({ piece: lines.resolve, end() {} }),
    log: {
      started: () => Promise.resolve((end) => Promise.resolve(void ended.push(end))),
      refused: () => Promise.resolve(),
    },
    ...more,
  });
  return { program, ended, said: lines.promise };
}

test("start() leaves a program alive until it is stopped, and records its end", async () => {
  const { program, ended, said } = startHeld(
    script("trap 'exit 7' TERM; echo up; while :; do sleep 0.01; done", { show: true }),
  );
  const { ended: end, stop } = await program;
  assert.equal(await said, "up\n");
  assert.deepEqual(ended, []);
  stop();
  assert.equal((await end).code, 7);
  assert.deepEqual(ended, [{ code: 7 }]);
});

test("start() tells the end that a program came to by itself", async () => {
  const { ended } = await startHeld(script("exit 5")).program;
  assert.equal((await ended).code, 5);
});

test("start() has the launcher start what is brokered, shows what it prints and stops it", async () => {
  const grant = { ...shell, brokered: true } as const;
  const stopped = Promise.withResolvers<void>();
  const { program, said, ended } = startHeld(script("", { show: true }), [grant], {
    broker: async (_grant, _request, { signal, stays, output }) => {
      assert.ok(stays);
      output("stdout", "up\n");
      signal.addEventListener("abort", () => stopped.resolve());
      await stopped.promise;
      return { code: 143, stdout: "", stderr: "" };
    },
  });
  const { ended: end, stop } = await program;
  assert.equal(await said, "up\n");
  stop();
  assert.equal((await end).code, 143);
  assert.deepEqual(ended, [{ code: 143 }]);

  const refused = startHeld(script(""), [grant], {
    broker: () => Promise.reject(new RefusedError("no box")),
  });
  assert.deepEqual(await (await refused.program).ended, {
    code: 255,
    stdout: "",
    stderr: "no box",
  });
});

test("start() refuses what was not declared, and what is not there", async () => {
  await assert.rejects(startHeld({ program: "cat", args: [] }).program, RefusedError);
  const { program, ended } = startHeld(script("exit 0", { cwd: "/nonexistent" }));
  await assert.rejects(program, FailedError);
  assert.match(JSON.stringify(ended), /failed/);
});
