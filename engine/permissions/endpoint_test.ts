import assert from "node:assert/strict";
import * as fc from "fast-check";
import { denoFlags } from "./deno_flags.ts";
import { hintOfAddress, parseEndpoint } from "./endpoint.ts";
import { permissions } from "./permissions.ts";

/** Names that inet_aton, and so every resolver, takes for an address. */
const numbers: Readonly<Record<string, string>> = {
  "2130706433": "127.0.0.1",
  "0x7f000001": "127.0.0.1",
  "0X7F.1": "127.0.0.1",
  "127.1": "127.0.0.1",
  "127.0.1": "127.0.0.1",
  "0177.0.0.1": "127.0.0.1",
  "127.0.0.01": "127.0.0.1",
  "127.0.0.0x1": "127.0.0.1",
  "2852039166": "169.254.169.254",
  "0": "0.0.0.0",
};

for (const [text, address] of Object.entries(numbers)) {
  Deno.test(`parseEndpoint() takes ${text} for no host, and hintOfAddress() says what it is`, () => {
    for (const port of ["", ":443"]) {
      assert.equal(parseEndpoint(text + port), undefined);
      assert.match(hintOfAddress(text + port)!, new RegExp(`: write ${address}${port}$`));
      assert.throws(
        () => denoFlags(permissions({ connect: [text + port] }), { programs: {} }),
        { hint: hintOfAddress(text + port) },
      );
    }
    assert.equal(parseEndpoint(`*.${text}`), undefined);
  });
}

Deno.test("parseEndpoint() takes what is no address of IPv4 for none, whose last label is a number", () => {
  for (const text of ["256.0.0.1", "1.2.3.4.5", "08.0.0.1", "host.1", "a.0x", "4294967296"]) {
    assert.equal(parseEndpoint(text), undefined, text);
  }
});

Deno.test("parseEndpoint() takes a port in one spelling", () => {
  for (const port of ["00001", "01", "65536", "-1"]) {
    assert.equal(parseEndpoint(`localhost:${port}`), undefined, port);
  }
  for (const port of [0, 1, 65535]) {
    const endpoint = parseEndpoint(`localhost:${port}`);
    assert.equal(endpoint?.kind === "host" && endpoint.port, port);
  }
});

Deno.test("parseEndpoint() takes addresses as they are spelled, and names with numbers in them", () => {
  fc.assert(fc.property(fc.ipV4(), (address) => {
    assert.deepEqual(parseEndpoint(address), { kind: "host", host: address, wildcard: false });
    assert.equal(hintOfAddress(address), undefined);
  }));
  for (const name of ["1.example", "x1", "0x7f.example", "3com.com", "1e100.net", "0xg"]) {
    assert.notEqual(parseEndpoint(name), undefined, name);
    assert.equal(hintOfAddress(name), undefined);
  }
});
