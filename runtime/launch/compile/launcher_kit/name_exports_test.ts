import assert from "node:assert/strict";
import { nameExports } from "./name_exports.ts";

Deno.test("nameExports() gives a CommonJS module that is loaded later its names back", async () => {
  const library = `var require_it = () => ({ read: () => "read", __esModule: true });
export default require_it();
`;
  const url = `data:text/javascript,${encodeURIComponent(library)}`;
  const [user] = nameExports([
    {
      path: "user.js",
      text: `const { read } = await import("./it-1.js");\nexport const said = read();\n`,
    },
    { path: "it-1.js", text: library },
  ]);
  const text = user!.text.replace("./it-1.js", url);
  const { said } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
  assert.equal(said, "read");
});

Deno.test("nameExports() leaves what has names", () => {
  const modules = [
    { path: "user.js", text: `await import("./it-1.js");\nimport { a } from "./it-1.js";\n` },
    { path: "it-1.js", text: "export const a = 1;\nexport default a;\n" },
  ];
  assert.deepEqual(nameExports(modules), modules);
});
