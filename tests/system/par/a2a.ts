const python = new URL("../../../artifacts/face-venv/bin/python", import.meta.url).pathname;

/** Calls the A2A face with grpcio; a line for each field of the answer: its number, its value. */
export async function a2a(port: number, ...args: readonly string[]): Promise<string> {
  const client = new URL("a2a_client.py", import.meta.url).pathname;
  const { stdout, stderr } = await new Deno.Command(python, {
    args: ["-B", client, String(port), ...args],
  }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}
