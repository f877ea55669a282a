import * as v from "valibot";
import { FailedError, RefusedError } from "../../engine/errors.ts";
import { none, permissions } from "../../engine/permissions/permissions.ts";
import { path } from "../../engine/schema/types.ts";
import { defineStep } from "../../engine/step.ts";
import { layout } from "./layout.ts";

/**
 * What to do with a release's `post_install.sh`: refuse the release, run it in a box of its own, or run
 * it with all that the user may do.
 */
export const hookPolicy = v.picklist(["refuse", "boxed", "unconfined"]);

/** The name of the hook in a release. */
export const hookName = "post_install.sh";

/**
 * Runs the `post_install.sh` of a staged release, before anything is switched. It is code from the
 * bundle: signed, but outside of Deno's sandbox. This process could write it, so it may not start it:
 * the launcher does, in a process of its own, with four variables and nothing else.
 *
 * `boxed` gives it the installation to read, the folders of `hook_writes` to write, no network, and no
 * other process to see. Those folders have to be there.
 *
 * @throws RefusedError when `hooks` is `refuse`, or where the machine cannot make a box
 * @throws FailedError when it ends with another code than 0, with its last lines
 */
export const runHook = defineStep({
  name: "release.hook",
  summary: "Run the post-install hook of a staged release",
  effect: "irreversible",
  params: v.strictObject({
    root: path(),
    hooks: hookPolicy,
    hook_writes: v.optional(v.array(path()), []),
  }),
  late: v.strictObject({ release: v.string() }),
  facts: v.strictObject({ code: v.number() }),
  example: `uses: release.hook
when: steps['P5-2'].hook
with:
  root: /opt/atp
  hooks: boxed
  hook_writes: [/var/lib/atp]
  release: \${{ steps['P5-2'].release }}`,
  permissions: ({ root, hooks, hook_writes }) => ({
    run: hooks === "refuse" ? none : permissions({
      run: [{
        program: `${root}/releases/*/${hookName}`,
        args: [],
        env: ["PATH", "SLUICE_RELEASE", "SLUICE_ROOT", "SLUICE_VERSION"],
        brokered: true,
        ...(hooks === "boxed" ? { box: { read: [root], write: hook_writes, network: false } } : {}),
      }],
    }),
  }),
  async run({ root, hooks, release }, ctx) {
    if (hooks === "refuse") throw hookRefused(release);
    const folder = layout(root).release(release);
    const ended = await ctx.exec({
      program: `${folder}/${hookName}`,
      args: [],
      cwd: folder,
      env: {
        PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
        SLUICE_RELEASE: folder,
        SLUICE_ROOT: root,
        SLUICE_VERSION: release,
      },
      // Not shown: it may print a secret of a later step, which nobody can mask yet.
    });
    if (ended.code !== 0) {
      const last = (ended.stderr || ended.stdout).trim().split("\n").slice(-3).join(" | ");
      const said = last === "" ? "" : `: ${last}`;
      throw new FailedError(`${hookName} of ${release} ended with ${ended.code}${said}`);
    }
    return { code: ended.code };
  },
});

/** The refusal of a release that brings a hook where none may run. */
export function hookRefused(release: string): RefusedError {
  return new RefusedError(`release ${release} brings a ${hookName}, and hooks is refuse`, {
    hint: "read it, then allow it in a box: --param hooks=boxed, and --param hook_writes=DIR for " +
      "what it may write (the audit log records it)",
  });
}
