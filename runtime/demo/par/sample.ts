/** An agent of a few lines, on all three faces. */
export const sample: Readonly<Record<string, string>> = {
  "agent.yaml": `name: hello
version: 1.0.0
description: Says hello on every face
runtime: python3.11
rest: { entry: "hello:mount" }
a2a: { service: "hello:create_grpc_server" }
ui: { path: ui }
environment: { GREETING: "\${GREETING:-Hello}" }
`,
  "hello.py": `import os

from fastapi import FastAPI


def mount(app: FastAPI) -> None:
    @app.get("/api/ping")
    async def ping():
        return {"pong": True}


class Service:
    def __init__(self):
        self.custom_handlers = {"greet": self.greet}

    async def greet(self, parameters):
        print("greeting", parameters["who"])
        return f"{os.environ['GREETING']}, {parameters['who']}"


def create_grpc_server():
    return Service()
`,
  "ui/index.html": `<!DOCTYPE html>
<title>hello</title>
<p>Hello
`,
};

/** The same, but its handlers cannot be imported. */
export const broken: Readonly<Record<string, string>> = {
  ...sample,
  "hello.py": "import a_module_that_nobody_has\n",
};

/** A package of these files. */
export async function pack(files: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const { configure, TextReader, Uint8ArrayWriter, ZipWriter } = await import("@zip.js/zip.js");
  configure({ useWebWorkers: false });
  const zip = new ZipWriter(new Uint8ArrayWriter());
  for (const [name, text] of Object.entries(files)) await zip.add(name, new TextReader(text));
  return await zip.close();
}
