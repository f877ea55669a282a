import * as v from "valibot";
import { BusyError, InvalidInputError } from "../../engine/errors.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { path } from "../../engine/schema/types.ts";
import { defineStep } from "../../engine/step.ts";
import { readBasePath } from "./base_path.ts";
import { configurationFaults } from "./configuration.ts";
import { packageSource } from "./package_source.ts";

const port = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(1, "1 to 65535"),
  v.maxValue(65535, "1 to 65535"),
);

/**
 * Judges the whole configuration of an agent's runtime when planning, and takes the work folder, which
 * begins empty and belongs to one runtime at a time.
 *
 * A boot is not gone on with: the folder that it emptied may hold what an agent wrote since.
 *
 * @throws InvalidInputError when the store is not there, and in a run that is resumed
 * @throws BusyError while another runtime holds the work folder
 */
export const configureAgent = defineStep({
  name: "agent.configure",
  summary: "Check the configuration and take the work folder",
  effect: "none",
  params: v.pipe(
    v.strictObject({
      /** Primary identity; never made up. */
      agent_app_id: v.string(),
      /** To find the boot again in logs; may be empty. */
      deployment_id: v.string(),
      rest_port: port,
      a2a_port: port,
      ui_port: port,
      /** Whether the UI is served below the REST routes as well. */
      multiplexed: v.boolean(),
      /** As BASE_PATH gives it; `""` where it is not set. */
      base_path: v.string(),
      package_url: v.string(),
      package_path: v.string(),
      s3_bucket: v.string(),
      /** How much of the log is told, in either case: debug, info, warn or error. */
      log_level: v.optional(v.string(), "info"),
      /** Folder of environments, which outlives the boot and has to be there. */
      store: path(),
      /** The package, the host's program and the sockets lie here. */
      work: path(),
    }),
    v.rawCheck(({ dataset, addIssue }) => {
      const input = dataset.value as Record<string, unknown>;
      const faulty = new Set(dataset.issues?.map(({ path }) => path?.[0].key));
      const sound = Object.entries(input).filter(([key]) => !faulty.has(key));
      for (const { parameter: key, message } of configurationFaults(Object.fromEntries(sound))) {
        const place = { type: "object", origin: "value", input, key, value: input[key] } as const;
        addIssue({ message, path: [place] });
      }
    }),
  ),
  facts: v.strictObject({
    agent_app_id: v.string(),
    deployment_id: v.string(),
    /** Prefix of the agent's routes; `""` is the root. */
    base_path: v.string(),
    source: v.picklist(["s3", "https", "file"]),
  }),
  holds: true,
  example: `uses: agent.configure
with:
  agent_app_id: a-1
  deployment_id: ""
  rest_port: 8080
  a2a_port: 50051
  ui_port: 3000
  multiplexed: false
  base_path: /agents/a-1
  package_url: https://packages.example/a-1.apkg
  package_path: ""
  s3_bucket: ""
  store: /opt/agent-venv
  work: /var/lib/agent-runtime`,
  permissions: ({ work, store }) => ({
    run: permissions({ read: [work, store], write: [work] }),
  }),
  async run(given, ctx) {
    const base = readBasePath(given.base_path, given.agent_app_id);
    const source = packageSource({
      url: given.package_url,
      path: given.package_path,
      bucket: given.s3_bucket,
    });
    if (base.fault !== undefined || source.kind === "fault") {
      throw new TypeError("the parameters of agent.configure were not checked");
    }
    if (ctx.run.resumed) {
      throw new InvalidInputError("a boot that was cut off cannot be gone on with", {
        hint: "start it again, as it was started: its folder is emptied, its environments are kept",
      });
    }
    await requireStore(given.store);
    await takeFolder(given.work, ctx.scope);
    return {
      agent_app_id: given.agent_app_id,
      deployment_id: given.deployment_id,
      base_path: base.path,
      source: source.kind,
    };
  },
});

/** Nothing is kept where there is no store: no environment, and no count of failed boots. */
async function requireStore(store: string): Promise<void> {
  const info = await Deno.stat(store).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (info?.isDirectory === true) return;
  throw new InvalidInputError(`AGENT_VENV_STORE ${store} is no folder`, {
    hint: `make it, owned by who runs this: mkdir -p ${store}`,
  });
}

const lockName = "lock";

/** Locks a folder for the run and empties it. */
async function takeFolder(work: string, scope: AsyncDisposableStack): Promise<void> {
  await Deno.mkdir(work, { recursive: true, mode: 0o700 });
  await Deno.chmod(work, 0o700);
  const lock = await Deno.open(`${work}/${lockName}`, { create: true, write: true, mode: 0o600 });
  if (!await lock.tryLock(true)) {
    lock.close();
    throw new BusyError(`another runtime works in ${work}`, {
      hint: "give each its own AGENT_WORK_DIR",
    });
  }
  scope.defer(() => lock.close());
  for await (const { name } of Deno.readDir(work)) {
    if (name !== lockName) await removeWhole(`${work}/${name}`);
  }
}

/** Removes what an agent left, which may be folders that nobody may write. */
async function removeWhole(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
    await openFolders(path);
    await Deno.remove(path, { recursive: true });
  }
}

async function openFolders(folder: string): Promise<void> {
  await Deno.chmod(folder, 0o700);
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) await openFolders(`${folder}/${name}`);
  }
}
