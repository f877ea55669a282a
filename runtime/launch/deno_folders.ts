import { readVariable } from "../../engine/read_variable.ts";
import { resolvePath } from "./resolve_path.ts";

/** Deno's cache, absolute: `DENO_DIR`, else where Deno puts it by itself. */
export function denoCache(): string | undefined {
  const given = readVariable("DENO_DIR");
  if (given) return resolvePath(Deno.cwd(), given);
  const caches = readVariable("XDG_CACHE_HOME");
  if (caches) return resolvePath(Deno.cwd(), `${caches}/deno`);
  const home = readVariable("HOME");
  return home ? resolvePath(Deno.cwd(), `${home}/.cache/deno`) : undefined;
}

/** The files and folders of certificates that variables name: Deno trusts them. */
export function certificateFiles(): readonly string[] {
  return ["DENO_CERT", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS"].flatMap((name) => {
    const path = readVariable(name);
    return path === undefined || path === "" ? [] : [resolvePath(Deno.cwd(), path)];
  });
}
