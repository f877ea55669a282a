import * as fc from "fast-check";
import { type Permissions, permissions, type ProgramGrant } from "./permissions.ts";

/** Sets from a small world, so that entries reach each other often. */
const segment = fc.constantFrom("a", "ab", "b", "*");
const path = fc.array(segment, { maxLength: 3 }).map((parts) => `/${parts.join("/")}`);
const host = fc.constantFrom("example.com", "a.example.com", "*.example.com", "[::1]", "127.0.0.1");
const endpoint = fc.oneof(
  fc.tuple(host, fc.constantFrom("", ":80", ":8080")).map((parts) => parts.join("")),
  path.map((text) => `unix:${text}`),
);
const name = fc.constantFrom("A", "AB", "B");
const argument = fc.constantFrom("*", "a", "a*", "ab", "b", "a/*", "a/..*", "a/b", "a/../b");

const grant: fc.Arbitrary<ProgramGrant> = fc.record({
  program: fc.oneof(fc.constantFrom("ln", "systemctl"), path),
  args: fc.tuple(fc.array(argument, { maxLength: 3 }), fc.boolean()).map(([args, rest]) =>
    rest ? [...args, "**"] : args
  ),
  env: fc.array(name, { maxLength: 2 }),
  brokered: fc.boolean(),
  box: fc.option(
    fc.record({
      read: fc.array(path, { maxLength: 2 }),
      write: fc.array(path, { maxLength: 2 }),
      network: fc.boolean(),
    }),
    { nil: undefined },
  ),
  deno: fc.option(
    fc.record({
      read: fc.array(path, { maxLength: 2 }),
      connect: fc.array(endpoint, { maxLength: 2 }),
      env: fc.array(name, { maxLength: 2 }),
    }),
    { nil: undefined, freq: 2 },
  ),
}).map(({ brokered, box, deno, ...plain }): ProgramGrant => {
  if (!brokered) return plain;
  if (deno !== undefined) return { ...plain, brokered, deno: permissions(deno) };
  return { ...plain, brokered, ...(box === undefined ? {} : { box }) };
});

/** Any set. */
export const anySet: fc.Arbitrary<Permissions> = fc.record({
  read: fc.array(path, { maxLength: 3 }),
  write: fc.array(path, { maxLength: 3 }),
  connect: fc.array(endpoint, { maxLength: 3 }),
  listen: fc.array(endpoint, { maxLength: 3 }),
  env: fc.array(name, { maxLength: 3 }),
  sys: fc.array(fc.constantFrom("statfs", "hostname"), { maxLength: 2 }),
  run: fc.array(grant, { maxLength: 3 }),
});

/** Any program grant. */
export const anyGrant = grant;
