import assert from "node:assert/strict";
import * as v from "valibot";
import { parseEndpoint } from "../permissions/endpoint.ts";
import { url } from "./types.ts";

const good = [
  "http://127.0.0.1:7443/healthz",
  "https://[::1]:8443",
  "https://example.com?a=b,c",
  "http://my_host/*/x?y=*#z@w",
  "http://bücher.example/",
  "http://a",
];
const bad = [
  "http://127.0.0.1/ a",
  "http://127.0.0.1/\n",
  "http://user:secret@host/",
  "http://user@host/",
  "http://a,b/",
  "http://a%2cb/",
  "http://*.example.com/",
  "http://a;b/",
  "http://-a/",
  "http://host:99999/",
  "ftp://host/",
  "javascript:x",
  "",
];

Deno.test("url() takes hosts that a grant can name, and nothing else", () => {
  for (const text of good) {
    assert.ok(v.is(url(), text), text);
    const endpoint = parseEndpoint(new URL(text).host);
    assert.ok(endpoint?.kind === "host" && !endpoint.wildcard, text);
  }
  for (const text of bad) assert.ok(!v.is(url(), text), text);
});
