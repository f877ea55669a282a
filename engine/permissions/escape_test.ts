import * as fc from "fast-check";
import assert from "node:assert/strict";
import { anyGrant } from "./any_set_test.ts";
import { escapeOf } from "./escape.ts";
import { escapeClasses } from "./escape_classes.ts";
import type { ProgramGrant } from "./permissions.ts";
import { programCovers } from "./shape.ts";

const grant = (program: string, ...args: string[]): ProgramGrant => ({ program, args, env: [] });

/** Each a command line, in a grant's spelling. */
function limited(line: string): void {
  const [program = "", ...args] = line.split(" ");
  const { class: found, reason } = escapeOf(grant(program, ...args));
  assert.equal(found, "argument-limited", `${line}: ${reason}`);
}

function arbitrary(line: string, reason: RegExp): void {
  const [program = "", ...args] = line.split(" ");
  const found = escapeOf(grant(program, ...args));
  assert.equal(found.class, "arbitrary-code", `${line}: ${found.reason}`);
  assert.match(found.reason, reason, line);
}

Deno.test("escapeOf() calls shells, interpreters and what starts programs arbitrary code", () => {
  const programs =
    "sh bash dash env git deno node python perl ssh scp rsync sudo su xargs make awk " +
    "vim bwrap unshare nsenter systemd-run docker podman pip uv apt-get dpkg mount";
  for (const program of programs.split(" ")) {
    arbitrary(program, new RegExp(`^${program} [a-z]`));
    arbitrary(`${program} --version`, new RegExp(`^${program} [a-z]`));
    arbitrary(`/usr/bin/${program}`, new RegExp(`^${program} [a-z]`));
  }
});

Deno.test("escapeOf() knows an interpreter by its version and a program by its family", () => {
  arbitrary("python3.11 -m venv", /^python3\.11 is an interpreter/);
  arbitrary("/srv/venv/bin/python3 x.py", /^python3 is an interpreter/);
  arbitrary("perl5.36.0", /interpreter/);
  arbitrary("gcc-12", /compiles/);
  arbitrary("qemu-system-x86_64", /machine/);
  arbitrary("mkfs.ext4", /disk/);
  // What is limited is known by its own name only.
  arbitrary("ln2 -s -- a b", /^nobody has looked at ln2$/);
});

Deno.test("escapeOf() believes a name only where the system keeps its programs", () => {
  limited("/usr/bin/ln -s -- a b");
  limited("/bin/ps -e");
  arbitrary("/srv/bin/ln -s -- a b", /^ln is in no system folder/);
  arbitrary("/usr/bin/x/ln -s -- a b", /no system folder/);
  arbitrary("/ln -s -- a b", /no system folder/);
});

Deno.test("escapeOf() counts an unknown program as arbitrary code", () => {
  arbitrary("frobnicate", /^nobody has looked at frobnicate$/);
  arbitrary("constructor", /^nobody has looked at constructor$/);
  arbitrary("", /nobody/);
});

Deno.test("escapeOf() judges the programs of the upgrade by their shapes", () => {
  limited("ln -s -- releases/* *");
  limited("ln -s -t /opt/atp/releases/* -- **");
  limited("systemctl show --timestamp=us+utc --property=LoadState,ActiveState -- atp-router");
  limited("systemctl --no-ask-password start -- atp-*");
  limited("systemctl --no-ask-password reset-failed -- atp-*");
  limited("journalctl --unit=atp-* --lines=* --output=short-iso --no-hostname --no-pager --quiet");
});

