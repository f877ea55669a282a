import * as v from "valibot";
import { idPattern } from "../document/shape.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Permissions } from "../permissions/permissions.ts";
import type { Template } from "./plan.ts";

/*
 * The form of a plan that comes as JSON. The types in plan.ts say what each member means; a test
 * holds the two together.
 */

const text = v.string();
const name = v.pipe(text, v.regex(new RegExp(idPattern), "no name of a pipeline"));
const part = "(?!undo(?:\\.|$))[A-Za-z0-9][A-Za-z0-9_-]*";
/** `<id>`, or `<id>.<inner>` and `<id>.<n>`; none of them `undo`, which tokens put behind an id. */
const id = v.pipe(text, v.regex(new RegExp(`^${part}(?:\\.${part})*$`), "no id of a step"));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const milliseconds = v.pipe(v.number(), v.integer(), v.minValue(0));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const digest = v.pipe(text, v.regex(/^sha256:[0-9a-f]{64}$/));
/** What comes out of `JSON.parse` is JSON already. */
const json = v.unknown() as unknown as v.GenericSchema<unknown, Json>;
const jsonObject = v.record(text, json) as unknown as v.GenericSchema<unknown, JsonObject>;

const template: v.GenericSchema<unknown, Template> = v.lazy(() => anyTemplate);
const anyTemplate = v.variant("kind", [
  v.strictObject({ kind: v.literal("value"), value: json }),
  v.strictObject({
    kind: v.literal("path"),
    path: v.array(v.union([text, v.pipe(v.number(), v.integer(), v.minValue(0))])),
    source: text,
  }),
  v.strictObject({ kind: v.literal("cel"), source: text }),
  v.strictObject({ kind: v.literal("text"), parts: v.array(template) }),
  v.strictObject({ kind: v.literal("list"), items: v.array(template) }),
  v.strictObject({ kind: v.literal("map"), entries: v.record(text, template) }),
]);

const span = v.strictObject({
  file: text,
  line: count,
  column: count,
  endLine: count,
  endColumn: count,
});

const permissions: v.GenericSchema<unknown, Permissions> = v.strictObject({
  read: v.array(text),
  write: v.array(text),
  connect: v.array(text),
  listen: v.array(text),
  env: v.array(text),
  sys: v.array(text),
  run: v.array(v.strictObject({
    program: text,
    args: v.array(text),
    env: v.array(text),
    brokered: v.exactOptional(v.literal(true)),
    box: v.exactOptional(
      v.strictObject({
        read: v.array(v.string()),
        write: v.array(v.string()),
        network: v.boolean(),
      }),
    ),
    // Of a module that Deno runs: what that is granted at most.
    deno: v.exactOptional(v.lazy(() => permissions)),
  })),
});

const step = v.strictObject({
  id,
  uses: text,
  foreign: v.exactOptional(digest),
  summary: text,
  effect: v.picklist(["none", "reversible", "irreversible"]),
  holds: v.boolean(),
  span,
  scope: text,
  params: jsonObject,
  late: v.record(text, template),
  needs: v.array(text),
  when: v.array(v.strictObject({ scope: text, condition: template })),
  retry: v.exactOptional(v.strictObject({
    attempts: count,
    delay_ms: milliseconds,
    max_delay_ms: milliseconds,
    jitter: share,
  })),
  timeout_ms: v.exactOptional(milliseconds),
  on_failure: v.picklist(["stop", "continue"]),
  commit: v.boolean(),
  item: v.exactOptional(json),
  for_each: v.exactOptional(template),
  max_parallel: v.exactOptional(count),
  permissions: v.strictObject({ run: permissions, undo: permissions }),
  digest,
});

/** The form of a plan, whole. */
export const planSchema = v.strictObject({
  schemaVersion: v.literal(1),
  name,
  summary: v.exactOptional(text),
  file: text,
  params: jsonObject,
  secrets: v.array(text),
  units: v.exactOptional(v.record(text, v.picklist(["duration", "size"]))),
  scopes: v.array(v.strictObject({
    prefix: text,
    parent: v.exactOptional(text),
    params: v.record(text, template),
  })),
  groups: v.array(v.strictObject({ id, members: v.array(text), max_parallel: count })),
  steps: v.array(step),
  finally: v.array(step),
  // What it says of itself is compared with what it says again.
  foreign: v.exactOptional(
    v.record(digest, v.strictObject({ file: text, source: text, description: jsonObject })),
  ),
  every: v.exactOptional(v.strictObject({ period_ms: count, jitter: share })),
  stay: v.exactOptional(v.literal(true)),
  digest,
  /** For readers of `sluice plan --format json`; follows from the rest, and is not read. */
  shed: v.exactOptional(json),
});
