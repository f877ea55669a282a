/**
 * Runs inside of a unit: tries what its arguments say and prints what came of it, as JSON. Deno grants
 * more than the unit does, so that what is refused is refused by the unit.
 *
 * @module
 */
const found: Record<string, string> = {};
for (const argument of Deno.args) {
  try {
    found[argument] = await attempt(argument);
  } catch (error) {
    found[argument] = (error as Error).name;
  }
}
console.log(JSON.stringify(found));
Deno.exit(0);

async function attempt(argument: string): Promise<string> {
  const [verb, ...words] = argument.replace(/^then /, "").split(" ");
  const [first = ""] = words;
  switch (verb) {
    case "list":
      return [...Deno.readDirSync(first)].map(({ name }) => name).sort().join(" ");
    case "write":
      Deno.writeTextFileSync(first, "written");
      return "ok";
    case "uid":
      return Deno.uid() === 0 ? "root" : "not root";
    case "connect": {
      const [hostname = "", port] = first.split(":");
      // What a firewall drops is never answered: that, and only that, is waited for.
      const deadline = AbortSignal.timeout(1000);
      const refused = new Promise<string>((done) => {
        deadline.addEventListener("abort", () => done("no answer"));
      });
      const connected = Deno.connect({ hostname, port: Number(port) }).then((connection) => {
        connection.close();
        return "ok";
      });
      return await Promise.race([connected, refused]);
    }
    case "socket":
      (await Deno.connect({ transport: "unix", path: first })).close();
      return "ok";
    case "plant": {
      // Deno lets nobody write a program that it may start; but the folder that it lies in.
      const [name, folder] = words[1]!.split("/").reverse().slice(0, 2);
      const parent = words[1]!.slice(0, -`/${folder}/${name}`.length);
      Deno.mkdirSync(`${parent}/planted`);
      Deno.copyFileSync(first, `${parent}/planted/${name}`);
      Deno.chmodSync(`${parent}/planted/${name}`, 0o755);
      Deno.renameSync(`${parent}/planted`, `${parent}/${folder}`);
      return "ok";
    }
    case "run": {
      const { code, stdout, stderr } = await new Deno.Command(first, {
        args: words.slice(1),
        clearEnv: true,
      }).output();
      const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
      return `${code} ${said.trim()}`.trim();
    }
    default:
      throw new Error(`nobody knows how to ${verb}`);
  }
}
