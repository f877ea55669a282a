// flags: --allow-read=<project> --allow-net=127.0.0.1 --allow-env=SLUICE_LAUNCH_TEST
import assert from "node:assert/strict";
import { RefusedError } from "../../engine/errors.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { refuseUngranted } from "./refuse_ungranted.ts";

const project = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");

const permitted: Deno.PermissionOptions = {
  read: [project],
  write: false,
  net: ["127.0.0.1:80"],
  env: ["SLUICE_LAUNCH_TEST"],
  run: false,
  sys: false,
};

Deno.test("refuseUngranted() names all that the process was not started with", {
  permissions: permitted,
}, async () => {
  const granted = permissions({
    read: [`${project}/engine`],
    connect: ["127.0.0.1:80"],
    env: ["SLUICE_LAUNCH_TEST"],
  });
  await refuseUngranted(granted, {});
  const more = permissions({
    ...granted,
    read: [...granted.read, "/etc"],
    write: [`${project}/engine`],
    connect: [...granted.connect, "127.0.0.1:81", "*.example.com"],
    env: [...granted.env, "B"],
    sys: ["uid"],
    run: [{ program: "ln", args: [], env: [] }],
  });
  await assert.rejects(
    refuseUngranted(more, { ln: "/usr/bin/ln" }),
    (error) =>
      error instanceof RefusedError && error.message.endsWith(
        `needs: run ln, read /etc, write ${project}/engine, net 127.0.0.1:81, ` +
          "net *.example.com, env B, sys uid",
      ),
  );
});
