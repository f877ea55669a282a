import { readVariable } from "../../engine/read_variable.ts";

/** The variables that tell who started a command, the first that is set counts. */
export const actorVariables = ["SUDO_USER", "LOGNAME", "USER"] as const;

/** Who started this process, before any sudo: `name(uid)`, or `uid N` where no variable tells. */
export function actor(): string {
  const names = actorVariables.map((name) => readVariable(name));
  const name = names.find((each) => each !== undefined && each !== "");
  const uid = Deno.uid();
  return name === undefined ? `uid ${uid}` : `${name}(${uid})`;
}
