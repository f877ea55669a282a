/**
 * Attacks with Deno's sandbox away: what its box alone stops of a step whose code broke out, or of a
 * program. The same code runs in no box to show that it is an attack.
 */
export interface WideCase {
  readonly name: string;
  readonly attack: string;
  /** Body of a function of `at`; what it returns or throws is what is looked at. */
  readonly code: string;
  /** What it comes to in a box. */
  readonly boxed: RegExp;
  /** What it comes to in none; left out where the system refuses it as well. */
  readonly free?: RegExp;
}

export const wideCases: readonly WideCase[] = [
  {
    name: "wide-read",
    attack: "reads a file that was not declared",
    code: `return await Deno.readTextFile(at.secret);`,
    boxed: /^NotFound/,
    free: /^kept from every step$/,
  },
  {
    name: "wide-shadow",
    attack: "reads /etc/shadow",
    code: `return (await Deno.readTextFile("/etc/shadow")).length > 0;`,
    boxed: /^NotFound/,
    free: /^(true|PermissionDenied.*)$/,
  },
  {
    name: "wide-write",
    attack: "writes a file that was not declared",
    code: `await Deno.writeTextFile(at.folder + "/wide", "x"); return "wrote";`,
    boxed: /^(NotFound|PermissionDenied|Error: Read-only|NotCapable|FilesystemLoop).*/,
    free: /^wrote$/,
  },
  {
    name: "wide-project",
    attack: "changes the project's code",
    code: `
      const file = await Deno.open(at.project + "/deno.json", { write: true });
      file.close();
      return "opened";`,
    boxed: /Read-only file system/,
    free: /^(opened|PermissionDenied.*)$/,
  },
  {
    name: "wide-connect",
    attack: "connects to a port on loopback",
    code:
      `(await Deno.connect({ hostname: "127.0.0.1", port: at.port })).close(); return "connected";`,
    boxed: /^ConnectionRefused/,
    free: /^connected$/,
  },
  {
    name: "wide-socket",
    attack: "connects to a Unix socket",
    code:
      `(await Deno.connect({ transport: "unix", path: at.socket })).close(); return "connected";`,
    boxed: /^NotFound/,
    free: /^connected$/,
  },
  {
    name: "wide-kill",
    attack: "signals the process that started it",
    code: `Deno.kill(at.parent, "SIGCONT"); return "signalled";`,
    boxed: /^NotFound/,
    free: /^signalled$/,
  },
  {
    name: "wide-environment",
    attack: "reads a variable of the launcher",
    code: `return Deno.env.get("HOSTILE_OTHER") ?? "nothing";`,
    boxed: /^nothing$/,
  },
  {
    name: "wide-spawn",
    attack: "starts a program of the system",
    code: `
      const { stdout } = await new Deno.Command("/usr/bin/id", { args: ["-u"] }).output();
      return new TextDecoder().decode(stdout).trim();`,
    boxed: /^NotFound/,
    free: /^\d+$/,
  },
];
