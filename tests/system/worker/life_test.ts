import assert from "node:assert/strict";
import { project, python, sample, sockets, startAgent } from "./bed.ts";
import { ask } from "./rest_client.ts";

Deno.test("a worker that is killed is seen within half a second", async () => {
  await using bed = await startAgent(sample);
  const call = bed.link.invoke("wait", { ms: "60000" }, { timeout_ms: 60_000 });
  const begun = performance.now();
  bed.child.kill("SIGKILL");
  await assert.rejects(call, /^TransientError: the worker is gone: its process ended/);
  assert.equal(await bed.link.ended, "its process ended");
  const took = performance.now() - begun;
  assert.ok(took < 500, `${took} ms`);
  await assert.rejects(bed.link.invoke("echo", {}, { timeout_ms: 1 }), /the worker is gone/);
});

Deno.test("a worker that is killed is seen though a child that it forked lives on", async () => {
  await using bed = await startAgent({
    files: {
      "m.py": `
import os, time
def fork(input):
    if os.fork() == 0:
        os.close(1); os.close(2)
        os.setsid()
        time.sleep(3)
        os._exit(0)
    return "forked"
`,
    },
    manifest: { exports: [{ name: "fork", handler: "m:fork" }] },
  });
  assert.equal((await bed.link.invoke("fork", {}, { timeout_ms: 5000 })).result, "forked");
  const begun = performance.now();
  bed.child.kill("SIGKILL");
  await bed.link.ended;
  assert.ok(performance.now() - begun < 500);
});

Deno.test("an agent that writes to the control connection itself ends its worker, and no more", async () => {
  await using bed = await startAgent({
    files: {
      "m.py": `
import os, socket
def lie(input):
    for fd in range(3, 100):
        try:
            found = socket.socket(fileno=os.dup(fd))
            if found.getpeername() == input["control"]:
                found.sendall(b'{"type":"result","id":999,"success":true,"result":"","error":"","duration_ms":0}\\n')
        except OSError:
            pass
    return "not heard"
`,
    },
    manifest: { exports: [{ name: "lie", handler: "m:lie" }] },
  });
  const call = bed.link.invoke("lie", { control: sockets.control }, { timeout_ms: 5000 });
  await assert.rejects(call, /it said a result of call 999, which is not open/);
  assert.equal((await bed.ended).code, 1);
});

Deno.test("stop lets requests and calls finish, takes no more, and ends with 0", async () => {
  await using bed = await startAgent(sample);
  const call = bed.link.invoke("wait", { ms: "1000" }, { timeout_ms: 10_000 });
  const request = ask("/agents/x/api/count?pieces=5&gap_ms=200");
  // The first answer that comes after the request shows that it was taken.
  await ask("/agents/x/api/ping");
  const stopped = bed.link.stop(10_000);
  const refused = await bed.link.invoke("echo", { text: "" }, { timeout_ms: 10_000 });
  assert.equal(refused.error, "the agent is stopping");
  assert.equal((await call).result, "waited");
  assert.equal((await request).text, "0\n1\n2\n3\n4\n");
  await stopped;
  assert.equal((await bed.ended).code, 0);
  assert.equal(await bed.link.ended, "it stopped, as it was told");
});

Deno.test("what does not finish within the grace is cut off", async () => {
  await using bed = await startAgent(sample);
  const call = bed.link.invoke("wait", { ms: "60000" }, { timeout_ms: 60_000 });
  const begun = performance.now();
  await bed.link.stop(300);
  assert.ok(performance.now() - begun < 1200);
  await assert.rejects(call, /the worker is gone/);
  assert.equal((await bed.ended).code, 1);
});

Deno.test("a thread of the agent's that never ends does not keep its worker", async () => {
  await using bed = await startAgent({
    files: {
      "m.py": `
import atexit, threading
threading.Thread(target=threading.Event().wait).start()
atexit.register(print, "said at the end")
async def f(input): return "f"
`,
    },
    manifest: { exports: [{ name: "f", handler: "m:f" }] },
  });
  await bed.link.stop(300);
  assert.equal((await bed.ended).code, 1);
});

Deno.test("signals to a group of processes end no worker before Deno says so", async () => {
  await using bed = await startAgent({
    files: {
      "m.py": `
import signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_DFL)
def child(input):
    # What the agent starts can be ended by SIGTERM, as ever.
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    child.terminate()
    return child.wait()
`,
    },
    manifest: { exports: [{ name: "child", handler: "m:child" }] },
  });
  bed.child.kill("SIGTERM");
  bed.child.kill("SIGINT");
  assert.equal((await bed.link.invoke("child", {}, { timeout_ms: 5000 })).result, "-15");
});

Deno.test("the end of a link ends its worker", async () => {
  await using bed = await startAgent(sample);
  const begun = performance.now();
  bed.link.close();
  assert.equal((await bed.ended).code, 1);
  assert.ok(performance.now() - begun < 1000);
  assert.equal(await bed.link.ended, "its connection was closed");
});

Deno.test("a worker does not outlive the Deno that started it", async () => {
  // One that holds the interpreter and so never looks at its connection; one that is idle.
  for (const code of ["import re\nre.match('(a+)+b', 'a' * 60)", "async def f(input): return 1"]) {
    const root = await rootOf({ "m.py": `print("importing")\n${code}\n` });
    const deno = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--no-prompt", "--cached-only", "--no-check"],
        ...[`--allow-read=${project},${Deno.env.get("TMPDIR")}`],
        ...[`--allow-write=${Deno.env.get("TMPDIR")}`, "--allow-env=TMPDIR"],
        "--ignore-env=LOG_TOKENS,LOG_STREAM",
        ...[`--allow-net=unix:${sockets.control}`, `--allow-run=${python}`],
        ...[`${project}/tests/system/worker/abandoned.ts`, root],
      ],
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    // The worker's standard output is ours: its end is the end of the stream.
    const reader = deno.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let said = "";
    while (!said.includes("importing\n")) {
      const { done, value } = await reader.read();
      assert.equal(done, false, "it ended before");
      said += value;
    }
    deno.kill("SIGKILL");
    const begun = performance.now();
    while (!(await reader.read()).done);
    const took = performance.now() - begun;
    assert.ok(took < 1000, `${took} ms`);
    await deno.status;
  }
});

async function rootOf(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await Deno.realPath(await Deno.makeTempDir());
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${root}/${name}`, text);
  }
  return root;
}
