import { RefusedError } from "../../engine/errors.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";

/**
 * Refuses a set that this process was not started with, before anything is done: the plan is another
 * one than the flags were made for. Asking Deno finds what is lacking; what it calls granted may still
 * be refused when it is used.
 *
 * @param programs where the programs with bare names are that this process may run
 * @throws RefusedError that names all that is lacking
 */
export async function refuseUngranted(
  set: Permissions,
  programs: Readonly<Record<string, string>>,
): Promise<void> {
  const asked: readonly (readonly [what: string, descriptor: Deno.PermissionDescriptor])[] = [
    ...set.run.map(({ program }) => {
      const command = Object.hasOwn(programs, program) ? programs[program]! : program;
      return [`run ${program}`, { name: "run", command }] as const;
    }),
    ...set.read.map((path) => [`read ${path}`, { name: "read", path }] as const),
    ...set.write.map((path) => [`write ${path}`, { name: "write", path }] as const),
    ...[...set.connect, ...set.listen].map((entry) =>
      // Deno does not answer for a wildcard, but for a name below it.
      [`net ${entry}`, { name: "net", host: entry.replace(/^\*\./, "below.") }] as const
    ),
    ...set.env.map((variable) => [`env ${variable}`, { name: "env", variable }] as const),
    ...set.sys.map((kind) =>
      [`sys ${kind}`, { name: "sys", kind } as Deno.PermissionDescriptor] as const
    ),
  ];
  const lacking = new Set<string>();
  for (const [what, descriptor] of asked) if (!await isGranted(descriptor)) lacking.add(what);
  if (lacking.size === 0) return;
  throw new RefusedError(
    `this process was not started with what the plan needs: ${[...lacking].join(", ")}`,
    { hint: "its flags were made for another plan: make both together, with sluice compile" },
  );
}

async function isGranted(descriptor: Deno.PermissionDescriptor): Promise<boolean> {
  try {
    return (await Deno.permissions.query(descriptor)).state === "granted";
  } catch {
    return true; // It cannot be asked for so; the step finds out.
  }
}
