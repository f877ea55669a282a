import * as v from "valibot";
import { type Permissions, permissions } from "../../engine/permissions/permissions.ts";
import { systemFolders } from "../../engine/permissions/system_paths.ts";
import { duration, path, secret } from "../../engine/schema/types.ts";

const orEmpty = () => v.optional(v.union([v.literal(""), path()]), "");
/** Not a path of the author's, which would be one beside the pipeline. */
const program = v.pipe(
  v.string(),
  v.regex(
    /^(?:[A-Za-z0-9][A-Za-z0-9._+-]*|\/(?!\.{1,2}(?:\/|$))[^/\0\n,]+(?:\/(?!\.{1,2}(?:\/|$))[^/\0\n,]+)*)$/,
    "a name, or an absolute path",
  ),
);

/** What both steps about virtual environments are told when planning. */
export const venvParams = v.strictObject({
  /** Where environments are kept; it is there, and only the installer writes it. */
  store: path(),
  /** The folder of this boot: the package lies in `package`, the installer in `installer`. */
  work: path(),
  /** The interpreter: a name, looked for in the folders of the system only, or the path of a file. */
  python: v.optional(program, "python3"),
  /** uv, in the same way; `""` for pip. Where there is no uv of that name, pip is used. */
  uv: v.optional(v.union([v.literal(""), program]), "uv"),
  /** A folder of wheels to install from, without any network; `""` for the index. */
  wheelhouse: orEmpty(),
  /** Where the index's URL is, which may hold a password; `""` for PyPI. */
  index_url: v.optional(v.union([v.literal(""), secret()]), ""),
  /** A file of certificates for the index; `""` for those of the system. */
  certificates: orEmpty(),
  /** `container`: this machine makes no boxes; what the installer may do is bounded outside of it. */
  install_box: v.optional(v.picklist(["boxed", "container"]), "boxed"),
  /** Time that each of the two steps may take. */
  timeout: v.optional(duration(), 300_000),
  /** How many environments are kept. */
  keep: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 3),
});

export type VenvParams = v.InferOutput<typeof venvParams>;

/** What the package says of itself: facts of `apkg.extract`. */
export const packageEntries = {
  /** The unpacked package: `WORK/package`. */
  package: v.string(),
  /** How it is installed. */
  install: v.picklist(["project", "requirements", "none"]),
  /** Requirements of the manifest. */
  dependencies: v.optional(v.array(v.string()), []),
  /** Versions of Python that the package may be used with, such as `>=3.8`. */
  requires_python: v.optional(v.string(), ""),
};

export interface PackageEntries {
  readonly package: string;
  readonly install: "project" | "requirements" | "none";
  readonly dependencies: readonly string[];
  readonly requires_python: string;
}

/** Where the parts lie. */
export function venvPlaces({ store, work }: Pick<VenvParams, "store" | "work">) {
  return {
    package: `${work}/package`,
    installer: `${work}/installer`,
    request: `${work}/installer/request.json`,
    active: `${store}/active`,
    python: `${store}/active/bin/python`,
    venv: (key: string) => `${store}/${key}`,
    building: (key: string) => `${store}/.building-${key}`,
  };
}

/** The arguments that the installer is always started with. */
export function installerArguments(params: Pick<VenvParams, "store" | "work">): readonly string[] {
  const { installer, request } = venvPlaces(params);
  return ["-ISB", `${installer}/main.py`, request];
}

/** Where an interpreter may be. */
export function interpreterPaths({ python }: Pick<VenvParams, "python">): readonly string[] {
  return python.startsWith("/") ? [python] : systemFolders.map((folder) => `${folder}/${python}`);
}

/**
 * What both steps need: to read what a key is made of, to leave the installer its request, and to have
 * it started. This process writes the installer's files, so it may not start them itself.
 */
export function venvPermissions(params: VenvParams): Permissions {
  const { store, wheelhouse, certificates, index_url, uv } = params;
  const at = venvPlaces(params);
  const given = [wheelhouse, certificates].filter((one) => one !== "");
  const named = (kind: string) => index_url.startsWith(kind) ? [index_url.slice(kind.length)] : [];
  const box = {
    read: [at.package, at.installer, ...given, ...ownFolders([params.python]), ...ownFiles(uv)],
    write: [store],
    network: wheelhouse === "",
  };
  return permissions({
    read: [
      at.package,
      store,
      ...interpreterPaths(params),
      ...(wheelhouse === "" ? [] : [wheelhouse]),
      ...named("file:"),
    ],
    write: [at.installer],
    env: named("env:"),
    run: [{
      program: params.python,
      args: installerArguments(params),
      env: index_url === "" ? [] : ["SLUICE_INDEX_URL"],
      brokered: true,
      ...(params.install_box === "boxed" ? { box } : {}),
    }],
  });
}

/** The folders of interpreters outside of those that every box holds: `bin/python` and its library. */
function ownFolders(programs: readonly string[]): readonly string[] {
  return programs.filter((path) => path.startsWith("/") && !isOfSystem(path))
    .map((path) => path.split("/").slice(0, -2).join("/")).filter((folder) => folder !== "");
}

function ownFiles(program: string): readonly string[] {
  return program.startsWith("/") && !isOfSystem(program) ? [program] : [];
}

function isOfSystem(path: string): boolean {
  return ["/usr/", "/bin/", "/sbin/"].some((folder) => path.startsWith(folder));
}
