// flags: --allow-read=/ --allow-write=<tmp> --allow-run=<deno>,/usr/bin/bwrap,/bin/sh --allow-net=127.0.0.1 --allow-env=<what the launcher hands on>
/**
 * Packages of each kind, installed by real uv and real pip from a wheelhouse, in a box without network.
 *
 * @module
 */
import assert from "node:assert/strict";
import { FailedError } from "../../../engine/errors.ts";
import { copyWheelhouse, runPython, uv, venvBed } from "./venv_bed.ts";
import { writeWheel } from "./wheel.ts";

const setup = (more = "") =>
  `from setuptools import setup\nsetup(name="agent", version="1.2", packages=["agent"]${more})\n`;
const pyproject = `[build-system]
requires = ["setuptools>=64"]
build-backend = "setuptools.build_meta"
[project]
name = "agent"
version = "1.2"
dependencies = ["idna"]
[tool.setuptools]
packages = ["agent"]
`;

for (const [tool, given] of [["uv", uv], ["pip", ""]] as const) {
  Deno.test(`${tool}: a requirements.txt is installed, and the second boot starts nothing`, async () => {
    const bed = await venvBed(given);
    await bed.write({ "requirements.txt": "idna>=3\n", "main.py": "import idna\nhello = 'hi'\n" });
    const { venv, installed } = await bed.boot({ install: "requirements" });
    assert.deepEqual([venv.tool, venv.reused, installed.reused], [tool, false, false]);
    assert.equal(venv.building, `${bed.params.store}/.building-${venv.key}`);
    assert.deepEqual(installed.paths, [`${bed.params.work}/package`]);
    assert.equal(bed.started.length, 2);
    const code = "import main, fastapi, pydantic, uvicorn; print(main.hello, fastapi.__file__)";
    const said = await runPython(bed, code, installed.paths);
    assert.match(said, /^hi .*\/store\/active\/lib\/python3\.\d+\/site-packages\/fastapi\//);

    const again = await bed.boot({ install: "requirements" });
    assert.deepEqual([again.venv.reused, again.installed.reused], [true, true]);
    assert.equal(again.venv.building, "");
    assert.equal(again.installed.distributions, installed.distributions);
    assert.equal(bed.started.length, 2);
  });

  Deno.test(`${tool}: a setup.py is built with setuptools and installed, not linked to`, async () => {
    const bed = await venvBed(given);
    await bed.write({
      "setup.py": setup(", install_requires=['idna']"),
      "agent/__init__.py": "v=1",
    });
    const { venv, installed } = await bed.boot({ install: "project" });
    assert.deepEqual(installed.paths, []);
    await bed.write({});
    assert.match(
      await runPython(bed, "import agent, idna; print(agent.__file__)"),
      /site-packages/,
    );
    assert.equal(await runPython(bed, "import setuptools; print('there')"), "there");
    // The next version of the package is another environment.
    await bed.write({ "setup.py": setup(), "agent/__init__.py": "v=2" });
    const next = await bed.boot({ install: "project" });
    assert.notEqual(next.venv.key, venv.key);
    assert.equal(await runPython(bed, "import agent; print(agent.v)"), "2");
  });

  Deno.test(`${tool}: a pyproject.toml is built as it asks; the package is left as it was`, async () => {
    const bed = await venvBed(given);
    await bed.write({ "pyproject.toml": pyproject, "agent/__init__.py": "", "README.md": "" });
    await bed.boot({ install: "project" });
    assert.match(
      await runPython(bed, "import agent, idna; print(agent.__file__)"),
      /site-packages/,
    );
    const names = [...Deno.readDirSync(`${bed.params.work}/package`)].map(({ name }) => name);
    assert.deepEqual(names.sort(), ["README.md", "agent", "pyproject.toml"]);
  });

  Deno.test(`${tool}: of any other package nothing is installed; its modules are found`, async () => {
    const bed = await venvBed(given);
    await bed.write({ "src/agent.py": "x = 'src'\n", "top.py": "x = 'root'\n" });
    const { installed } = await bed.boot({ install: "none", dependencies: ["idna>=3"] });
    const said = await runPython(
      bed,
      "import agent, top, idna; print(agent.x, top.x)",
      installed.paths,
    );
    assert.equal(said, "src root");
  });

  Deno.test(`${tool}: scripts start with the interpreter of their own environment`, async () => {
    const bed = await venvBed(given);
    await bed.write({});
    const { venv } = await bed.boot();
    const home = `${bed.params.store}/${venv.key}`;
    const script = await Deno.readTextFile(`${home}/bin/uvicorn`);
    assert.ok(script.includes(`${home}/bin/python`), script);
    for (const { name } of Deno.readDirSync(`${home}/bin`)) {
      const text = await Deno.readTextFile(`${home}/bin/${name}`).catch(() => "");
      assert.ok(!text.includes(".building-"), name);
    }
    assert.ok(!(await Deno.readTextFile(`${home}/pyvenv.cfg`)).includes(".building-"));
    // Compiled, and for good: byte 4 says that the source is never looked at again.
    const cached = await runPython(bed, "import fastapi; print(fastapi.__cached__)");
    assert.deepEqual([...(await Deno.readFile(cached)).subarray(4, 8)], [1, 0, 0, 0]);
  });

  Deno.test(`${tool}: what a package asks for wins over the version that the runtime brings`, async () => {
    const wheels = await copyWheelhouse();
    await writeWheel(wheels, "python_multipart", "0.0.20", { "multipart.py": "v = 20\n" });
    await writeWheel(wheels, "needy", "1.0", { "needy.py": "" }, ["python-multipart<0.0.21"]);
    for (const requirement of ["Python_Multipart==0.0.20", "needy"]) {
      const bed = await venvBed(given, { wheelhouse: wheels });
      await bed.write({ "requirements.txt": `${requirement}\n` });
      await bed.boot({ install: "requirements" });
      assert.equal(await runPython(bed, "import multipart; print(multipart.v)"), "20", requirement);
    }
  });

  Deno.test(`${tool}: a requirement that cannot be had ends the boot with its name`, async () => {
    const bed = await venvBed(given);
    await bed.write({ "requirements.txt": "idna\nno-such-thing==1.0\n" });
    await assert.rejects(bed.boot({ install: "requirements" }), (error) => {
      assert.ok(error instanceof FailedError);
      // What went well before is of no interest.
      const first = tool === "pip" ? "ERROR: Could not find a version" : " *(error:|×) ";
      assert.match(error.message, new RegExp(`^cannot install no-such-thing==1\\.0\n${first}`));
      assert.equal(error.hint, "no-such-thing==1.0 stands in requirements.txt:2");
      assert.deepEqual(error.details, { requirement: "no-such-thing==1.0" });
      return true;
    });
    assertNothingWhole(bed.params.store);
    await bed.write({ "requirements.txt": "idna\n" });
    await bed.boot({ install: "requirements" });
    assert.deepEqual(names(bed.params.store).filter((name) => name.startsWith(".building")), []);
  });

  Deno.test(`${tool}: what else cannot be had is told by where it is asked for`, async () => {
    const bed = await venvBed(given);
    await bed.write({ "agent.py": "" });
    await assert.rejects(bed.boot({ dependencies: ["no-such-thing"] }), {
      hint: "no-such-thing stands in dependencies of agent.yaml",
    });
    const wheels = await copyWheelhouse();
    for (const name of names(wheels)) {
      if (name.startsWith("fastapi-")) await Deno.remove(`${wheels}/${name}`);
    }
    const poor = await venvBed(given, { wheelhouse: wheels });
    await poor.write({ "agent.py": "" });
    await assert.rejects(poor.boot({}), {
      hint: "fastapi==0.165.0 stands in what the runtime needs beside the package",
    });
  });

  Deno.test(`${tool}: a line that is no requirement ends the boot with what is wrong`, async () => {
    const bed = await venvBed(given);
    await bed.write({ "requirements.txt": "idna\nidna=>3\n" });
    await assert.rejects(bed.boot({ install: "requirements" }), (error) => {
      assert.ok(error instanceof FailedError);
      assert.match(error.message, /idna=>3|requirements\.txt/);
      return true;
    });
  });

  Deno.test(`${tool}: a setup.py that fails shows why`, async () => {
    const bed = await venvBed(given);
    await bed.write({ "setup.py": "raise SystemExit('no compiler for the flux capacitor')\n" });
    await assert.rejects(bed.boot({ install: "project" }), /flux capacitor/);
  });
}

Deno.test("a package for another Python is refused before anything is installed", async () => {
  const bed = await venvBed(uv);
  await bed.write({});
  await assert.rejects(
    bed.boot({ requires_python: ">=3.9,<3.10" }),
    /asks for Python >=3\.9,<3\.10/,
  );
  await bed.boot({ requires_python: ">=3.8" });
});

Deno.test("the environments last used are kept, and the active one", async () => {
  const bed = await venvBed(uv, { keep: 2 });
  const keys: string[] = [];
  for (const version of [1, 2, 3]) {
    await bed.write({ "requirements.txt": `idna>=${version}\n` });
    keys.push((await bed.boot({ install: "requirements" })).venv.key);
  }
  const kept = () => names(bed.params.store).filter((name) => /^[0-9a-f]{64}$/.test(name)).sort();
  assert.deepEqual(kept(), keys.slice(1).sort());
  // Back to the second: found, made active without installing.
  await bed.write({ "requirements.txt": "idna>=2\n" });
  const back = await bed.boot({ install: "requirements" });
  assert.deepEqual([back.venv.reused, back.installed.reused], [true, true]);
  assert.equal(await Deno.readLink(`${bed.params.store}/active`), keys[1]);
});

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name);
}

/** No environment has got its name, and none is active. */
function assertNothingWhole(store: string): void {
  assert.deepEqual(names(store).filter((name) => /^([0-9a-f]{64}|active)$/.test(name)), []);
}
