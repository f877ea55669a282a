/**
 * The services of the A2A face, in the JSON form of protobufjs. `pixell.agent` is the wire that clients
 * of agents speak; `grpc.health.v1` and `grpc.reflection` are those of the gRPC project.
 *
 * @module
 */
const field = (type: string, id: number) => ({ type, id });
const list = (type: string, id: number) => ({ rule: "repeated", type, id });
const map = (id: number) => ({ keyType: "string", type: "string", id });

export const agentProto = {
  nested: {
    pixell: {
      nested: {
        agent: {
          nested: {
            Empty: { fields: {} },
            HealthStatus: {
              fields: {
                ok: field("bool", 1),
                message: field("string", 2),
                timestamp: field("int64", 3),
              },
            },
            Capabilities: { fields: { methods: list("string", 1), metadata: map(2) } },
            ActionRequest: {
              fields: {
                action: field("string", 1),
                parameters: map(2),
                request_id: field("string", 3),
              },
            },
            ActionResult: {
              fields: {
                success: field("bool", 1),
                result: field("string", 2),
                error: field("string", 3),
                request_id: field("string", 4),
                duration_ms: field("int64", 5),
              },
            },
            Pong: { fields: { message: field("string", 1), timestamp: field("int64", 2) } },
            AgentService: {
              methods: {
                Health: { requestType: "Empty", responseType: "HealthStatus" },
                DescribeCapabilities: { requestType: "Empty", responseType: "Capabilities" },
                Invoke: { requestType: "ActionRequest", responseType: "ActionResult" },
                Ping: { requestType: "Empty", responseType: "Pong" },
              },
            },
          },
        },
      },
    },
  },
};

export const healthProto = {
  nested: {
    grpc: {
      nested: {
        health: {
          nested: {
            v1: {
              nested: {
                HealthCheckRequest: { fields: { service: field("string", 1) } },
                HealthCheckResponse: {
                  fields: { status: field("ServingStatus", 1) },
                  nested: {
                    ServingStatus: {
                      values: { UNKNOWN: 0, SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 },
                    },
                  },
                },
                Health: {
                  methods: {
                    Check: {
                      requestType: "HealthCheckRequest",
                      responseType: "HealthCheckResponse",
                    },
                    Watch: {
                      requestType: "HealthCheckRequest",
                      responseType: "HealthCheckResponse",
                      responseStream: true,
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};

/** The service that tells what there is, of one version: `v1`, or `v1alpha`, which most tools ask first. */
export function reflectionProto(version: "v1" | "v1alpha") {
  const name = (id: number) => field("string", id);
  const messages = {
    ServerReflectionRequest: {
      oneofs: {
        message_request: {
          oneof: [
            "file_by_filename",
            "file_containing_symbol",
            "file_containing_extension",
            "all_extension_numbers_of_type",
            "list_services",
          ],
        },
      },
      fields: {
        host: name(1),
        file_by_filename: name(3),
        file_containing_symbol: name(4),
        file_containing_extension: field("ExtensionRequest", 5),
        all_extension_numbers_of_type: name(6),
        list_services: name(7),
      },
    },
    ExtensionRequest: { fields: { containing_type: name(1), extension_number: field("int32", 2) } },
    ServerReflectionResponse: {
      oneofs: {
        message_response: {
          oneof: [
            "file_descriptor_response",
            "all_extension_numbers_response",
            "list_services_response",
            "error_response",
          ],
        },
      },
      fields: {
        valid_host: name(1),
        original_request: field("ServerReflectionRequest", 2),
        file_descriptor_response: field("FileDescriptorResponse", 4),
        all_extension_numbers_response: field("ExtensionNumberResponse", 5),
        list_services_response: field("ListServiceResponse", 6),
        error_response: field("ErrorResponse", 7),
      },
    },
    FileDescriptorResponse: { fields: { file_descriptor_proto: list("bytes", 1) } },
    ExtensionNumberResponse: {
      fields: { base_type_name: name(1), extension_number: list("int32", 2) },
    },
    ListServiceResponse: { fields: { service: list("ServiceResponse", 1) } },
    ServiceResponse: { fields: { name: name(1) } },
    ErrorResponse: { fields: { error_code: field("int32", 1), error_message: name(2) } },
    ServerReflection: {
      methods: {
        ServerReflectionInfo: {
          requestType: "ServerReflectionRequest",
          requestStream: true,
          responseType: "ServerReflectionResponse",
          responseStream: true,
        },
      },
    },
  };
  return {
    nested: { grpc: { nested: { reflection: { nested: { [version]: { nested: messages } } } } } },
  };
}
