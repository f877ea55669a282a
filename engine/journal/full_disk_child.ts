// Run by chain_test.ts under a limit on the size of files.
import { openChain } from "./chain.ts";

await using chain = await openChain(Deno.args[0]!);
await chain.append({ text: "first" }, { sync: true });
try {
  await chain.append({ text: "second".repeat(1000) }, { sync: true });
} catch (error) {
  console.log(String(error));
}
await chain.append({ text: "third" }, { sync: true });
