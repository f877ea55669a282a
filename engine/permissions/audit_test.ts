// flags: none
import assert from "node:assert/strict";
import type { SpawnLine } from "../execute/spawn_log.ts";
import type { RunTimes, StepWindow } from "../execute/step_windows.ts";
import { audit, type AuditedRun, type AuditedStep } from "./audit.ts";
import { readAuditLog } from "./audit_log.ts";
import { derive } from "./derive.ts";
import { none, type Permissions, permissions } from "./permissions.ts";

const run = "/runs/1";
let line = 0;

function step(id: string, own: Partial<Permissions>, more: Partial<AuditedStep> = {}): AuditedStep {
  const span = { file: "/p.yaml", line: ++line, column: 1, endLine: 1, endColumn: 1 };
  const set = { run: permissions(own), undo: none };
  return { id, uses: `x.${id}`, span, holds: false, permissions: set, ...more };
}

/** `A 10-20` ran from second 10 to 20, `A.undo 10-20` was undone. */
function times(windows: readonly string[], exercised: Partial<RunTimes["exercised"]> = {}) {
  const parsed = windows.map((text): StepWindow => {
    const [, step, undo, from, to] = /^(\S+?)(\.undo)? (\d+)-(\d+)$/.exec(text)!;
    const phase = undo === undefined ? "run" : "undo";
    return { step: step!, phase, from: Number(from) * 1000, to: Number(to) * 1000 };
  });
  const whole = (phase: "run" | "undo") =>
    new Map(parsed.filter((each) => each.phase === phase).map(({ step }) => [step, "whole"]));
  return {
    processes: [{ start: 1, from: 1000, to: 100_000 }],
    windows: parsed,
    exercised: { run: whole("run"), undo: whole("undo"), ...exercised },
  } as RunTimes;
}

/** `10 read /srv` was asked for in second 10. */
function logOf(lines: readonly string[]) {
  return readAuditLog(
    lines.map((text) => {
      const [second, permission, value] = text.split(" ");
      const datetime = new Date(Number(second) * 1000).toISOString().replace(".000", "");
      return JSON.stringify({ v: 1, datetime, permission, value: value ?? null }) + "\n";
    }).join(""),
  );
}

function auditOf(
  steps: readonly AuditedStep[],
  lines: readonly string[],
  when: RunTimes,
  more: Partial<AuditedRun> = {},
) {
  const plan = { steps, finally: [] };
  return audit({
    plan,
    times: when,
    processes: [{ start: 1, log: logOf(lines), set: derive(plan, { run }), place: {} }],
    programs: [],
    folders: ["/usr/bin", "/bin"],
    ...more,
  });
}

function unusedOf(report: ReturnType<typeof audit>): string[] {
  return report.unused.map((each) => {
    const [{ step, phase }] = each.why;
    return `${step} ${phase} ${each.kind} ${each.kind === "run" ? each.grant.program : each.entry}`;
  });
}

Deno.test("audit() counts no variable that a runner is told is not set, and every other", () => {
  const lines = ["12 env LOG_TOKENS", "12 env HOME"];
  const asked = (owner?: string) => {
    const process = { start: 1, log: logOf(lines), set: none, place: {} };
    const processes = [owner === undefined ? process : { ...process, step: owner }];
    return auditOf([step("A", {})], lines, times(["A 10-20"]), { processes }).processes[0]!
      .undeclared
      .map(({ attempt }) => (attempt as { readonly name: string }).name);
  };
  assert.deepEqual(asked(), ["HOME"]);
  // A step of others has another process, in which nothing of ours asks for them.
  assert.deepEqual(asked("A"), ["LOG_TOKENS", "HOME"]);
});

Deno.test("audit() finds what was attempted and not declared, and who may have done it", () => {
  const steps = [step("A", { read: ["/srv"] }), step("B", { write: ["/out"] })];
  const report = auditOf(
    steps,
    ["5 read /runs/1/x", "12 read /srv/a", "25 read /etc/shadow", "28 read /etc/shadow", "70 env"],
    times(["A 10-20", "B 20-30"]),
  );
  assert.deepEqual(report.processes[0]!.undeclared, [
    {
      attempt: { kind: "read", path: "/etc/shadow" },
      count: 2,
      first: 25_000,
      last: 28_000,
      steps: ["B"],
    },
    {
      attempt: { kind: "other", permission: "env", value: undefined },
      count: 1,
      first: 70_000,
      last: 70_000,
      steps: [],
    },
  ]);
  assert.deepEqual(unusedOf(report), ["B run write /out"]);
});

