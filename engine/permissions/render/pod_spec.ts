import { normalise } from "../normalise.ts";
import { pathCovers } from "../path.ts";
import { readHosts } from "./hosts.ts";
import type { RenderedSurface } from "./rendering.ts";

/**
 * The spec of a Pod that can do no more than it has to: another user than root, no capability, no
 * writable path but the declared ones (each an empty volume, to be replaced where data has to stay),
 * no token of the cluster, no variable but the declared ones, which come from a Secret of its name.
 */
export function podSpec(surface: RenderedSurface, name: string): Readonly<Record<string, unknown>> {
  const { set, exec } = surface;
  // Deno keeps its cache and unpacks what it has to there.
  const write = normalise(set).write;
  const mounts = [...write, ...(write.some((path) => pathCovers(path, "/tmp")) ? [] : ["/tmp"])];
  const volumes = mounts.map((path, index) => ({ name: `write-${index}`, path }));
  const ports = [
    ...new Set(readHosts(set.listen).hosts.flatMap(({ port }) => port ? [port] : [])),
  ];
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    restartPolicy: "Never",
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      fsGroup: 65532,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [{
      name,
      image: name,
      command: exec ?? [`/usr/lib/sluice/${surface.name}/start`],
      env: [
        { name: "DENO_NO_UPDATE_CHECK", value: "1" },
        { name: "DENO_DIR", value: "/tmp/deno" },
        ...[...set.env].sort().map((variable) => ({
          name: variable,
          valueFrom: { secretKeyRef: { name, key: variable, optional: true } },
        })),
      ],
      ...(ports.length === 0 ? {} : { ports: ports.map((port) => ({ containerPort: port })) }),
      securityContext: {
        allowPrivilegeEscalation: false,
        privileged: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      },
      volumeMounts: volumes.map((volume) => ({ name: volume.name, mountPath: volume.path })),
    }],
    volumes: volumes.map((volume) => ({ name: volume.name, emptyDir: {} })),
  };
}
