import assert from "node:assert/strict";
import * as v from "valibot";
import { FailedError } from "../errors.ts";
import { strictTests } from "./strict_tests.ts";
import { pathTo, runPlan, testStep } from "./test_bed.ts";
import { failing, nothing, recorded } from "./test_steps.ts";

const test = strictTests("execute()");

test("limits how many members of a group run at once, and lists their facts", async () => {
  let now = 0;
  let most = 0;
  const busy = testStep({
    name: "t.busy",
    run: async ({ n }) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve));
      now--;
      return { n };
    },
  });
  let seen: unknown;
  const see = testStep({
    name: "t.see",
    late: v.strictObject({ all: v.array(v.strictObject({ n: v.number() })) }),
    run: ({ all }) => void (seen = all),
  });
  const members = [1, 2, 3, 4, 5].map((n) => ({
    id: `G.${n}`,
    uses: "t.busy",
    needs: [],
    params: { n },
    item: n,
  }));
  const ran = await runPlan({
    groups: [{ id: "G", members: members.map(({ id }) => id), max_parallel: 2 }],
    steps: [
      ...members,
      { id: "S", uses: "t.see", needs: ["G"], late: { all: pathTo("steps", "G") } },
    ],
  }, [busy, see]);
  assert.equal(ran.end.exit, 0);
  assert.equal(most, 2);
  assert.deepEqual(seen, [1, 2, 3, 4, 5].map((n) => ({ n })));
});

test("has an empty list of facts for a group without members", async () => {
  const see = testStep({ name: "t.see", late: v.strictObject({ all: v.array(v.any()) }) });
  const ran = await runPlan({
    groups: [{ id: "G", members: [], max_parallel: 1 }],
    steps: [{ id: "S", uses: "t.see", needs: ["G"], late: { all: pathTo("steps", "G") } }],
  }, [see]);
  assert.equal(ran.tokens, "S+ S=");
});

test("runs a late for_each once an item, and undoes each item", async () => {
  const log: string[] = [];
  const list = testStep({ name: "t.list", run: () => ({ names: ["x", "y"] }) });
  const make = testStep({
    name: "t.make",
    effect: "reversible",
    late: v.strictObject({ name: v.string() }),
    run: ({ name }) => ({ made: name }),
    undo: ({ name }, facts, { id }) => void log.push(`${id} ${name} ${facts.made}`),
  });
  let seen: unknown;
  const end = testStep({
    name: "t.end",
    late: v.strictObject({ all: v.any() }),
    run: ({ all }) => {
      seen = all;
      throw new FailedError("no");
    },
  });
  const ran = await runPlan({
    steps: [
      { id: "L", uses: "t.list" },
      {
        id: "M",
        uses: "t.make",
        for_each: pathTo("steps", "L", "names"),
        late: { name: pathTo("item") },
      },
      { id: "E", uses: "t.end", late: { all: pathTo("steps", "M") } },
    ],
  }, [list, make, end]);
  assert.equal(
    ran.tokens,
    "L+ L= M.1+ M.1= M.2+ M.2= E+ E! M.2.undo+ M.2.undo= M.1.undo+ M.1.undo=",
  );
  assert.deepEqual(seen, [{ made: "x" }, { made: "y" }]);
  assert.deepEqual(log, ["M.2 y y", "M.1 x x"]);
  assert.equal(ran.end.exit, 5);
});

test("skips a late for_each over an empty list, whose facts are an empty list", async () => {
  const list = testStep({ name: "t.list", run: () => ({ names: [] }) });
  const see = testStep({ name: "t.see", late: v.strictObject({ all: v.array(v.any()) }) });
  const ran = await runPlan({
    steps: [
      { id: "L", uses: "t.list" },
      { id: "M", uses: "t.nothing", for_each: pathTo("steps", "L", "names") },
      { id: "S", uses: "t.see", late: { all: pathTo("steps", "M") } },
    ],
  }, [list, nothing, see]);
  assert.equal(ran.tokens, "L+ L= M- S+ S=");
});

test("commits a group once, after its last member", async () => {
  const log: string[] = [];
  const member = (n: number) => ({ id: `G.${n}`, uses: n === 2 ? "t.fail" : "t.do", commit: true });
  const ran = await runPlan({
    groups: [{ id: "G", members: ["G.1", "G.2"], max_parallel: 1 }],
    steps: [member(1), member(2)],
  }, [recorded(log), failing(new FailedError("no"))]);
  assert.deepEqual(log, ["do G.1", "undo G.1 G.1"]);
  assert.equal(ran.end.exit, 5);
});

test("has no facts of a for_each of which an item failed", async () => {
  const list = testStep({ name: "t.list", run: () => ({ names: ["x", "y"] }) });
  const some = testStep({
    name: "t.some",
    late: v.strictObject({ name: v.string() }),
    run: ({ name }) => {
      if (name === "y") throw new FailedError("no y");
      return { name };
    },
  });
  const condition = { kind: "cel", source: "has(steps.M)" } as const;
  const ran = await runPlan({
    steps: [
      { id: "L", uses: "t.list" },
      {
        id: "M",
        uses: "t.some",
        for_each: pathTo("steps", "L", "names"),
        late: { name: pathTo("item") },
      },
      { id: "N", uses: "t.nothing" },
    ],
    finally: [{ id: "Z", uses: "t.nothing", when: [{ scope: "", condition }] }],
  }, [list, some, nothing]);
  assert.equal(ran.tokens, "L+ L= M.1+ M.1= M.2+ M.2! Z-");
});

test("commits a late for_each once, after its last item", async () => {
  const log: string[] = [];
  const list = testStep({ name: "t.list", run: () => ({ names: ["x", "y"] }) });
  const items = { uses: "t.do", for_each: pathTo("steps", "L", "names"), commit: true };
  const ran = await runPlan({
    steps: [
      { id: "L", uses: "t.list" },
      { id: "M", ...items },
      { id: "N", uses: "t.do" },
      { id: "E", uses: "t.fail" },
    ],
  }, [list, recorded(log), failing(new FailedError("no"))]);
  assert.deepEqual(log, ["do M.1", "do M.2", "do N", "undo N N"]);
  assert.equal(ran.journal.entries.filter(({ type }) => type === "committed").length, 1);
});
