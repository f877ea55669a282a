import { RefusedError } from "../errors.ts";
import { covers } from "../permissions/covers.ts";
import type { Permissions, ProgramGrant } from "../permissions/permissions.ts";
import { matchesProgram, matchesShape } from "../permissions/shape.ts";
import { showModule } from "../permissions/show_box.ts";
import type { ExecRequest } from "../step.ts";

/** What a step declared, and its id. */
interface Declared {
  readonly step: string;
  readonly grants: readonly ProgramGrant[];
}

/** The declared grant that covers a request (a brokered one only where no other does), or why none. */
export function findGrant(
  request: ExecRequest,
  world: Declared,
): ProgramGrant | RefusedError {
  const ofProgram = world.grants.filter((grant) => matchesProgram(grant, request.program));
  if (ofProgram.length === 0) {
    return new RefusedError(`${world.step} did not declare the program ${request.program}`, {
      hint: "add it to the step's permissions under run",
    });
  }
  const ofShape = ofProgram.filter((grant) => matchesShape(grant, request.args));
  if (ofShape.length === 0) {
    const shapes = ofProgram.map((grant) => JSON.stringify(grant.args)).join(" or ");
    const given = JSON.stringify(request.args);
    return new RefusedError(
      `${world.step} may not start ${request.program} with the arguments ${given}`,
      { hint: `the step declared ${shapes}` },
    );
  }
  const names = Object.keys(request.env ?? {});
  const ofEnv = ofShape.filter((grant) => names.every((name) => grant.env.includes(name)));
  if (ofEnv.length === 0) {
    return new RefusedError(
      `${world.step} may not give ${request.program} the variables ${names.join(", ")}`,
      { hint: `the step declared ${ofShape[0]!.env.join(", ") || "none"}` },
    );
  }
  const { deno } = request;
  if (deno !== undefined) return moduleGrant(ofEnv, deno, request, world);
  return ofEnv.find((grant) => grant.brokered !== true) ?? ofEnv[0]!;
}

/** The grant of a module that may be granted as much as is asked for. */
function moduleGrant(
  grants: readonly ProgramGrant[],
  set: Permissions,
  { program }: ExecRequest,
  { step }: Declared,
): ProgramGrant | RefusedError {
  const judged = grants.flatMap((grant) =>
    grant.deno === undefined ? [] : [{ grant, judged: covers(grant.deno, set) }]
  );
  const found = judged.find(({ judged }) => judged.covered);
  if (found !== undefined) return found.grant;
  const first = judged[0]?.judged;
  const more = showModule(first === undefined || first.covered ? set : first.missing);
  return new RefusedError(`${step} may not grant ${program} that much: ${more}`, {
    hint: "add it to the most that the step declares for it, under deno",
  });
}
