import { SluiceError } from "../errors.ts";
import { denoFlags } from "../permissions/deno_flags.ts";
import { isPlainPath, pathCovers } from "../permissions/path.ts";
import {
  none,
  type Permissions,
  type ProgramBox,
  type ProgramGrant,
} from "../permissions/permissions.ts";
import { textKinds } from "../permissions/grants.ts";
import { readPermissions } from "../permissions/read_permissions.ts";
import type { Effect } from "../step.ts";
import { ForeignFault } from "./foreign_fault.ts";

/** Most grants of one kind: a set that nobody can read is no set to accept. */
const mostGrants = 100;

/**
 * Reads the permissions that a step of others asked for. Its programs are always started by the
 * launcher, each in a box that holds no more than the step itself may touch.
 *
 * @throws ForeignFault that names the place of what is wrong
 */
export function readForeignPermissions(
  value: unknown,
  effect: Effect,
): { readonly run: Permissions; readonly undo: Permissions } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ForeignFault("permissions() has to return { run: { read: […], … } }");
  }
  const { run, undo, ...others } = value as Readonly<Record<string, unknown>>;
  const [stranger] = Object.keys(others);
  if (stranger !== undefined) {
    throw new ForeignFault(`permissions() returned ${JSON.stringify(stranger)}`, wanted);
  }
  if (run === undefined) throw new ForeignFault("permissions() returned no run", wanted);
  if (undo !== undefined && effect !== "reversible") {
    throw new ForeignFault(`permissions() returned undo, but the effect is ${effect}`);
  }
  return {
    run: readSet(run, "permissions().run"),
    undo: undo === undefined ? none : readSet(undo, "permissions().undo"),
  };
}

const wanted = "it returns { run } or, of a reversible step, { run, undo }";

function readSet(value: unknown, where: string): Permissions {
  const set = ownFault(() => readPermissions(withBrokers(value), where));
  for (const kind of [...textKinds, "run"] as const) {
    if (set[kind].length > mostGrants) {
      throw new ForeignFault(`${where}.${kind} has more than ${mostGrants} entries`);
    }
  }
  const run = set.run.map((grant, index) => boxed(grant, set, `${where}.run[${index}]`));
  // What no flag can say would be refused at the start: the author wants to know now.
  ownFault(() => denoFlags(set, { programs: {} }), `${where}: `);
  return { ...set, run };
}

/** All its programs are brokered, whether it says so or not. */
function withBrokers(value: unknown): unknown {
  const run = (value as { readonly run?: unknown } | null)?.run;
  if (!Array.isArray(run)) return value;
  const brokered = run.map((grant) =>
    typeof grant === "object" && grant !== null ? { ...grant, brokered: true } : grant
  );
  return { ...value as object, run: brokered };
}

function boxed(grant: ProgramGrant, set: Permissions, where: string): ProgramGrant {
  const { program } = grant;
  if (!(program.startsWith("/") ? isPlainPath(program) : /^[A-Za-z0-9][\w.+-]*$/.test(program))) {
    throw new ForeignFault(
      `${where}.program has to be a bare name or an absolute path, not ${JSON.stringify(program)}`,
    );
  }
  const readable = [...set.read, ...set.write];
  const network = set.connect.length > 0 || set.listen.length > 0;
  const box: ProgramBox = grant.box ?? { read: set.read, write: set.write, network };
  const beyond = [
    ...box.read.filter((path) => !readable.some((outer) => pathCovers(outer, path))),
    ...box.write.filter((path) => !set.write.some((outer) => pathCovers(outer, path))),
    ...(box.network && !network ? ["the network"] : []),
  ];
  if (beyond.length > 0) {
    const what = `${where}.box reaches what the step itself may not: ${beyond.join(", ")}`;
    throw new ForeignFault(what, "the step's own read, write and connect say all that it touches");
  }
  return { ...grant, box };
}

function ownFault<T>(read: () => T, before = ""): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    throw new ForeignFault(before + error.message, error.hint);
  }
}
