import type { ServerDuplexStream, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { LoadedService } from "./load_protos.ts";

interface ReflectionRequest {
  readonly message_request?: string;
  readonly file_by_filename?: string;
  readonly file_containing_symbol?: string;
  readonly list_services?: string;
}

type Answer = Readonly<Record<string, unknown>>;

const notFound = 5;
const unimplemented = 12;

/**
 * `grpc.reflection`, so that clients such as grpcurl can call a service that they have no file of. Each
 * package is one file, which needs no other.
 */
export function reflectionService(
  services: readonly LoadedService[],
): UntypedServiceImplementation {
  const answers = (request: ReflectionRequest): Answer => {
    switch (request.message_request) {
      case "list_services":
        return {
          list_services_response: { service: services.map(({ name }) => ({ name })) },
        };
      case "file_containing_symbol":
        return fileAnswer(
          services.find(({ name }) => belongs(request.file_containing_symbol!, packageOf(name))),
        );
      case "file_by_filename":
        return fileAnswer(services.find(({ file }) => fileName(file) === request.file_by_filename));
      default:
        return error(unimplemented, "there are no extensions here");
    }
  };
  return {
    ServerReflectionInfo(stream: ServerDuplexStream<ReflectionRequest, unknown>) {
      stream.on("data", (request: ReflectionRequest) => {
        stream.write({ valid_host: "", original_request: request, ...answers(request) });
      });
      stream.on("end", () => stream.end());
    },
  };
}

function fileAnswer(service: LoadedService | undefined): Answer {
  return service === undefined
    ? error(notFound, "there is no such file or symbol")
    : { file_descriptor_response: { file_descriptor_proto: [service.file] } };
}

function error(error_code: number, error_message: string): Answer {
  return { error_response: { error_code, error_message } };
}

function packageOf(service: string): string {
  return service.slice(0, service.lastIndexOf("."));
}

function belongs(symbol: string, name: string): boolean {
  return symbol === name || symbol.startsWith(`${name}.`);
}

/** The first member of a FileDescriptorProto: tag 1, length, text. */
function fileName(file: Uint8Array): string {
  if (file[0] !== 0x0a) return "";
  return new TextDecoder().decode(file.subarray(2, 2 + file[1]!));
}
