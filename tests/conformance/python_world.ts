import assert from "node:assert/strict";
import type { World } from "./fixture.ts";

/**
 * An interpreter for machines without Python: it answers as the installer does and leaves what the
 * installer leaves. What uv and pip make of it is tested in `tests/system/python`.
 */
const interpreter = `#!/bin/sh
set -eu
test "$1" = -ISB
grep -q "^import json" "$2"
of() { sed -n "s/.*\\"$1\\":\\"\\([^\\"]*\\)\\".*/\\1/p" "$request"; }
request=$3
store=$(of store) key=$(of key) verb=$(of verb)
env > "$store/seen"
answer() {
  printf '{"ok":true,"reused":false,"tool":"pip","distributions":["a==1"]}\\n'
}
if [ "$verb" = begin ]; then
  mkdir -p "$store/.building-$key"
else
  mkdir -p "$store/$key"
  looked=$(sed -n 's/.*"interpreter":\\({[^}]*}\\).*/\\1/p' "$request")
  printf '{"schemaVersion":1,"key":"%s","tool":"pip","python":"3.11.2","distributions":["a==1"],"interpreter":%s,"wheels":[]}' "$key" "$looked" > "$store/$key/sluice.json"
  ln -sfn "$key" "$store/active"
fi
answer
`;

/** A package with a requirements.txt, a wheelhouse, and the address of an index. */
export async function pythonWorld(dir: string): Promise<World> {
  for (const name of ["store", "wheels", "bin", "work/package"]) {
    await Deno.mkdir(`${dir}/${name}`, { recursive: true });
  }
  await Deno.writeTextFile(`${dir}/work/package/requirements.txt`, "idna==3.7\n");
  await Deno.writeTextFile(`${dir}/wheels/idna-3.7-py3-none-any.whl`, "a wheel");
  await Deno.writeTextFile(`${dir}/index`, "https://me:hidden@index.example/simple\n");
  await Deno.writeTextFile(`${dir}/bin/python3`, interpreter, { mode: 0o755 });
  return {
    params: {
      store: `${dir}/store`,
      work: `${dir}/work`,
      python: `${dir}/bin/python3`,
      uv: "",
      wheelhouse: `${dir}/wheels`,
      index_url: `file:${dir}/index`,
      certificates: "",
      install_box: "container",
      timeout: 120_000,
      keep: 3,
    },
    late: {
      package: `${dir}/work/package`,
      install: "requirements",
      dependencies: ["click>=8"],
      requires_python: ">=3.8",
    },
    async verify() {
      const seen = await Deno.readTextFile(`${dir}/store/seen`);
      assert.match(seen, /^SLUICE_INDEX_URL=https:\/\/me:hidden@/m);
      assert.doesNotMatch(seen, /^(HOME|USER|DENO_DIR)=/m);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** The key that the step `python.venv` finds in a world. */
export async function keyOf({ params, late }: World): Promise<string> {
  const { readVenvInputs, venvKey } = await import("../../steps/python/venv_inputs.ts");
  const input = { ...params, ...late } as unknown as Parameters<typeof readVenvInputs>[0];
  return venvKey(await readVenvInputs(input, new AbortController().signal));
}
