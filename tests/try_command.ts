/**
 * Runs a command and ends as it does; its output is nobody's concern. It may run that program alone.
 *
 * @module
 */
const [program = "", ...args] = Deno.args;
const { code } = await new Deno.Command(program, {
  args,
  stdin: "null",
  stdout: "null",
  stderr: "null",
}).output();
Deno.exit(code);
