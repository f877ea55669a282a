/** A Deno that starts a worker, lets it load the module `m` of a folder, and is killed. */
import { systemClock } from "../../../engine/execute/system_clock.ts";
import { startLink } from "../../../steps/face/worker/start_link.ts";
import { project, python, sockets } from "./bed.ts";

const [root] = Deno.args as [string];
const { signal } = new AbortController();
const linking = startLink({ control: sockets.control, clock: systemClock, signal });
new Deno.Command(python, {
  args: [
    ...["-u", "-B", `${project}/steps/face/host/main.py`],
    ...[sockets.control, sockets.rest, sockets.grpc],
  ],
  stdin: "null",
  stdout: "inherit",
  stderr: "inherit",
}).spawn();
const link = await linking;
void link.load({
  root,
  paths: [root],
  manifest: { exports: [{ name: "f", handler: "m:f" }] },
  base_path: "/",
  name: "x",
  version: "1",
}, { timeout_ms: 60_000 });
await link.ended;
