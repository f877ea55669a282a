import assert from "node:assert/strict";
import { none } from "../permissions/permissions.ts";
import { ForeignFault } from "./foreign_fault.ts";
import { readForeignPermissions } from "./read_foreign_permissions.ts";

Deno.test("readForeignPermissions() fills in what is left out", () => {
  assert.deepEqual(readForeignPermissions({ run: { read: ["/srv"] } }, "none"), {
    run: { ...none, read: ["/srv"] },
    undo: none,
  });
});

Deno.test("readForeignPermissions() puts each program into a box of what the step may touch", () => {
  const program = { program: "sha256sum", args: ["--", "*"] };
  const { run } = readForeignPermissions({
    run: { read: ["/srv"], write: ["/out"], run: [program] },
  }, "none");
  assert.deepEqual(run.run, [{
    ...program,
    env: [],
    brokered: true,
    box: { read: ["/srv"], write: ["/out"], network: false },
  }]);
  const narrower = { ...program, box: { read: ["/srv/a"] } };
  const own = readForeignPermissions({ run: { read: ["/srv"], run: [narrower] } }, "none");
  assert.deepEqual(own.run.run[0]!.box, { read: ["/srv/a"], write: [], network: false });
});

Deno.test("readForeignPermissions() refuses what no set can be, and says where", () => {
  const refuses = (value: unknown, message: RegExp) =>
    assert.throws(
      () => readForeignPermissions(value, "none"),
      (error) => error instanceof ForeignFault && message.test(error.message),
      String(message),
    );
  refuses(undefined, /has to return/);
  refuses({}, /returned no run/);
  refuses({ run: {}, more: {} }, /returned "more"/);
  refuses({ run: {}, undo: {} }, /returned undo, but the effect is none/);
  refuses({ run: { reed: ["/"] } }, /permissions\(\)\.run\.reed has to be one of/);
  refuses({ run: { read: "/" } }, /permissions\(\)\.run\.read has to be a list/);
  refuses({ run: { read: ["etc"] } }, /no flag grants exactly read "etc"/);
  refuses({ run: { read: ["/a,/b"] } }, /no flag grants exactly read/);
  refuses({ run: { write: ["/a/../b"] } }, /no flag grants exactly write/);
  refuses({ run: { connect: ["10.0.0.0/8"] } }, /no flag grants exactly net/);
  refuses({ run: { env: ["*"] } }, /no flag grants exactly env/);
  refuses({ run: { sys: ["a,b"] } }, /no flag grants exactly sys/);
  refuses({ run: { run: [{ program: "../sh" }] } }, /run\[0\]\.program has to be a bare name/);
  refuses({ run: { run: ["sh"] } }, /run\[0\] has to be a mapping/);
  refuses(
    { run: { read: ["/srv"], run: [{ program: "ls", box: { read: ["/"] } }] } },
    /run\[0\]\.box reaches what the step itself may not: \//,
  );
  refuses(
    { run: { run: [{ program: "ls", box: { network: true } }] } },
    /box reaches what the step itself may not: the network/,
  );
  refuses({ run: { read: Array.from({ length: 101 }, (_, n) => `/${n}`) } }, /more than 100/);
});