Deno.test("escapeOf() sees an argument that may become an option", () => {
  limited("tar -x -f /srv/a.tar -C /srv/a --no-same-owner -- **");
  limited("tar -xf /srv/* -C /srv/a -- *");
  arbitrary("tar -x -f /srv/a.tar **", /^tar runs what --checkpoint-action names, and a free arg/);
  arbitrary("tar -x -f /srv/a.tar * -- a", /a free argument may be --checkpoint-action/);
  arbitrary("tar -x -f /srv/a.tar --c*", /the argument --c\* may be --checkpoint-action/);
  arbitrary("tar -x -f /srv/a.tar -*", /may be --checkpoint-action/);
  limited("tar -x -f /srv/a.tar etc/*");
  arbitrary("systemctl start *", /starts ssh, and a free argument may be --host/);
  arbitrary("journalctl *", /a free argument may be --cursor-file/);
  arbitrary("ln -s * *", /a free argument for an option/);
  limited("find /srv/* -type f -name *.tmp".replace("*.tmp", "x.tmp"));
  arbitrary("find -- *", /nobody has looked at|runs what -exec names/);
});

Deno.test("escapeOf() sees options that run code, also cut short, bundled and with values", () => {
  arbitrary("tar -x --checkpoint-action=exec=x -f a", /runs what --checkpoint-action names/);
  arbitrary("tar -x --checkpoint-a=* -f a", /is short for --checkpoint-action/);
  arbitrary("tar -x --use-compress-program=x -f a", /runs what is to compress/);
  arbitrary("tar -xIf x a", /runs what is to compress/);
  arbitrary("tar -x -f a:b -- c", /--force-local/);
  arbitrary("tar -x -f * -- c", /--force-local/);
  limited("tar -x --force-local -f * -- c");
  arbitrary("tar xf /a.tar", /no dash/);
  arbitrary("tar xI/* -f /a.tar", /no dash/);
  arbitrary("find /srv -exec rm {} ;", /runs what -exec names/);
  arbitrary("find /srv -delete", /deletes/);
  arbitrary("curl -q -o /x -- https://a/", /writes what it fetched/);
  arbitrary("curl -q -K x", /more options/);
  arbitrary("curl -- https://a/", /curlrc/);
  limited("curl -q -sSf -- https://example.com/*");
  arbitrary("sed -n p /x", /--sandbox/);
  arbitrary("sed --sandbox -i s/a/b/ /x", /writes the files/);
  limited("sed --sandbox -n -e p -- *");
  arbitrary("openssl dgst -engine x -sha256", /any library/);
  arbitrary("openssl s_server", /commands that load libraries/);
  limited("openssl dgst -sha256 -verify /k.pem -signature * -- *");
  arbitrary("install -s -- a /usr/x", /runs strip/);
  arbitrary("nft -f /x", /puts the rules of a file in force/);
  arbitrary("nft add table x", /changes the firewall/);
  limited("nft -j list ruleset");
  limited("nft -c list ruleset");
});

Deno.test("escapeOf() takes an option that nobody has looked at for the worst", () => {
  arbitrary("tar -x --frobnicate -f a", /tar has an option --frobnicate that nobody has looked at/);
  arbitrary("ln -sZ -- a b", /ln has an option -Z/);
});

Deno.test("escapeOf() wants it settled where a program writes", () => {
  for (
    const line of ["cp -- * /srv/x/*", "tee -- /srv/x/*", "dd if=* of=/srv/x", "mv -- /a/* /b"]
  ) {
    limited(line);
  }
  limited("cp -t /srv/x -- **");
  limited("install -m 0644 -- * /srv/x");
  limited("install --target-directory=/srv/* -- *");
  arbitrary("cp -- * *", /cp writes any file/);
  arbitrary("cp -- **", /writes any file/);
  arbitrary("cp -- a /e*", /writes any file/);
  arbitrary("cp --target-directory=* -- a", /writes any file/);
  arbitrary("mv -- * /srv/x", /writes any file/);
  arbitrary("tee -- *", /writes any file/);
  arbitrary("dd of=*", /writes any file/);
  arbitrary("dd if=x *", /a free argument/);
  arbitrary("ln -s -- * *", /from anywhere to anywhere/);
  arbitrary("ln -s -f -- releases/* *", /from anywhere to anywhere/);
  arbitrary("ln -s -- /etc/* *", /from anywhere to anywhere/);
  arbitrary("ln -- * /srv/x", /second name/);
});

