import { version } from "../cli/version.ts";
import { writeWhole } from "./write_whole.ts";

/** What a runner answers when it is greeted: {@linkcode answerHello}. */
export interface Hello {
  /** What it was greeted with: nothing but this program repeats it in this form. */
  readonly sluice_runner: string;
  readonly version: string;
  readonly deno: string;
  /** Kinds of permission that this process has for everything. It should have none so. */
  readonly open: readonly string[];
}

const kinds = ["read", "write", "net", "env", "sys", "run", "ffi", "import"] as const;

/**
 * Says who this program is, and does nothing else. Whoever made a file that should be this program,
 * confined, greets it to see that it is.
 */
export async function answerHello(greeting: string): Promise<void> {
  const open: string[] = [];
  for (const name of kinds) {
    const { state } = await Deno.permissions.query({ name } as Deno.PermissionDescriptor);
    if (state === "granted") open.push(name);
  }
  if (mayReadAnyVariable() && !open.includes("env")) open.push("env");
  const hello: Hello = { sluice_runner: greeting, version, deno: Deno.version.deno, open };
  writeWhole(Deno.stdout, `${JSON.stringify(hello)}\n`);
}

/** What is asked may be answered wrongly; what is tried is not. */
function mayReadAnyVariable(): boolean {
  try {
    Deno.env.toObject();
    return true;
  } catch {
    return false;
  }
}
