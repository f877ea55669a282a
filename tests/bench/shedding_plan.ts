import { type PlanParts, testStep } from "../../engine/execute/test_bed.ts";
import { type Permissions, permissions } from "../../engine/permissions/permissions.ts";
import { none } from "../../engine/permissions/permissions.ts";

/** What the steps of the plan are: they do nothing. */
export const nothing = testStep({ name: "t.nothing" });

/**
 * A plan of 1,000 steps that declare so many different grants among them, of every kind. Each grant
 * is needed by the steps of one stretch, so that they go one after the other.
 */
export function sheddingPlan(grants: number): PlanParts {
  const count = 1000;
  return {
    steps: Array.from({ length: count }, (_, n) => ({
      id: `S${n}`,
      uses: nothing.name,
      permissions: { run: grant(Math.floor((n * grants) / count)), undo: none },
    })),
  };
}

function grant(index: number): Permissions {
  const kinds: readonly Partial<Permissions>[] = [
    { read: [`/srv/bench/${index}`] },
    { write: [`/srv/bench/${index}`] },
    { connect: [`host${index}.example.com:443`] },
    { env: [`BENCH_${index}`] },
    { run: [{ program: `/srv/programs/${index}`, args: [], env: [] }] },
  ];
  return permissions(kinds[index % kinds.length]!);
}