Deno.test("escapeOf() judges systemctl by its verb and its units", () => {
  limited("systemctl is-active -- *");
  limited("systemctl start a.service");
  arbitrary("systemctl start -- *", /would start any unit/);
  arbitrary("systemctl start -- **", /would start any unit/);
  arbitrary("systemctl enable -- /srv/*", /would enable any unit/);
  arbitrary("systemctl link /x", /takes a unit from any file/);
  arbitrary("systemctl edit x", /editor/);
  arbitrary("systemctl frob x", /nobody looked at \(frob\)/);
  arbitrary("systemctl -- * x", /free first word/);
  arbitrary("systemctl", /free first word/);
  arbitrary("systemctl -H x status", /ssh/);
});

Deno.test("escapeOf() sees that what follows the value of an option may be one", () => {
  arbitrary("journalctl -t **", /takes a free argument for an option|may be/);
  arbitrary("journalctl -t * *", /takes a free argument for an option|may be/);
  limited("journalctl -t *");
});

Deno.test("escapeOf() sees variables that lead out", () => {
  const withVariable = (name: string, ...words: string[]) => {
    const [program = "", ...args] = words;
    return escapeOf({ program, args, env: ["LANG", name] }).reason;
  };
  assert.match(withVariable("PATH", "ps"), /^ps gets PATH, which says which programs it finds$/);
  assert.match(withVariable("LD_PRELOAD", "ps"), /loads what it names/);
  assert.match(withVariable("TAR_OPTIONS", "tar", "-t", "-f", "/a"), /adds options/);
  assert.match(withVariable("SYSTEMD_PAGER", "systemctl", "status"), /names one to start/);
  assert.equal(escapeOf({ program: "ps", args: [], env: ["LANG"] }).class, "argument-limited");
});

Deno.test("escapeOf() says of a brokered program whether a box holds it", () => {
  const hook = { ...grant("/srv/releases/*/post_install.sh"), brokered: true as const };
  assert.deepEqual(escapeOf(hook), {
    class: "arbitrary-code",
    reason: "post_install.sh is in no system folder: it may hold anything when it is run; " +
      "no box holds it",
  });
  const box = { read: [], write: [], network: false };
  assert.match(escapeOf({ ...hook, box }).reason, /; a box of its own holds it$/);
  assert.match(escapeOf({ ...grant("pip", "**"), brokered: true, box }).reason, /^pip runs .* box/);
});

Deno.test("escapeOf() never calls a grant limited that reaches one which is not", () => {
  const word = fc.constantFrom(
    ...["*", "-*", "--c*", "/srv/*", "a*", "**", "--", "-s", "-f", "-t", "-x", "-C", "/srv/a", "a"],
    ...["start", "--checkpoint-action=exec=x", "-I", "-exec", "--sandbox", "-e", "of=*", "of=/x/*"],
  );
  const program = fc.constantFrom(
    "ln",
    "tar",
    "systemctl",
    "find",
    "cp",
    "sed",
    "dd",
    "journalctl",
  );
  fc.assert(
    fc.property(
      program,
      fc.array(word, { maxLength: 5 }),
      fc.array(word, { maxLength: 5 }),
      (name, outer, inner) => {
        const [a, b] = [grant(name, ...outer), grant(name, ...inner)];
        if (!programCovers(a, b) || escapeOf(b).class === "argument-limited") return;
        assert.equal(escapeOf(a).class, "arbitrary-code", JSON.stringify([a, b, escapeOf(b)]));
      },
    ),
    { numRuns: 20_000 },
  );
});

Deno.test("escapeOf() is total, and every clause is one line that goes on from a name", () => {
  fc.assert(fc.property(anyGrant, (any) => {
    const { reason } = escapeOf(any);
    assert.doesNotMatch(reason, /\n/);
    assert.ok(reason.length > 0);
  }));
  for (const [name, rule] of escapeClasses) {
    assert.match(name, /^[A-Za-z0-9._+-]+$/);
    assert.match(rule.reason, /^[a-z][^.\n]+$/, name);
  }
});
