/** Where programs with a bare name are looked for, in this order. PATH is never asked. */
export const systemFolders = [
  "/usr/sbin",
  "/usr/bin",
  "/sbin",
  "/bin",
  "/run/current-system/sw/bin",
] as const;

/**
 * What every program needs to be started at all: programs, libraries, and how they are found. Some
 * are not there on every machine; none is ever written.
 */
export const programPaths = [
  "/usr",
  "/bin",
  "/sbin",
  "/lib",
  "/lib32",
  "/lib64",
  "/nix/store",
  "/run/current-system",
  "/etc/alternatives",
  "/etc/ld.so.cache",
  "/etc/ld.so.conf",
  "/etc/ld.so.conf.d",
] as const;

/** What any dynamic program reads, Deno among them: libraries, and which time zone this is. */
export const libraryPaths = [
  "/lib",
  "/lib32",
  "/lib64",
  "/usr/lib",
  "/usr/lib32",
  "/usr/lib64",
  "/nix/store",
  "/etc/ld.so.cache",
  "/etc/localtime",
] as const;

/** Who is who, for programs that want to know it. */
export const userPaths = ["/etc/passwd", "/etc/group", "/etc/nsswitch.conf"] as const;

/** What finding hosts by name, and trusting certificates, reads beside that. */
export const networkPaths = [
  "/etc/resolv.conf",
  "/etc/hosts",
  "/etc/nsswitch.conf",
  "/etc/gai.conf",
  "/etc/host.conf",
  "/etc/services",
  // Not the private keys beside them.
  "/etc/ssl/certs",
  "/etc/ssl/cert.pem",
  "/etc/ssl/openssl.cnf",
  "/etc/pki/ca-trust",
  "/etc/pki/tls/certs",
  "/etc/pki/tls/cert.pem",
  "/etc/ca-certificates",
  "/usr/share/ca-certificates",
  "/usr/local/share/ca-certificates",
  "/run/systemd/resolve",
] as const;
