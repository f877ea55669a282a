import assert from "node:assert/strict";
import { RefusedError } from "../../engine/errors.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { requireBox, requireProgramBoxes } from "./choose_box.ts";
import { type BoxProbe, findBox } from "./find_box.ts";

const probe = (more: Partial<BoxProbe> & { files?: readonly string[] } = {}): BoxProbe => ({
  isFile: (path) => (more.files ?? []).includes(path),
  variable: () => undefined,
  tryBubblewrap: () => Promise.resolve({ open: [] }),
  ...more,
});

Deno.test("findBox() takes bubblewrap where it works, in a container too", async () => {
  assert.deepEqual(await findBox(probe({ files: ["/usr/bin/bwrap", "/.dockerenv"] })), {
    kind: "bubblewrap",
    program: "/usr/bin/bwrap",
  });
});

Deno.test("findBox() knows bubblewrap in system folders only", async () => {
  const { kind } = await findBox(probe({ files: ["/usr/local/bin/bwrap", "/home/me/bwrap"] }));
  assert.equal(kind, "none");
});

Deno.test("findBox() closes what is open where it was started, as far as a shell can", async () => {
  const tryBubblewrap = () => Promise.resolve({ open: [7, 12] });
  const find = (...more: string[]) =>
    findBox(probe({ files: ["/usr/bin/bwrap", ...more], tryBubblewrap }));
  const bubblewrap = { kind: "bubblewrap", program: "/usr/bin/bwrap" };
  assert.deepEqual(await find("/bin/bash"), {
    ...bubblewrap,
    shut: ["/bin/bash", "-p", "-c", 'exec 7<&- 12<&-; exec "$@"', "sluice"],
  });
  assert.deepEqual(await find(), {
    ...bubblewrap,
    shut: ["/bin/sh", "-c", 'exec 7<&-; exec "$@"', "sluice"],
    notes: ["what is open as 12 where this was started is open in it as well"],
  });
});

Deno.test("findBox() takes the container that it is in where bubblewrap makes no box", async () => {
  const fault = "/usr/bin/bwrap makes no box here: No permissions";
  const tryBubblewrap = () => Promise.resolve({ fault });
  const files = ["/usr/bin/bwrap", "/run/.containerenv"];
  assert.deepEqual(await findBox(probe({ files, tryBubblewrap })), {
    kind: "container",
    why:
      "/run/.containerenv says that this is one; /usr/bin/bwrap makes no box here: No permissions",
  });
  const variable = (name: string) => name === "KUBERNETES_SERVICE_HOST" ? "10.0.0.1" : undefined;
  assert.equal((await findBox(probe({ variable }))).kind, "container");
});

Deno.test("findBox() says what would help where there is none", async () => {
  assert.deepEqual(await findBox(probe()), {
    kind: "none",
    why: "bubblewrap is not installed (package bubblewrap)",
  });
});

Deno.test("requireBox() refuses a run that asked for more than there is", () => {
  const none = { kind: "none", why: "no bwrap" } as const;
  const container = { kind: "container", why: "in docker" } as const;
  const bubblewrap = { kind: "bubblewrap", program: "/usr/bin/bwrap" } as const;
  for (const box of [none, container, bubblewrap]) requireBox(["run", "a.yaml"], box);
  const required = ["run", "a.yaml", "--require-confinement"];
  assert.throws(() => requireBox(required, none), (error: RefusedError) => {
    assert.ok(error instanceof RefusedError);
    assert.equal(error.exit, 7);
    assert.match(error.message, /nothing would confine this run below Deno: no bwrap/);
    return true;
  });
  requireBox(required, container);
  requireBox(required, bubblewrap);
  assert.throws(() => requireBox(["run", "--box=bubblewrap"], container), RefusedError);
  requireBox(["run", "--box", "bubblewrap"], bubblewrap);
  // After -- stand words, not options.
  requireBox(["run", "--", "--require-confinement"], none);
});

Deno.test("requireProgramBoxes() refuses a program that wants a box before anything starts", () => {
  const box = { read: [], write: [], network: false };
  const hook = { program: "/srv/*/hook", args: [], env: [], brokered: true } as const;
  const none = { kind: "none", why: "no bwrap" } as const;
  requireProgramBoxes(permissions({ run: [hook] }), none);
  const set = permissions({ run: [hook, { ...hook, box }] });
  requireProgramBoxes(set, { kind: "bubblewrap", program: "/usr/bin/bwrap" });
  for (const without of [none, { kind: "container", why: "in docker" } as const]) {
    assert.throws(() => requireProgramBoxes(set, without), /in a box of its own only, and /);
  }
});
