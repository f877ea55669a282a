/**
 * What a process may try, one operation a permission. Each is tried for real: asking Deno whether it
 * would work proves nothing.
 *
 * @module
 */

/** An operation, as the parameter of a step. */
export type Operation =
  | readonly ["read", path: string]
  | readonly ["write", path: string]
  | readonly ["connect", host: string, port: number]
  | readonly ["listen", host: string]
  /** Listens on a Unix socket and connects to it. */
  | readonly ["socket", path: string]
  | readonly ["run", program: string]
  | readonly ["env", name: string]
  | readonly ["sys", kind: "hostname"]
  /** Asks for a module of the network, where no network is needed to be refused. */
  | readonly ["import", url: string];

/** `works`, or the name of the error: `NotCapable` where the sandbox refuses. */
export async function attempt(operation: Operation): Promise<string> {
  try {
    await perform(operation);
    return "works";
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    // The loader wraps it.
    return error.message.includes("Requires import access") ? "NotCapable" : error.name;
  }
}

async function perform(operation: Operation): Promise<void> {
  switch (operation[0]) {
    case "read":
      return void await Deno.readTextFile(operation[1]);
    case "write":
      return await Deno.writeTextFile(operation[1], "written");
    case "connect":
      return (await Deno.connect({ hostname: operation[1], port: operation[2] })).close();
    case "listen":
      return Deno.listen({ hostname: operation[1], port: 0 }).close();
    case "socket": {
      using listener = Deno.listen({ transport: "unix", path: operation[1] });
      const [, connection] = await Promise.all([
        listener.accept().then((accepted) => accepted.close()),
        Deno.connect({ transport: "unix", path: operation[1] }),
      ]);
      return connection.close();
    }
    case "run":
      return void await new Deno.Command(operation[1], { clearEnv: true }).output();
    case "env":
      return void Deno.env.get(operation[1]);
    case "sys":
      return void Deno.hostname();
    case "import":
      return void await import(operation[1]);
  }
}
