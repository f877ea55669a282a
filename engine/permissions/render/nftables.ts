import type { Permissions } from "../permissions.ts";
import { type Host, isAnyAddress, readHosts } from "./hosts.ts";
import type { RenderedSurface, Rendering } from "./rendering.ts";
import { unsaidComment } from "./unsaid_comment.ts";

/**
 * A table for nft(8) 1.0 or later that lets a user's processes reach what the set declares and nothing
 * else: `nft -f` loads it, and loads it anew. The rest of the machine is not touched.
 *
 * It goes by the user, `surface.user`, or by the control group of a unit: rules cannot see programs.
 * The two sets that name them may be filled later; until then, nobody is held to anything.
 */
export function renderNftables(surface: RenderedSurface): Rendering {
  const { set, summary } = surface;
  const unsaid: string[] = [];
  const table = `sluice_${surface.name.replaceAll(/[^A-Za-z0-9_]/g, "_")}`;
  const unit = `sluice-${surface.name.replaceAll(/[^A-Za-z0-9_.-]/g, "-")}.service`;
  const users = usersOf(surface, unsaid);
  const connect = readHosts(set.connect);
  const listen = readHosts(set.listen);
  sayUnsaid(set, unsaid);
  const text = `#!/usr/sbin/nft -f
# Made by sluice permissions ${surface.name} --as nftables: change the surface, not this file.
# ${summary.replaceAll(/\s+/g, " ")}

# Loading it again replaces it, in one transaction.
table inet ${table}
delete table inet ${table}

table inet ${table} {
  # Who is held to it, by user ...
  set users {
    type uid
${users.length === 0 ? "" : `    elements = { ${users.join(", ")} }\n`}  }

  # ... or by control group, which exists only while the unit runs. In the unit:
  #   ExecStartPre=+/usr/sbin/nft add element inet ${table} units { "system.slice/${unit}" }
  set units {
    type cgroupsv2
  }

  chain output {
    type filter hook output priority filter; policy accept;
    meta skuid @users jump surface
    socket cgroupv2 level 2 @units jump surface
  }

  # Each packet that goes out, on loopback, too: asking goes where it may, answering only from a port
  # that is listened on.
  chain surface {
${
    [...listen.hosts.flatMap(answers), ...connect.hosts.flatMap(questions)].join("")
  }    ct state related accept
    counter reject with icmpx admin-prohibited
  }
}
`;
  return { text: text + unsaidComment("table", unsaid), unsaid };
}

function usersOf({ user }: RenderedSurface, unsaid: string[]): readonly string[] {
  if (user !== undefined && user !== "root" && user !== "0") {
    return [/^\d+$/.test(user) ? user : JSON.stringify(user)];
  }
  unsaid.push(
    user === undefined
      ? "whom it holds: no user was named; put one into the set users, or the unit into units"
      : "whom it holds: root is not this surface alone; put its unit into the set units",
  );
  return [];
}

/** What may be connected to. */
function questions({ entry, addresses, port }: Host): readonly string[] {
  const to = port === undefined ? "" : ` meta l4proto { tcp, udp } th dport ${port}`;
  return addresses.map((address) =>
    rule(entry, `ct direction original ${family(address)} daddr ${address}${to} accept`)
  );
}

/** From where it may be answered. */
function answers({ entry, addresses, port }: Host): readonly string[] {
  const from = port === undefined || port === 0
    ? ""
    : ` meta l4proto { tcp, udp } th sport ${port}`;
  return addresses.map((address) => {
    // `::` takes clients of both kinds.
    const own = isAnyAddress(address)
      ? address === "::" ? "" : " meta nfproto ipv4"
      : ` ${family(address)} saddr ${address}`;
    return rule(entry, `ct direction reply${own}${from} accept`);
  });
}

function rule(entry: string, text: string): string {
  return `    ${text} comment ${JSON.stringify(entry)}\n`;
}

function family(address: string): "ip" | "ip6" {
  return address.includes(":") ? "ip6" : "ip";
}

function sayUnsaid({ connect, listen }: Permissions, unsaid: string[]): void {
  const { names, sockets, unreadable } = readHosts([...connect, ...listen]);
  if (names.length > 0) {
    unsaid.push(`nftables knows no host names: ${names.join(", ")} cannot be reached`);
  }
  if (unreadable.length > 0) unsaid.push(`no host and no address: ${unreadable.join(", ")}`);
  if (sockets.length > 0) {
    unsaid.push(`nftables does not see Unix sockets: ${sockets.join(", ")}`);
  }
}