Deno.test("audit() does not take for declared what was denied below a grant", () => {
  const steps = [step("A", {})];
  const set = permissions({ write: [run] });
  const log = logOf(["12 write /runs/1/x", "12 write /runs/1/audit/1-runner.jsonl"]);
  const report = auditOf(steps, [], times(["A 10-20"]), {
    processes: [{ start: 1, log, set, denied: ["/runs/1/audit"], place: {} }],
  });
  assert.deepEqual(report.processes[0]!.undeclared.map(({ attempt }) => attempt), [
    { kind: "write", path: "/runs/1/audit/1-runner.jsonl" },
  ]);
});

Deno.test("audit() lets one step's attempt not excuse another's grant", () => {
  const steps = [step("A", { read: ["/srv"] }), step("B", { read: ["/srv"] })];
  const report = auditOf(steps, ["12 read /srv/a"], times(["A 10-19", "B 21-30"]));
  assert.deepEqual(unusedOf(report), ["B run read /srv"]);
});

function unseenOf(report: ReturnType<typeof audit>): string[] {
  return report.unseen.map(({ programs, ...each }) => {
    const what = each.kind === "run" ? each.grant.program : each.entry;
    return `${each.why[0].step} ${each.kind} ${what} ${programs.map(({ program }) => program)}`;
  });
}

Deno.test("audit() calls nothing unused that a program of the step has too", () => {
  const wc = { program: "wc", args: ["-l", "*"], env: [] };
  const own = {
    read: ["/srv/list", "/etc/other"],
    write: ["/out"],
    connect: ["a.org:443"],
    env: ["HOME"],
  };
  const box = { read: ["/srv"], write: [], network: false };
  const boxed = { ...wc, brokered: true, box } as const;
  const networked = { ...boxed, box: { ...box, network: true } } as const;
  const free = { ...wc, brokered: true } as const;
  const deno = permissions({ write: ["/out/x"], connect: ["a.org"] });
  const module = { ...wc, program: "/m.ts", brokered: true, deno } as const;
  for (
    const [program, unseen] of [
      // In the box of the process, which holds all that was declared.
      [wc, ["read /srv/list", "read /etc/other", "write /out", "connect a.org:443"]],
      // In a box of its own, which holds less.
      [boxed, ["read /srv/list"]],
      [networked, ["read /srv/list", "connect a.org:443"]],
      [module, ["write /out", "connect a.org:443"]],
      // In none: what is declared gives it nothing.
      [free, []],
    ] as const
  ) {
    const steps = [step("A", { ...own, run: [program] }), step("B", { read: ["/b"] })];
    const report = auditOf(steps, [], times(["A 10-20", "B 20-30"]));
    const { program: name } = program;
    assert.deepEqual(unseenOf(report).sort(), unseen.map((one) => `A ${one} ${name}`).sort());
    assert.equal(report.unused.length + report.unseen.length, 7);
    assert.ok(unusedOf(report).includes("B run read /b"), "another step's program has it not");
    assert.ok(unusedOf(report).includes("A run env HOME"));
  }
  const asked = auditOf(
    [step("A", { ...own, run: [wc] })],
    ["12 read /srv/list"],
    times(["A 10-20"]),
  );
  assert.ok(!unseenOf(asked).includes("A read /srv/list wc"), "it is known to be needed");
});

Deno.test("audit() suggests nothing for steps that were not wholly run", () => {
  const reversible = step("C", {}, {
    permissions: { run: permissions({ read: ["/c"] }), undo: permissions({ write: ["/c"] }) },
  });
  const steps = [
    step("A", { read: ["/a"] }),
    step("B", { read: ["/b"] }),
    reversible,
    step("D", { read: ["/d"] }),
    step("E", {}),
  ];
  const report = auditOf(
    steps,
    ["12 read /c"],
    times(["C 10-20", "B 30-40"], {
      run: new Map([["A", "skipped"], ["B", "part"], ["C", "whole"]]),
    }),
  );
  assert.deepEqual(unusedOf(report), []);
  assert.deepEqual(
    report.unexercised.map(({ why, reason }) => `${why.step} ${why.phase}: ${reason}`),
    ["A run: skipped", "B run: not ended", "C undo: not needed", "D run: never begun"],
  );
});

