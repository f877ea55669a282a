import { createServer } from "node:https";

/** Where a package can be fetched from, and the server's end. */
export interface PackageServer extends AsyncDisposable {
  /** `PACKAGE_URL`, and what else a boot has to know. */
  readonly env: Readonly<Record<string, string>>;
}

/** An HTTPS server on this machine, with a certificate that only the demonstration trusts. */
export async function serveHttps(project: string, body: Uint8Array): Promise<PackageServer> {
  const tls = `${project}/tests/fixtures/tls`;
  const [cert, key] = await Promise.all(
    ["server.pem", "server.key"].map((name) => Deno.readTextFile(`${tls}/${name}`)),
  );
  const server = createServer({ cert, key }, (_, response) => response.end(body));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as { port: number };
  return {
    env: { PACKAGE_URL: `https://127.0.0.1:${port}/hello.apkg`, DENO_CERT: `${tls}/ca.pem` },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A server of S3 on this machine, with the package in a bucket. */
export async function serveS3(directory: string, body: Uint8Array): Promise<PackageServer> {
  // It keeps objects as files, so one can be laid there.
  const object = `${directory}/agents/hello.apkg._S3rver_`;
  await Deno.mkdir(`${directory}/agents`, { recursive: true });
  await Deno.writeFile(`${object}object`, body);
  await Deno.writeTextFile(`${object}metadata.json`, "{}");
  const { default: S3rver } = await import("s3rver");
  // deno-lint-ignore no-explicit-any
  const server = new (S3rver as any)({ address: "127.0.0.1", port: 0, silent: true, directory });
  const { port } = await server.run();
  return {
    env: {
      PACKAGE_URL: "s3://agents/hello.apkg",
      S3_BUCKET: "agents",
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "S3RVER",
      AWS_SECRET_ACCESS_KEY: "S3RVER",
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}
