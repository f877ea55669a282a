import type { sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { HealthBoard } from "../health_board.ts";
import type { Invoker } from "../invoker.ts";

export interface AgentServiceOptions {
  readonly invoker: Invoker;
  readonly board: HealthBoard;
  /** What DescribeCapabilities tells beside the methods. */
  readonly metadata: Readonly<Record<string, string>>;
  now(): Date;
}

interface ActionRequest {
  readonly action: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly request_id: string;
}

type Call<Request> = ServerUnaryCall<Request, unknown>;

/** gRPC's codes for a call that was not carried out. */
const invalidArgument = 3;
const unimplemented = 12;
const unavailable = 14;

/**
 * `pixell.agent.AgentService` on top of the worker's actions. An action that fails is an answer with
 * `success` false; only what never reached the agent is an error of gRPC.
 */
export function agentService(
  { invoker, board, metadata, now }: AgentServiceOptions,
): UntypedServiceImplementation {
  const answer = <T>(done: sendUnaryData<unknown>, value: T) => done(null, value);
  return {
    Health: (_: Call<unknown>, done: sendUnaryData<unknown>) =>
      answer(done, {
        ok: board.ok(),
        message: board.ok() ? "ok" : "not ready",
        timestamp: now().getTime(),
      }),
    DescribeCapabilities: (_: Call<unknown>, done: sendUnaryData<unknown>) =>
      answer(done, { methods: [...invoker.methods()], metadata }),
    Ping: (_: Call<unknown>, done: sendUnaryData<unknown>) =>
      answer(done, { message: "pong", timestamp: now().getTime() }),
    Invoke(call: Call<ActionRequest>, done: sendUnaryData<unknown>) {
      const { action, parameters, request_id } = call.request;
      if (action === "") {
        return done({ code: invalidArgument, details: "action is empty" });
      }
      if (!invoker.methods().includes(action)) {
        return done({ code: unimplemented, details: `the agent has no action ${action}` });
      }
      const gone = new AbortController();
      call.on("cancelled", () => gone.abort());
      void invoker.invoke({ action, parameters, signal: gone.signal }).then(
        (result) => answer(done, { ...result, request_id }),
        (error) => done({ code: unavailable, details: messageOf(error) }),
      );
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
