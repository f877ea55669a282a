import { SluiceError } from "../../engine/errors.ts";
import { grantKey } from "../../engine/permissions/grants.ts";
import type { Permissions, ProgramGrant } from "../../engine/permissions/permissions.ts";
import { matchesProgram, matchesShape } from "../../engine/permissions/shape.ts";
import type { Box } from "./box.ts";
import type { LaunchPlaces } from "./places.ts";
import type { BrokeredResult, RunnerMessage } from "./protocol.ts";
import { startBoxed } from "./start_boxed.ts";
import { startBrokered } from "./start_brokered.ts";

/** A runner's request to start a program for it. */
export type BrokerRequest = Extract<RunnerMessage, { readonly type: "broker" }>;

/** Starts programs for one runner, as far as its set allows. */
export interface Broker {
  /** Settles after the program's end. Never rejects: a refusal is a result. */
  start(request: BrokerRequest): Promise<BrokeredResult>;
  /** Kills what was started under an id. */
  cancel(id: number): void;
  /** Starts these no more: nothing later in the run needs them. */
  shed(grants: readonly ProgramGrant[]): void;
  /** Kills all. */
  close(): void;
}

/**
 * The launcher's side of brokered programs. The runner names what it wants; whether that was declared
 * is judged here, against the set that was admitted, never against what the runner says of it.
 */
export function makeBroker(set: Permissions, box: Box, places: LaunchPlaces): Broker {
  const running = new Map<number, AbortController>();
  const allowed = new Map(
    set.run.filter(({ brokered }) => brokered === true).map((grant) => [grantKey(grant), grant]),
  );
  return {
    async start(request) {
      const judged = judge([...allowed.values()], request);
      if (typeof judged === "string") return { refused: judged };
      const controller = new AbortController();
      running.set(request.id, controller);
      try {
        return judged.box === undefined
          ? await startBrokered(request, places, controller.signal)
          : await startBoxed(request, judged.box, box, places, controller.signal);
      } catch (error) {
        const hint = error instanceof SluiceError && error.hint ? ` (${error.hint})` : "";
        return { refused: `${error instanceof Error ? error.message : String(error)}${hint}` };
      } finally {
        running.delete(request.id);
      }
    },
    cancel: (id) => running.get(id)?.abort(),
    shed(grants) {
      for (const grant of grants) allowed.delete(grantKey(grant));
    },
    close() {
      for (const controller of running.values()) controller.abort();
    },
  };
}

/**
 * The grant that allows a request, which is the one that the runner names: two may differ in nothing
 * but the box. Else why it is refused.
 */
function judge(grants: readonly ProgramGrant[], request: BrokerRequest): ProgramGrant | string {
  const names = Object.keys(request.env);
  const named = grantKey(request.grant);
  const allowed = grants.find((grant) =>
    grantKey(grant) === named && matchesProgram(grant, request.program) &&
    matchesShape(grant, request.args) && names.every((name) => grant.env.includes(name))
  );
  if (allowed === undefined) {
    return `no brokered grant of this run allows ${
      JSON.stringify([
        request.program,
        ...request.args,
      ])
    }`;
  }
  if (request.program.includes(",")) return `${request.program} has a comma in its path`;
  try {
    // A link would start something that nobody declared.
    if (!Deno.lstatSync(request.program).isFile) return `${request.program} is not a file`;
  } catch {
    return `${request.program} cannot be found`;
  }
  return allowed;
}
