import type {
  sendUnaryData,
  ServerUnaryCall,
  ServerWritableStream,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import type { HealthBoard } from "../health_board.ts";

interface HealthRequest {
  readonly service: string;
}

const notFound = 5;

/**
 * `grpc.health.v1.Health`: the state of the whole runtime, under `""` and the names of the services.
 * Watch tells it at once, and whenever it changes.
 */
export function healthService(
  board: HealthBoard,
  services: readonly string[],
): UntypedServiceImplementation {
  const known = (service: string) => service === "" || services.includes(service);
  const status = () => ({ status: board.ok() ? "SERVING" : "NOT_SERVING" });
  return {
    Check({ request }: ServerUnaryCall<HealthRequest, unknown>, done: sendUnaryData<unknown>) {
      if (known(request.service)) done(null, status());
      else done({ code: notFound, details: `there is no service ${request.service}` });
    },
    Watch(stream: ServerWritableStream<HealthRequest, unknown>) {
      if (!known(stream.request.service)) {
        // It may come: the protocol has the stream stay open.
        stream.write({ status: "SERVICE_UNKNOWN" });
        return;
      }
      stream.write(status());
      const stop = board.watch(() => stream.write(status()));
      stream.on("cancelled", () => {
        stop();
        stream.end();
      });
    },
  };
}
