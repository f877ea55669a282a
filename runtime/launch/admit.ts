import { shellWord } from "../../engine/permissions/render/shell_word.ts";
import { RefusedError } from "../../engine/errors.ts";
import { digestOf } from "../../engine/permissions/digest.ts";
import { unionOfForeign } from "../../engine/permissions/foreign_sets.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import { withRunFolderWord } from "../../engine/permissions/run_folder.ts";
import { union } from "../../engine/permissions/union.ts";
import type { Lock } from "../../engine/permissions/lock/lock.ts";
import { acceptanceOf } from "./acceptance.ts";
import { lockHint, signedHint } from "./choose_ceilings.ts";
import { judge } from "./judge.ts";
import { optionValue } from "./command_line.ts";
import type { LaunchPlaces } from "./places.ts";
import type { AskedSet, LaunchRequest } from "./planner_protocol.ts";
import { requiresSignature } from "./signed/signatures_of.ts";
import { realPath } from "./real_paths.ts";
import { resolvePath } from "./resolve_path.ts";
import { showRefusal } from "./show_missing.ts";

/**
 * Lets a run pass when a ceiling of the lock covers its set, as it is spelled and behind links, or
 * when the user accepts exactly this set, and what is behind links of it, by a digest that is computed
 * here. Whoever names another set is refused in any case: they have not read this one. With
 * `--surface` that surface decides alone: nothing can be accepted beside it.
 *
 * @param args the command line, for the command that the refusal proposes
 * @param signed digests of code of others that a required signature covers
 * @throws RefusedError
 */
export function admit(
  request: LaunchRequest,
  lock: Lock,
  places: LaunchPlaces,
  args: readonly string[],
  signed: ReadonlySet<string> = new Set(),
): void {
  const { folder, id } = request.run;
  if (folder !== `${places.runs === "/" ? "" : places.runs}/${id}`) {
    throw new RefusedError(`the folder of the run, ${folder}, is not in ${places.runs}`);
  }
  refuseLinkedRuns(places);
  const { steps = {}, code = {} } = request.foreign ?? {};
  const digest = digestOf(withRunFolderWord(request.permissions, folder), steps);
  if (digest !== request.set) {
    throw new RefusedError(`the planner named the set ${request.set}, but it is ${digest}`);
  }
  // The surface is the one on the command line: what the planner says of it is only compared.
  const surface = optionValue(args, "--surface");
  if (request.surface !== surface) {
    throw new RefusedError(
      `the planner named the surface ${request.surface}, but the command line ${surface}`,
    );
  }
  // A folder of this run's own below the runs is the engine's need, not the pipeline's.
  const own = union(ownFolder(folder), ownFolder(realPath(folder)));
  const asked: AskedSet = {
    ...request,
    permissions: union(request.permissions, unionOfForeign(steps)),
    code: Object.entries(code).filter(([name]) => !signed.has(name))
      .map(([digest, { name }]) => ({ name, digest })),
    begun: request.mode.kind !== "run",
  };
  const judged = judge(asked, lock, places, own);
  if (judged.allowed) {
    if (request.accept === undefined) return;
    const acceptance = acceptanceOf(digest, asked.permissions, own);
    if (request.accept === acceptance) return;
    throw new RefusedError(otherSet(request, acceptance), {
      hint:
        `${judged.by} covers this one: leave --accept out; or read it, and if that is what you ` +
        `want: sluice ${acceptCommand(args, acceptance)}`,
      details: { set: digest },
    });
  }
  const details = { set: digest };
  if (surface !== undefined) {
    const hint = judged.code.length === 0 && lock.surfaces[surface]?.kind === "open"
      ? `choose what it allows, which sluice permissions ${surface} shows; or have it allow this too: ` +
        `add it to the ceiling in pipelines/surfaces.yaml, then sluice lock`
      : `its pipelines need what nobody has reviewed: ${lockHint}`;
    throw new RefusedError(showRefusal(judged), { hint, details });
  }
  const acceptance = acceptanceOf(digest, asked.permissions, own);
  if (request.accept === acceptance) return;
  const stale = request.accept === undefined ? "" : `\n  ${otherSet(request, acceptance)}`;
  const hint = requiresSignature(args)
    ? signedHint
    : `read it, and if that is what you want: sluice ${acceptCommand(args, acceptance)}`;
  throw new RefusedError(showRefusal(judged) + stale, { hint, details });
}

/** What is wrong with a name that was accepted. A plan has one too, which is no set's. */
function otherSet({ accept, plan }: LaunchRequest, acceptance: string): string {
  const digest = typeof plan === "object" && plan !== null && "digest" in plan && plan.digest;
  const what = accept === digest ? ", the name of the plan," : "";
  return `${accept}${what} was accepted, but this is ${acceptance}`;
}

/**
 * Where nobody said `--runs`, the folder of the runs is one that whoever made the place where the user
 * stands could have made a link: a ceiling that allows the runs would then allow whatever it leads to.
 */
function refuseLinkedRuns({ cwd, runs }: LaunchPlaces): void {
  const usual = ".sluice/runs";
  if (runs !== resolvePath(cwd, usual) || realPath(runs) === resolvePath(realPath(cwd), usual)) {
    return;
  }
  throw new RefusedError(`${runs} leads to ${realPath(runs)}`, {
    hint: `if runs are to be kept there, say so: --runs ${shellWord(realPath(runs))}`,
  });
}

function ownFolder(folder: string): Permissions {
  return { read: [folder], write: [folder], connect: [], listen: [], env: [], sys: [], run: [] };
}

/** The command line again, accepting this digest and no other. */
function acceptCommand(args: readonly string[], digest: string): string {
  const kept = args.filter((argument, index) =>
    argument !== "--accept" && !argument.startsWith("--accept=") && args[index - 1] !== "--accept"
  );
  return [...kept, "--accept", digest].map(shellWord).join(" ");
}
