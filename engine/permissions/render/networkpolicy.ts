import type { Json } from "../../json.ts";
import { normalise } from "../normalise.ts";
import { needsOf } from "../program_needs.ts";
import { showCommand } from "../show_command.ts";
import { type Host, isAnyAddress, isLoopback, readHosts } from "./hosts.ts";
import { podSpec } from "./pod_spec.ts";
import type { RenderedSurface, Rendering } from "./rendering.ts";
import { unsaidComment } from "./unsaid_comment.ts";
import { yamlText } from "./yaml_text.ts";

/**
 * Two documents for Kubernetes 1.25 or later: a NetworkPolicy that lets the Pods of a surface reach
 * what the set declares and nothing else, and a Pod that is as closed as the set allows. The Pod's
 * image is to be one that holds the folder which `sluice compile` makes.
 */
export function renderNetworkPolicy(surface: RenderedSurface): Rendering {
  const { set, summary } = surface;
  const name = labelOf(surface.name);
  const labels = { "app.kubernetes.io/name": name };
  const unsaid: string[] = [];
  const connect = readHosts(set.connect);
  const listen = readHosts(set.listen);
  const policy = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, labels },
    spec: {
      podSelector: { matchLabels: labels },
      policyTypes: ["Ingress", "Egress"],
      ingress: listen.hosts.filter(beyondPod).map(ingress),
      egress: connect.hosts.filter(beyondPod).map(egress),
    },
  };
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels },
    spec: podSpec(surface, name),
  };
  sayUnsaid(surface, unsaid);
  const head =
    `# Made by sluice permissions ${surface.name} --as networkpolicy: change the surface, not this file.
# ${summary.replaceAll(/\s+/g, " ")}
`;
  return {
    text: `${head}---\n${yamlText(policy as Json)}---\n${yamlText(pod as unknown as Json)}` +
      unsaidComment("policy", unsaid),
    unsaid,
  };
}

function labelOf(name: string): string {
  const label = name.toLowerCase().replaceAll(/[^a-z0-9-]/g, "-").replaceAll(/^-+|-+$/g, "");
  return `sluice-${label}`.slice(0, 63).replace(/-+$/, "");
}

/** What is said over loopback never leaves the Pod: no policy sees it. */
function beyondPod({ addresses }: Host): boolean {
  return !addresses.every(isLoopback);
}

function ports({ port }: Host): Json {
  return port === undefined || port === 0
    ? {}
    : { ports: [{ protocol: "TCP", port }, { protocol: "UDP", port }] };
}

function egress(host: Host): Json {
  const to = host.addresses.map((address) => ({
    ipBlock: { cidr: isAnyAddress(address) ? `${address}/0` : hostCidr(address) },
  }));
  return { to, ...ports(host) as object };
}

function hostCidr(address: string): string {
  return address.includes(":") ? `${address}/128` : `${address}/32`;
}

/** From anybody: who may ask is not known. */
function ingress(host: Host): Json {
  return ports(host);
}

function sayUnsaid({ set }: RenderedSurface, unsaid: string[]): void {
  const say = (what: string, entries: readonly string[]) => {
    if (entries.length > 0) unsaid.push(`${what}: ${entries.join(", ")}`);
  };
  const connect = readHosts(set.connect);
  const listen = readHosts(set.listen);
  const inPod = [...connect.hosts, ...listen.hosts].filter((host) => !beyondPod(host));
  const names = [...connect.names, ...listen.names];
  say("a NetworkPolicy knows no host names, these cannot be reached", names);
  say(
    "a NetworkPolicy does not see what stays in the Pod, all of its loopback is open",
    inPod.map(({ entry }) => entry),
  );
  say("a NetworkPolicy does not see Unix sockets", [...connect.sockets, ...listen.sockets]);
  say("no host and no address", [...connect.unreadable, ...listen.unreadable]);
  const started = set.run.filter(({ brokered }) => brokered !== true);
  say("a Pod cannot say which programs run, and with which arguments", started.map(showCommand));
  const brokered = set.run.filter((grant) => grant.brokered === true).map(({ program }) => program);
  say("a Pod has no launcher that could start brokered programs", brokered);
  const machine = set.run.filter((grant) =>
    needsOf(grant).relaxes.some(({ directive }) => directive === "User")
  );
  say("a Pod has no service manager and is not root, these cannot work", machine.map(showCommand));
  say("a Pod's image says what else is there to be read than", normalise(set).read);
}
