/**
 * Runs in a network namespace of its own, as root: loads rules for the user `nobody` (65534), listens,
 * and lets that user's programs and others connect. Prints what came of it, as JSON.
 *
 * @module
 */
const [rules = ""] = Deno.args;
const nobody = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

await must("/usr/sbin/ip", "link", "set", "lo", "up");
for (const address of ["10.9.0.1/32", "10.9.0.2/32", "fd00::1/128"]) {
  // Without nodad, an IPv6 address is not there at once.
  await must("/usr/sbin/ip", "address", "add", address, "dev", "lo", "nodad");
}
const servers = ["10.9.0.1", "10.9.0.2", "[fd00::1]"].flatMap((address) =>
  [7443, 7444].map((port) => ({
    name: `${address}:${port}`,
    listener: Deno.listen({ hostname: address.replaceAll(/[[\]]/g, ""), port }),
  }))
);
for (const { listener } of servers) void answer(listener);

const found: Record<string, unknown> = { before: await connections(nobody) };
await must("/usr/sbin/nft", "-f", rules);
// A second time: the file replaces what it loaded.
await must("/usr/sbin/nft", "-f", rules);
found["nobody"] = await connections(nobody);
found["others"] = await connections([]);
found["listening"] = { 9090: await served(9090), 9091: await served(9091) };
for (const { listener } of servers) listener.close();
console.log(JSON.stringify(found));
Deno.exit(0);

async function answer(listener: Deno.Listener): Promise<void> {
  for await (const connection of listener) connection.close();
}

/** Which servers a program with the rights of some user reaches. */
async function connections(as: readonly string[]): Promise<Record<string, boolean>> {
  const results = servers.map(async ({ name }) => {
    const [, address, port] = /^\[?(.*?)\]?:(\d+)$/.exec(name)!;
    const script = `use IO::Socket::IP; exit !IO::Socket::IP->new(PeerHost => "${address}", ` +
      `PeerPort => ${port}, Timeout => 20)`;
    return [name, (await run([...as, "/usr/bin/perl", "-e", script])).success] as const;
  });
  return Object.fromEntries(await Promise.all(results));
}

/** Whether a server that runs as nobody is reached by somebody else. */
async function served(port: number): Promise<boolean> {
  const script = `use IO::Socket::IP; $| = 1; my $l = IO::Socket::IP->new(Listen => 1, ` +
    `LocalHost => "10.9.0.1", LocalPort => ${port}, ReuseAddr => 1) or die; print "ready\\n"; ` +
    `accept(my $c, $l)`;
  const [program = "", ...args] = [...nobody, "/usr/bin/perl", "-e", script];
  const server = new Deno.Command(program, { args, stdout: "piped", stdin: "null" }).spawn();
  const reader = server.stdout.getReader();
  await reader.read(); // It is ready.
  const client = `use IO::Socket::IP; exit !IO::Socket::IP->new(PeerHost => "10.9.0.1", ` +
    `PeerPort => ${port}, Timeout => 2)`;
  const { success } = await run(["/usr/bin/perl", "-e", client]);
  // It ends by itself when somebody came.
  if (!success) server.kill("SIGKILL");
  await server.status;
  await reader.cancel();
  return success;
}

async function run([program = "", ...args]: readonly string[]): Promise<Deno.CommandOutput> {
  return await new Deno.Command(program, { args, stdin: "null" }).output();
}

async function must(...command: readonly string[]): Promise<void> {
  const { success, stderr } = await run(command);
  if (!success) throw new Error(`${command.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}
