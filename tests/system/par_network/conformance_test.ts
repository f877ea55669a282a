// flags: see the group `par-network`
/**
 * What leaves the processes of a boot, agent and installer among them, as the kernel sees it: the package
 * host, S3, and the faces that PAR itself asks whether they answer. A list by exact addresses, so that
 * nobody else can be on it: no name server, no metadata service, no control plane.
 *
 * @module
 */
import assert from "node:assert/strict";
import { a2a } from "../par/a2a.ts";
import { type Boot, boot, type BootOptions, get, pack, parFolder } from "../par/bed.ts";
import { type Endpoints, endpointsIn } from "./endpoints.ts";

const project = new URL("../../..", import.meta.url).pathname;

interface TracedBoot {
  readonly par: Boot;
  /** All that it did, once it has ended. */
  endpoints(): Promise<Endpoints>;
}

async function traced(env: Readonly<Record<string, string>>): Promise<TracedBoot> {
  const top = parFolder();
  await Deno.mkdir(top, { recursive: true });
  const file = `${await Deno.makeTempDir({ dir: top })}/trace`;
  const before: BootOptions["before"] = [
    "/usr/bin/strace",
    // -D: the launcher is our own child, and strace the child of its child.
    ...["-D", "-f", "-qq", "--seccomp-bpf", "-s", "300", "-o", file],
    ...["-e", "trace=connect,bind,sendto,sendmsg,sendmmsg,exit_group", "-e", "signal=none"],
  ];
  const par = await boot(env, { top, before });
  const launcher = par.sluice.process.pid;
  return {
    par,
    async endpoints() {
      // strace writes its last lines after the program's end.
      using watcher = Deno.watchFs(file);
      const whole = async () => {
        const text = await Deno.readTextFile(file);
        return new RegExp(`^${launcher} \\+\\+\\+ |^${launcher} +exit_group`, "m").test(text)
          ? text
          : undefined;
      };
      let text = await whole();
      if (text === undefined) {
        for await (const _ of watcher) if ((text = await whole()) !== undefined) break;
      }
      return endpointsIn(text!);
    },
  };
}

/** Asks every face for something, and tells it to end. */
async function use({ par }: TracedBoot, action: string): Promise<void> {
  await par.ready();
  assert.equal((await get(`${par.rest}/agents/a-1/api/ping`))[0], 200);
  assert.match(await a2a(par.ports.a2a, "Invoke", action, "who=you"), /Hello, you/);
  assert.equal((await get(`http://127.0.0.1:${par.ports.ui}/`))[0], 200);
  assert.equal((await par.end()).code, 0);
}

/** Holds what was seen to the list, exactly. */
function assertConforms(
  { reached, bound, sockets, unread }: Endpoints,
  { ports }: Boot,
  host: string,
  { alsoBound = [] }: { readonly alsoBound?: readonly string[] } = {},
): void {
  const [rest, a2a, ui] = [ports.rest, ports.a2a, ports.ui].map(String);
  assert.deepEqual(unread, []);
  const faces = [rest, a2a, ui].map((port) => `127.0.0.1:${port}`);
  assert.deepEqual(reached, [host, ...faces].sort());
  const listening = [rest, a2a, ui].map((port) => `0.0.0.0:${port}`);
  assert.deepEqual(bound, [...listening, ...alsoBound].sort());
  const work = `${parFolder()}/agent-runtime/`;
  // The C library asks there for names of users; nobody answers in a box.
  const known = (path: string) => path.startsWith(work) || path === "/var/run/nscd/socket";
  assert.deepEqual(sockets.filter((path) => !known(path)), []);
}

async function wheels(): Promise<string> {
  const to = `${parFolder()}/wheels`;
  const args = ["-rT", `${project}artifacts/wheelhouse`, to];
  await Deno.mkdir(parFolder(), { recursive: true });
  assert.ok((await new Deno.Command("/usr/bin/cp", { args }).output()).success);
  return to;
}

Deno.test("a boot over https, with an installation, reaches the package host and its own faces", async () => {
  const tls = `${project}tests/fixtures/tls`;
  const [cert, key] = await Promise.all(
    ["server.pem", "server.key"].map((name) => Deno.readTextFile(`${tls}/${name}`)),
  );
  const body = await Deno.readFile(await pack("sample"));
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, cert: cert!, key: key!, onListen() {} },
    () => new Response(body),
  );
  const host = `127.0.0.1:${server.addr.port}`;
  const boot = await traced({
    PACKAGE_URL: `https://${host}/a.apkg`,
    DENO_CERT: `${tls}/ca.pem`,
    WHEELHOUSE_DIR: await wheels(),
    AGENT_UV: "none",
  });
  await using par = boot.par;
  await use(boot, "greet");
  // pip looks in this way, in a box without a network, whether the machine has IPv6.
  assertConforms(await boot.endpoints(), par, host, { alsoBound: ["[::1]:0"] });
});

Deno.test("a boot from S3 reaches that and its own faces, and no service of metadata", async () => {
  const body = await Deno.readFile(await pack("typescript"));
  const asked: string[] = [];
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    asked.push(`${request.method} ${new URL(request.url).pathname}`);
    return new Response(body);
  });
  const host = `127.0.0.1:${server.addr.port}`;
  const boot = await traced({
    PACKAGE_URL: "s3://agents/a.apkg",
    S3_BUCKET: "agents",
    AWS_ENDPOINT_URL_S3: `http://${host}`,
  });
  await using par = boot.par;
  await use(boot, "greet");
  assert.deepEqual(asked, ["GET /agents/a.apkg"]);
  assertConforms(await boot.endpoints(), par, host);
});

Deno.test("one that reached somebody else would be found, whatever it is", () => {
  const seen = (line: string) => endpointsIn(`17 ${line}`);
  const v4 = (port: number, host: string) =>
    `{sa_family=AF_INET, sin_port=htons(${port}), sin_addr=inet_addr("${host}")}`;
  assert.deepEqual(seen(`connect(9, ${v4(80, "169.254.169.254")}, 16) = -1 EINPROGRESS`).reached, [
    "169.254.169.254:80",
  ]);
  assert.deepEqual(
    seen(`sendto(9, "x", 1, MSG_NOSIGNAL, ${v4(53, "192.0.2.1")}, 16 <unfinished ...>`).reached,
    ["192.0.2.1:53"],
  );
  assert.deepEqual(
    seen(
      `connect(9, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), ` +
        `inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28) = 0`,
    ).reached,
    ["[2001:db8::1]:443"],
  );
  assert.deepEqual(seen(`bind(9, ${v4(9090, "0.0.0.0")}, 16) = 0`).bound, ["0.0.0.0:9090"]);
  assert.deepEqual(seen(`connect(9, {sa_family=AF_UNIX, sun_path="/run/x"}, 10) = 0`).sockets, [
    "/run/x",
  ]);
  assert.equal(seen(`connect(9, {sa_family=AF_VSOCK, svm_cid=2}, 16) = 0`).unread.length, 1);
});
