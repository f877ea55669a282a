/**
 * Steps for the tests of this folder: one of each effect, with `late` input, lists and optional
 * facts. They do nothing.
 *
 * @module
 */
import * as v from "valibot";
import type { Diagnostic } from "../diagnostic.ts";
import { parseDocument } from "../document/parse.ts";
import { parseValues } from "../document/parse_values.ts";
import type { Describer } from "../foreign/describer.ts";
import { permissions } from "../permissions/permissions.ts";
import { makeRegistry } from "../registry.ts";
import { duration, path, secret, size, url } from "../schema/types.ts";
import { type AnyStep, defineStep } from "../step.ts";
import type { Plan } from "./plan.ts";
import { resolve } from "./resolve.ts";

const probe = defineStep({
  name: "demo.probe",
  summary: "Ask a URL until it answers",
  effect: "none",
  params: v.strictObject({
    url: v.pipe(url(), v.description("What to ask")),
    settle: v.optional(duration(), 5_000),
    answers: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 3),
    mode: v.optional(v.picklist(["fast", "safe"]), "safe"),
  }),
  facts: v.strictObject({ status: v.number(), version: v.optional(v.string()) }),
  example: "uses: demo.probe\nwith: { url: http://127.0.0.1/healthz, settle: 2s }",
  permissions: ({ url }) => ({ run: permissions({ connect: [new URL(url).host] }) }),
  run: () => Promise.resolve({ status: 200 }),
});

const stage = defineStep({
  name: "demo.stage",
  summary: "Unpack a release beside the others",
  effect: "reversible",
  params: v.strictObject({
    root: path(),
    bundle: path(),
    most: v.optional(size()),
    key: v.optional(secret()),
  }),
  facts: v.strictObject({ release: v.string(), files: v.array(v.string()), hook: v.boolean() }),
  example: "uses: demo.stage\nwith: { root: /opt/demo, bundle: /tmp/a.tar.zst }",
  permissions: ({ root, bundle }) => ({
    run: permissions({ read: [bundle, root], write: [root] }),
    undo: permissions({ write: [root] }),
  }),
  run: () => Promise.resolve({ release: "1", files: [], hook: false }),
  undo: () => Promise.resolve(),
});

const switchTo = defineStep({
  name: "demo.switch",
  summary: "Point current at a release",
  effect: "reversible",
  params: v.strictObject({ root: path() }),
  late: v.strictObject({
    release: v.string(),
    notes: v.optional(v.strictObject({ wait: v.optional(duration()), by: v.string() })),
  }),
  facts: v.strictObject({ previous: v.optional(v.string()) }),
  example: "uses: demo.switch\nwith:\n  root: /opt/demo\n  release: ${{ steps.stage.release }}",
  permissions: ({ root }) => {
    const set = permissions({
      write: [root],
      run: [{ program: "ln", args: ["-sfn", "--", "*", `${root}/current`], env: [] }],
    });
    return { run: set, undo: set };
  },
  run: () => Promise.resolve({}),
  undo: () => Promise.resolve(),
});

const announce = defineStep({
  name: "demo.announce",
  summary: "Tell the world",
  effect: "irreversible",
  params: v.strictObject({}),
  late: v.strictObject({ text: v.string(), to: v.optional(v.array(v.string())) }),
  facts: v.strictObject({ id: v.string() }),
  example: "uses: demo.announce\nwith: { text: done }",
  permissions: () => ({ run: permissions({ env: ["DEMO_TOKEN"] }) }),
  run: () => Promise.resolve({ id: "1" }),
});

const lock = defineStep({
  name: "demo.lock",
  summary: "Keep others out",
  effect: "none",
  holds: true,
  params: v.strictObject({
    root: path(),
    via: v.optional(v.variant("kind", [
      v.strictObject({ kind: v.literal("file"), path: path() }),
      v.strictObject({ kind: v.literal("server"), url: url(), retries: v.optional(v.number()) }),
    ])),
  }),
  facts: v.strictObject({}),
  example: "uses: demo.lock\nwith: { root: /opt/demo }",
  permissions: ({ root }) => ({ run: permissions({ write: [`${root}/.lock`] }) }),
  run: () => Promise.resolve({}),
});

const broken: AnyStep = {
  ...lock,
  name: "demo.broken",
  permissions: () => {
    throw new TypeError("cannot read properties of undefined");
  },
};

export const testRegistry = makeRegistry([probe, stage, switchTo, announce, lock, broken]);

export interface TestFiles {
  /** Further files by absolute path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Of `--param`. */
  readonly given?: readonly (readonly [name: string, text: string])[];
  /** Text of `--params FILE`. */
  readonly values?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What steps of others are and need, by what their files hold. */
  readonly describer?: Describer;
  /** `false` to check only. */
  readonly plan?: boolean;
}

export interface TestResult {
  readonly plan: Plan | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: ReadonlyMap<string, string>;
}

/** Resolves a text as the file `/srv/demo/main.yaml`, for a user who stands in `/home/op`. */
export async function resolveText(text: string, options: TestFiles = {}): Promise<TestResult> {
  const { files = {}, given = [], values = "", env = {}, plan = true, describer } = options;
  const parsed = parseDocument(text, "/srv/demo/main.yaml");
  if (parsed.document === undefined) {
    return { ...parsed, plan: undefined, texts: new Map([["/srv/demo/main.yaml", text]]) };
  }
  const resolved = await resolve(parsed.document, testRegistry, {
    cwd: "/home/op",
    ...(describer && { describer }),
    load: (file) =>
      files[file] === undefined
        ? Promise.reject(new Deno.errors.NotFound(file))
        : Promise.resolve(files[file]),
    sources: plan
      ? {
        given: given.map(([name, text]) => ({ name, text })),
        values: parseValues(values, "values.yaml").values,
        env,
      }
      : undefined,
  });
  return { ...resolved, diagnostics: [...parsed.diagnostics, ...resolved.diagnostics] };
}
