/**
 * Variables that libraries of ours ask for when they are loaded or used: YAML, gRPC, S3. A process that
 * may not read them is told that they are not set, where it would fail otherwise; what they say never
 * reaches it.
 */
export const libraryVariables: readonly string[] = [
  "AWS_LAMBDA_BENCHMARK_MODE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_MAX_CONCURRENCY",
  "AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA",
  "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED",
  "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
  "GRPC_EXPERIMENTAL_ENABLE_OUTLIER_DETECTION",
  "GRPC_NODE_DEBUG_SEND_ERROR_DETAILS",
  "GRPC_NODE_TRACE",
  "GRPC_NODE_USE_ALTERNATIVE_RESOLVER",
  "GRPC_NODE_VERBOSITY",
  "GRPC_SSL_CIPHER_SUITES",
  "GRPC_TRACE",
  "GRPC_VERBOSITY",
  "LOG_STREAM",
  "LOG_TOKENS",
  "_X_AMZN_TRACE_ID",
  "grpc_proxy",
  "http_proxy",
  "https_proxy",
  "no_grpc_proxy",
  "no_proxy",
];

/** The flag of `deno run` that says so, for what a set does not grant. */
export function ignoreLibraryVariables(granted: readonly string[]): string[] {
  const ignored = libraryVariables.filter((name) => !granted.includes(name));
  return ignored.length === 0 ? [] : [`--ignore-env=${ignored.join(",")}`];
}
