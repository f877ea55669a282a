/**
 * Variables through which a program that is limited by its arguments is not: what each does.
 *
 * @module
 */
const variables: readonly (readonly [name: RegExp, clause: string])[] = [
  [/^(LD_|DYLD_|GCONV_PATH$|GLIBC_TUNABLES$)/, "loads what it names into the program"],
  [/^PATH$/, "says which programs it finds"],
  [/^(BASH_ENV|ENV|SHELLOPTS|IFS)$/, "runs in every shell that it starts"],
  [/^(.*_)?(PAGER|EDITOR|BROWSER|ASKPASS)$|^(VISUAL|LESSOPEN|LESSCLOSE)$/, "names one to start"],
  [/^(TAR_OPTIONS|GZIP|XZ_OPT|XZ_DEFAULTS|ZSTD_.*|TAPE|RSH|GREP_OPTIONS)$/, "adds options"],
  [/^(OPENSSL_(CONF|MODULES|ENGINES)|SSLKEYLOGFILE)$/, "names libraries to load or files to write"],
  [/^(CURL_HOME|XDG_CONFIG_HOME)$/, "says where its configuration lies"],
  [/^(SYSTEMD_.*|DBUS_.*_ADDRESS)$/, "says whom it asks, and how"],
  [/^(PYTHON|PERL|RUBY|NODE_|GIT_|BUN_|DENO_|JAVA_)/, "is for an interpreter"],
];

/** A clause on the first of the variables that leads to arbitrary code, such as `gets PATH, which …`. */
export function escapingVariable(names: readonly string[]): string | undefined {
  for (const name of names) {
    const found = variables.find(([pattern]) => pattern.test(name));
    if (found !== undefined) return `gets ${name}, which ${found[1]}`;
  }
}
