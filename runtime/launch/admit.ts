import { RefusedError } from "../../engine/errors.ts";
import { covers } from "../../engine/permissions/covers.ts";
import { digestOf } from "../../engine/permissions/digest.ts";
import { unionOfForeign } from "../../engine/permissions/foreign_sets.ts";
import { minus } from "../../engine/permissions/minus.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import { withRunFolderWord } from "../../engine/permissions/run_folder.ts";
import { union } from "../../engine/permissions/union.ts";
import { chooseCeilings } from "./choose_ceilings.ts";
import type { LaunchPlaces } from "./places.ts";
import type { LaunchRequest, Lock } from "./protocol.ts";
import { realPath, realPaths } from "./real_paths.ts";
import { quoteArgument } from "./quote_argument.ts";
import { showMissing } from "./show_missing.ts";

/**
 * Lets a run pass when a ceiling of the lock covers its set, as it is spelled and behind links, or
 * when the user accepts exactly this set by its digest, which is computed here again.
 *
 * @param args the command line, for the command that the refusal proposes
 * @throws RefusedError
 */
export function admit(
  request: LaunchRequest,
  lock: Lock,
  places: LaunchPlaces,
  args: readonly string[],
): void {
  const { folder, id } = request.run;
  if (folder !== `${places.runs === "/" ? "" : places.runs}/${id}`) {
    throw new RefusedError(`the folder of the run, ${folder}, is not in ${places.runs}`);
  }
  const { steps = {}, code = {} } = request.foreign ?? {};
  const digest = digestOf(withRunFolderWord(request.permissions, folder), steps);
  if (digest !== request.set) {
    throw new RefusedError(`the planner named the set ${request.set}, but it is ${digest}`);
  }
  const set = union(request.permissions, unionOfForeign(steps));
  // A folder of this run's own below the runs is the engine's need, not the pipeline's.
  const allowed = union(ownFolder(folder), ownFolder(realPath(folder)));
  const wanted = minus(union(set, realPaths(set)), allowed);
  const judged = chooseCeilings(lock, request.file, places).map(({ name, ceiling }) => ({
    name,
    coverage: covers(ceiling, wanted),
  }));
  // A ceiling says what may be touched, and never whose code may do it.
  const codeOfOthers = Object.entries(code).map(([name, { name: file }]) =>
    `    code     ${file} ${name}`
  );
  if (codeOfOthers.length === 0 && judged.some(({ coverage }) => coverage.covered)) return;
  if (request.accept === digest) return;
  const { name, coverage } = judged[0]!;
  const lacking = coverage.covered ? [] : [showMissing(coverage.missing)];
  const missing = [...codeOfOthers, ...lacking].join("\n");
  const stale = request.accept === undefined
    ? ""
    : `\n  ${request.accept} was accepted, but the set is ${digest}`;
  throw new RefusedError(`the ceiling of ${name} does not allow:\n${missing}${stale}`, {
    hint: `read it, and if that is what you want: sluice ${acceptCommand(args, digest)}`,
    details: { set: digest },
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
  return [...kept, "--accept", digest].map(quoteArgument).join(" ");
}
