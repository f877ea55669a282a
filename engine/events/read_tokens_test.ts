import assert from "node:assert/strict";
import { readTokens } from "./read_tokens.ts";

Deno.test("readTokens() reads both forms, among other lines", () => {
  const text = [
    "\ufeffAPPLIANCE_STEP:A0-1:START",
    "make: APPLIANCE_STEP:A0-1:OK",
    " APPLIANCE_STEP:A0-1:OK",
    '{"level":"info","token":"APPLIANCE_STEP:A0-1:OK:{\\"run\\":\\"r\\",\\"seq\\":2}"}\r',
    '{"level":"info","message":"APPLIANCE_STEP:A0-1:OK"}',
    '{"level":"info","message":"APPLIANCE_STEP:A0-1:OK"',
    '{"token":12}',
    'APPLIANCE_STEP:lib.a-1.undo:FAIL:{"run":"r","seq":3,"elapsed_s":0.5,"exit":4,"more":[1]}',
  ].join("\n");
  const { tokens, problems } = readTokens(text);
  assert.deepEqual(problems, []);
  assert.deepEqual(tokens.map(({ line, id, status, details }) => ({ line, id, status, details })), [
    { line: 1, id: "A0-1", status: "START", details: {} },
    { line: 4, id: "A0-1", status: "OK", details: { run: "r", seq: 2 } },
    {
      line: 8,
      id: "lib.a-1.undo",
      status: "FAIL",
      details: { run: "r", seq: 3, elapsed_s: 0.5, exit: 4 },
    },
  ]);
});

Deno.test("readTokens() tells what is wrong with each token that it cannot read", () => {
  const text = [
    "APPLIANCE_STEP:A0-1",
    "APPLIANCE_STEP:a b:OK",
    "APPLIANCE_STEP:a:DONE",
    "APPLIANCE_STEP:a:OK:{",
    "APPLIANCE_STEP:a:OK:[]",
    'APPLIANCE_STEP:a:OK:{"run":"r","seq":1.5}',
    'APPLIANCE_STEP:a:OK:{"run":""}',
    'APPLIANCE_STEP:a:OK:{"skipped":false}',
    '{"token":"APPLIANCE_STEP:a:OK',
  ].join("\n");
  const { tokens, problems } = readTokens(text);
  assert.deepEqual(tokens, []);
  assert.deepEqual(problems.map(({ line, message }) => `${line}: ${message}`), [
    "1: the token has no status",
    '2: "a b" is not the id of a step',
    '3: "DONE" is none of START, OK and FAIL',
    "4: what follows a:OK is not JSON",
    "5: what follows a:OK is not a JSON object",
    "6: the token a:OK has a bad value of seq",
    "7: the token a:OK has a bad value of run",
    "8: the token a:OK has a bad value of skipped",
    "9: the line with a token is not JSON",
  ]);
});
