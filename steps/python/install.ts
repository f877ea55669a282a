import * as v from "valibot";
import { FailedError } from "../../engine/errors.ts";
import { defineStep } from "../../engine/step.ts";
import { packageEntries, venvParams, venvPermissions, venvPlaces } from "./venv_params.ts";

/**
 * Installs a package into the environment that `python.venv` has begun, gives it its name in one
 * rename, and makes it the active one in another: a boot that is killed leaves nothing half-made. A
 * package with a `setup.py` or `pyproject.toml` is itself installed; of one with a
 * `requirements.txt` these are; of any other nothing is. The dependencies of its manifest, and what
 * the runtime itself needs, are in every environment.
 *
 * Only the installer writes the store, in a box that has no network where there is a wheelhouse. An
 * environment that is there and active is taken without starting anything.
 *
 * @throws FailedError when something cannot be installed, with the last lines of uv or pip
 */
export const installPackage = defineStep({
  name: "python.install",
  summary: "Install a package into its virtual environment",
  effect: "irreversible",
  params: venvParams,
  late: v.strictObject({ ...packageEntries, key: v.string() }),
  facts: v.strictObject({
    key: v.string(),
    /** The interpreter of the environment: `STORE/active/bin/python`. */
    python: v.string(),
    /** Whether nothing had to be installed. */
    reused: v.boolean(),
    tool: v.picklist(["uv", "pip"]),
    /** How many distributions are in it. */
    distributions: v.number(),
    /** Folders that its process has to look for modules in, first. */
    paths: v.array(v.string()),
    seconds: v.number(),
  }),
  example: `uses: python.install
timeout: 5m
with:
  store: /opt/agent-venv
  work: /var/lib/agent-runtime
  wheelhouse: /opt/wheels
  package: \${{ steps.extract.package }}
  install: \${{ steps.extract.install }}
  key: \${{ steps.venv.key }}`,
  deadline_ms: ({ timeout }) => timeout,
  permissions: (params) => ({ run: venvPermissions(params) }),
  async run(input, ctx) {
    const { readActive, readMarker } = await import("./marker.ts");
    const { modulePaths } = await import("./module_paths.ts");
    const begun = ctx.clock.monotonic();
    const { store, key } = input;
    const active = async () =>
      await readActive(store) === key ? await readMarker(store, key) : undefined;
    let marker = await active();
    let reused = true;
    if (marker === undefined) {
      const { readVenvInputs, venvKey } = await import("./venv_inputs.ts");
      const { askInstaller } = await import("./installer.ts");
      const inputs = await readVenvInputs(input, ctx.signal);
      if (venvKey(inputs) !== key) {
        throw new FailedError("what goes into the environment has changed since it was begun");
      }
      reused = (await askInstaller({ verb: "install", key, inputs }, input, ctx)).reused;
      marker = await active();
      if (marker === undefined) {
        throw new FailedError(`${venvPlaces(input).active} does not lead to ${key}`, {
          hint: "give each runtime that boots at the same time a store of its own",
        });
      }
    }
    const seconds = Math.round(ctx.clock.monotonic() - begun) / 1000;
    const { tool, distributions } = marker;
    if (!reused) ctx.emit.note(`${distributions.length} distributions by ${tool} in ${seconds} s`);
    return {
      key,
      python: venvPlaces(input).python,
      reused,
      tool,
      distributions: distributions.length,
      paths: await modulePaths(input.package, input.install),
      seconds,
    };
  },
});
