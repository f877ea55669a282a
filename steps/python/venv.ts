import * as v from "valibot";
import { defineStep } from "../../engine/step.ts";
import { packageEntries, venvParams, venvPermissions, venvPlaces } from "./venv_params.ts";

/**
 * Finds the virtual environment of a package in the store, or has the installer begin one beside it.
 * The key of an environment is made of all that goes into it: interpreter, requirements, wheels, and
 * the package where it is itself installed; so a key that is there is whole, is never changed, and is
 * found without starting anything.
 *
 * Nothing is undone: what was begun and not finished is removed by the next boot.
 *
 * @throws InvalidInputError when the package lies elsewhere, or a dependency is no requirement
 * @throws FailedError when there is no interpreter that the package may be used with
 */
export const findVenv = defineStep({
  name: "python.venv",
  summary: "Find or begin the virtual environment of a package",
  effect: "irreversible",
  params: venvParams,
  late: v.strictObject(packageEntries),
  facts: v.strictObject({
    /** SHA-256 of what goes into it, in hex. */
    key: v.string(),
    store: v.string(),
    /** The interpreter of the active environment, once it is installed. */
    python: v.string(),
    /** Whether it was there, whole. */
    reused: v.boolean(),
    /** What installs, or has installed, into it. */
    tool: v.picklist(["uv", "pip"]),
    /** Where it is being made; `""` when it was there. */
    building: v.string(),
  }),
  example: `uses: python.venv
with:
  store: /opt/agent-venv
  work: /var/lib/agent-runtime
  wheelhouse: /opt/wheels
  package: \${{ steps.extract.package }}
  install: \${{ steps.extract.install }}`,
  deadline_ms: ({ timeout }) => timeout,
  permissions: (params) => ({ run: venvPermissions(params) }),
  async run(input, ctx) {
    const { readVenvInputs, venvKey } = await import("./venv_inputs.ts");
    const { readMarker } = await import("./marker.ts");
    const inputs = await readVenvInputs(input, ctx.signal);
    const key = venvKey(inputs);
    const at = venvPlaces(input);
    const found = { key, store: input.store, python: at.python };
    const whole = await readMarker(input.store, key);
    if (whole !== undefined) return { ...found, reused: true, tool: whole.tool, building: "" };
    const { askInstaller } = await import("./installer.ts");
    const { reused, tool } = await askInstaller({ verb: "begin", key, inputs }, input, ctx);
    return { ...found, reused, tool, building: reused ? "" : at.building(key) };
  },
});
