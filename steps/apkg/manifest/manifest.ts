import * as v from "valibot";

/** The function that answers for one face, as `module:function`. */
const entry = v.string();

/**
 * What `agent.yaml` of a package says, whichever of its three dialects it is written in. Members that
 * are left out are those that the package does not have.
 */
export const manifestSchema = v.strictObject({
  /** Which was read: the packer's, the runtime's, or that with `exports`. */
  dialect: v.picklist(["packer", "runtime", "exports"]),
  name: v.string(),
  /** Of the package. */
  version: v.string(),
  /** `""` where there is none. */
  description: v.string(),
  runtime: v.picklist(["python", "deno"]),
  /** Adds routes to an app. */
  rest: v.optional(v.strictObject({ entry })),
  /** Makes the service. */
  a2a: v.optional(v.strictObject({ service: entry })),
  /** A folder in the package, and where it is mounted, such as `/` or `/app`. */
  ui: v.optional(v.strictObject({ path: v.string(), base_path: v.string() })),
  entrypoint: v.optional(entry),
  exports: v.array(v.strictObject({ name: v.string(), handler: entry })),
  /** What it asks for; of packages with `runtime: deno`. Paths that are not absolute are in the package. */
  permissions: v.optional(v.strictObject({
    read: v.optional(v.array(v.string())),
    write: v.optional(v.array(v.string())),
    connect: v.optional(v.array(v.string())),
    listen: v.optional(v.array(v.string())),
    env: v.optional(v.array(v.string())),
    sys: v.optional(v.array(v.string())),
  })),
  /** A version specifier of Python, such as `>=3.9`. */
  requires_python: v.optional(v.string()),
  /** Requirements as pip takes them; none is an option of pip. */
  dependencies: v.array(v.string()),
  /** Values as they are written, `${NAME:-default}` among them. */
  environment: v.record(v.string(), v.string()),
  sub_agents: v.array(v.strictObject({
    name: v.string(),
    description: v.string(),
    public: v.boolean(),
  })),
});

/** As {@linkcode manifestSchema} has it. */
export type Manifest = v.InferOutput<typeof manifestSchema>;