Deno.test("audit() judges the items of a list as their step", () => {
  const ln = { program: "ln", args: ["-s", "*"], env: [] };
  const steps = [step("A", { read: ["/a"], run: [ln] })];
  const report = auditOf(steps, ["12 read /a/1"], times(["A.1 10-20", "A.2 10-20"]));
  assert.deepEqual(unusedOf(report), ["A run run ln"]);
  assert.deepEqual(report.unexercised, []);
});

Deno.test("audit() compares the record of programs with what was declared", () => {
  const ln = { program: "ln", args: ["-s", "*"], env: [] };
  const hook = { program: "/r/*/hook", args: [], env: ["V"], brokered: true } as const;
  const steps = [step("A", { run: [ln, hook] }), step("B", { run: [ln] })];
  const time = new Date(12_000).toISOString();
  const started = (n: number, program: string, more: object = {}): SpawnLine => {
    const base = { step: "A", program, args: ["-s", "x"], env: [], brokered: false };
    return { type: "started", n, time, ...base, ...more };
  };
  const programs: SpawnLine[] = [
    started(1, "/bin/ln"),
    { type: "ended", n: 1, time, step: "A", code: 0 },
    started(2, "/r/1.0/hook", { args: [], env: ["V"], brokered: true }),
    started(3, "/home/me/ln"),
    started(4, "/bin/ln", { args: ["-f"] }),
    started(5, "/bin/ln", { step: "C" }),
    // The next process of the run counts anew: the hook of the first one never ended.
    started(2, "/bin/ln"),
    { type: "ended", n: 2, time, step: "A", failed: "no" },
    { ...started(0, "rm"), type: "refused", reason: "not declared" } as unknown as SpawnLine,
  ];
  const report = auditOf(steps, [], times(["A 10-20", "B 21-30"]), { programs });
  const numbers = (lines: readonly { n: number }[]) => lines.map(({ n }) => n);
  assert.equal(report.programs.started, 6);
  assert.deepEqual(numbers(report.programs.undeclared), [3, 4, 5]);
  assert.deepEqual(numbers(report.programs.unfinished), [2, 3, 4, 5]);
  assert.deepEqual(report.programs.refused.map(({ program }) => program), ["rm"]);
  assert.deepEqual(unusedOf(report), ["B run run ln"]);
});

Deno.test("audit() holds a step's own process to that step's set", () => {
  const steps = [step("A", { read: ["/a"] }), step("B", { read: ["/b"] })];
  const set = (id: string) => steps.find((each) => each.id === id)!.permissions.run;
  const report = auditOf(steps, [], times(["A 10-20", "B 10-20"]), {
    processes: [
      { start: 1, log: logOf(["15 read /a/1"]), set: set("A"), place: {} },
      { start: 1, step: "B", log: logOf(["15 read /a/1"]), set: set("B"), place: {} },
    ],
  });
  assert.deepEqual(report.processes.map(({ undeclared }) => undeclared.length), [0, 1]);
  assert.deepEqual(report.processes[1]!.undeclared[0]!.steps, ["B"]);
  assert.deepEqual(unusedOf(report), ["B run read /b"]);
});

Deno.test("audit() tells which starts left no log, or an empty one", () => {
  const when = {
    ...times(["A 10-20"]),
    processes: [1, 2, 3].map((n) => ({ start: n, from: n, to: n })),
  };
  const steps = [step("A", {})];
  const set = permissions({ read: [run] });
  const report = auditOf(steps, [], when, {
    processes: [
      { start: 1, log: logOf(["1 read /runs/1"]), set, place: {} },
      { start: 2, log: logOf([]), set, place: {} },
      { start: 3, step: "A", log: logOf(["1 read /runs/1"]), set, place: {} },
    ],
  });
  assert.deepEqual(report.unlogged, [2, 3]);
});

Deno.test("audit() counts what it cannot read as not declared", () => {
  const steps = [step("A", { read: ["/"] })];
  const report = auditOf(steps, ["12 read some/where"], times(["A 10-20"]));
  assert.equal(report.processes[0]!.undeclared[0]!.attempt.kind, "unclear");
});
