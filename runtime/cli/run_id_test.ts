import assert from "node:assert/strict";
import { runId } from "./run_id.ts";

Deno.test("runId() sorts by time, and is a plain name", () => {
  const ids = [1, 2, 3].map((day) => runId(new Date(Date.UTC(2025, 0, day, 23, 59)), () => 0.999));
  assert.deepEqual([...ids].sort(), ids);
  for (const id of ids) assert.match(id, /^\d{8}-\d{6}-[0-9a-f]{8}$/);
});
