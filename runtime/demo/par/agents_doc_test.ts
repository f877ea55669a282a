// flags: --allow-read=<project>
import assert from "node:assert/strict";
import { agentProto } from "../../../steps/face/grpc/protos.ts";
import { sample } from "./sample.ts";

const doc = await Deno.readTextFile(new URL("../../../docs/agents.md", import.meta.url));

Deno.test("docs/agents.md shows the package that the demo boots", () => {
  for (const name of ["agent.yaml", "hello.py"]) {
    assert.ok(doc.includes(`# ${name}\n${sample[name]!.trimEnd()}\n\`\`\``), name);
  }
});

Deno.test("docs/agents.md has the wire of the A2A face", () => {
  const { AgentService, ...messages } = agentProto.nested.pixell.nested.agent.nested;
  for (const [name, { fields }] of Object.entries(messages)) {
    const members = Object.entries(fields as Record<string, Record<string, unknown>>)
      .map(([field, { type, id, rule, keyType }]) => {
        const kind = keyType === undefined ? type : `map<${keyType}, ${type}>`;
        return `${rule === undefined ? "" : `${rule} `}${kind} ${field} = ${id};`;
      });
    assert.ok(doc.includes(`message ${name} {${members.map((one) => ` ${one}`).join("")}`), name);
  }
  for (const [name, { requestType, responseType }] of Object.entries(AgentService.methods)) {
    assert.ok(doc.includes(`rpc ${name}(${requestType}) returns (${responseType});`), name);
  }
});
