// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=/usr/bin/python3
//        --ignore-env=LOG_TOKENS,LOG_STREAM
/**
 * What is rendered for Kubernetes, against the JSON schemas that Kubernetes publishes. They come with
 * the Python package kubernetes-validate, which .ci/run installs.
 *
 * @module
 */
import assert from "node:assert/strict";
import { permissions } from "../../engine/permissions/permissions.ts";
import { renderNetworkPolicy } from "../../engine/permissions/render/networkpolicy.ts";
import {
  quietSurface,
  upgradeSurface,
} from "../../engine/permissions/render/upgrade_surface_test.ts";

/** Validates each document of a file strictly: an unknown key is a fault. Prints kinds. */
const script = `
import warnings; warnings.simplefilter("ignore")
import sys, yaml, kubernetes_validate
for document in yaml.safe_load_all(open(sys.argv[1])):
    for version in ("1.25", "1.31"):
        kubernetes_validate.validate(document, version, strict=True)
    print(document["kind"])
`;

Deno.test("Kubernetes' schemas accept policy, Pod and securityContext of every surface", async () => {
  const set = permissions({
    connect: ["10.0.0.5:443", "[2001:db8::1]", "example.com:443"],
    listen: ["0.0.0.0:8080", "127.0.0.1"],
    write: ["/a: b", "/tmp"],
    env: ["NO", "A_B"],
  });
  const surfaces = [quietSurface, await upgradeSurface(), {
    ...quietSurface,
    set,
    name: "Odd_Name",
  }];
  for (const surface of surfaces) {
    const { text } = renderNetworkPolicy(surface);
    const { code, stdout, stderr } = await validate(text);
    assert.deepEqual([code, stdout, stderr], [0, "NetworkPolicy\nPod\n", ""], text);
  }
});

Deno.test("Kubernetes' schemas refuse a securityContext with a fault", async () => {
  const { text } = renderNetworkPolicy(quietSurface);
  for (
    const [right, wrong] of [
      ["readOnlyRootFilesystem: true", 'readOnlyRootFilesystem: "true"'],
      ["runAsNonRoot", "runAsNonRot"],
      ["policyTypes", "policyType"],
    ] as const
  ) {
    assert.ok(text.includes(right));
    const { code, stderr } = await validate(text.replace(right, wrong));
    assert.equal(code, 1, wrong);
    assert.match(stderr, /ValidationError/);
  }
});

async function validate(text: string) {
  const file = `${await Deno.makeTempDir()}/pod.yaml`;
  await Deno.writeTextFile(file, text);
  const { code, stdout, stderr } = await new Deno.Command("/usr/bin/python3", {
    args: ["-c", script, file],
    stdin: "null",
  }).output();
  const said = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: said(stdout), stderr: said(stderr) };
}
