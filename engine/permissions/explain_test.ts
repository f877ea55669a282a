import assert from "node:assert/strict";
import { compareGolden } from "../../tests/golden.ts";
import { derive } from "./derive.ts";
import { explain, type Explained, type ExplainedStep } from "./explain.ts";
import { grantKey, textKinds } from "./grants.ts";
import { none, permissions } from "./permissions.ts";
import { shippedPlan } from "./render/upgrade_surface_test.ts";
import { showCommand } from "./show_command.ts";

const step = (id: string, line: number, parts: Partial<ExplainedStep["permissions"]>) => ({
  id,
  uses: `test.${id}`,
  span: { file: "/p.yaml", line },
  permissions: { run: none, undo: none, ...parts },
});

Deno.test("explain() gives every grant its steps, lines and phases, programs first", () => {
  const ln = { program: "ln", args: ["-s"], env: [] };
  const found = explain({
    steps: [
      step("a", 3, { run: permissions({ read: ["/x"] }), undo: permissions({ read: ["/x"] }) }),
      step("b", 7, { run: permissions({ read: ["/x", "/y"], run: [ln] }) }),
    ],
    finally: [step("c", 9, { run: permissions({ run: [{ ...ln }] }) })],
  });
  assert.deepEqual(found.map(show), [
    "run ln -s: b run /p.yaml:7, c run /p.yaml:9",
    "read /x: a run /p.yaml:3, a undo /p.yaml:3, b run /p.yaml:7",
    "read /y: b run /p.yaml:7",
  ]);
});

Deno.test("explain() tells the same grant in two kinds, and two shapes of a program, apart", () => {
  const grant = (args: string[]) => ({ program: "ln", args, env: [] });
  const set = permissions({
    read: ["/x"],
    write: ["/x"],
    run: [grant(["a", "b"]), grant(["a b"])],
  });
  assert.equal(explain({ steps: [step("a", 1, { run: set })], finally: [] }).length, 4);
});

Deno.test("explain() knows why for every grant of a real pipeline but Sluice's own", async () => {
  const plan = await shippedPlan("pipelines/upgrade/apply.yaml", { bundle: "/srv/a.tar.zst" });
  const found = explain(plan);
  const keys = new Set(
    found.map((each) =>
      each.kind === "run" ? `run ${grantKey(each.grant)}` : `${each.kind} ${each.entry}`
    ),
  );
  const set = derive(plan, { run: "/runs/1" });
  const all = [
    ...set.run.map((grant) => `run ${grantKey(grant)}`),
    ...textKinds.flatMap((kind) => set[kind].map((entry) => `${kind} ${entry}`)),
  ];
  const unexplained = all.filter((key) => !keys.has(key));
  assert.deepEqual(unexplained, ["read /runs/1", "write /runs/1"]);
  const text = found.map(show).map((line) =>
    line.replaceAll(", ", "\n    ").replace(": ", "\n    ")
  );
  await compareGolden("permissions/explain.txt", `${text.join("\n")}\n`);
});

function show(each: Explained): string {
  const what = each.kind === "run" ? showCommand(each.grant) : each.entry;
  const why = each.why.map(({ step, phase, file, line }) => `${step} ${phase} ${file}:${line}`);
  return `${each.kind} ${what}: ${why.join(", ")}`;
}
