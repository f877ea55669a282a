import type { GrpcObject, ServiceDefinition } from "@grpc/grpc-js";
import { type Described, withMapEntries } from "./map_entries.ts";
import { agentProto, healthProto, reflectionProto } from "./protos.ts";

/** A service with the description of its file, as reflection hands it out. */
export interface LoadedService {
  /** Full name, such as `pixell.agent.AgentService`. */
  readonly name: string;
  readonly definition: ServiceDefinition;
  /** A FileDescriptorProto, which holds all messages of the service. */
  readonly file: Uint8Array;
}

/** The services of the A2A face. */
export interface LoadedProtos {
  readonly agent: LoadedService;
  readonly health: LoadedService;
  readonly reflection: readonly LoadedService[];
}

/** Makes the services from their JSON form; nothing is read from the disk. */
export async function loadProtos(): Promise<LoadedProtos> {
  const { loadPackageDefinition } = await import("@grpc/grpc-js");
  const { fromJSON } = await import("@grpc/proto-loader");
  type Proto = Parameters<typeof fromJSON>[0];
  const load = (proto: Described, name: string): LoadedService => {
    const options = { keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true };
    const definitions = fromJSON(proto as Proto, options);
    const found = name.split(".").reduce(
      (at: GrpcObject, part) => at[part] as GrpcObject,
      loadPackageDefinition(definitions),
    );
    const described = Object.values(fromJSON(withMapEntries(proto) as Proto, options))
      .find((one) => "fileDescriptorProtos" in one);
    const [file] = (described as { fileDescriptorProtos: Uint8Array[] }).fileDescriptorProtos;
    const { service } = found as unknown as { service: ServiceDefinition };
    return { name, definition: service, file: file! };
  };
  return {
    agent: load(agentProto, "pixell.agent.AgentService"),
    health: load(healthProto, "grpc.health.v1.Health"),
    reflection: (["v1", "v1alpha"] as const).map((version) =>
      load(reflectionProto(version), `grpc.reflection.${version}.ServerReflection`)
    ),
  };
}
