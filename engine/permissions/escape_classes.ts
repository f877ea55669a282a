/**
 * Programs that somebody has looked at, by name, in the versions that Debian 12 has.
 *
 * @module
 */
import type { EscapeRule } from "./escape_rule.ts";
import { fileRules } from "./escape_files.ts";
import { systemdRules } from "./escape_systemd.ts";
import { toolRules } from "./escape_tools.ts";

/** Those of which the shape of arguments says nothing: a grant on one is a grant on every program. */
const starters: readonly (readonly [reason: string, programs: string])[] = [
  [
    "is a shell: it runs any program",
    "sh bash dash ash zsh ksh mksh fish csh tcsh busybox toybox nu pwsh rbash",
  ],
  [
    "starts the program that its arguments name",
    "env xargs nice nohup timeout stdbuf setsid setarch chrt ionice taskset flock time watch script " +
    "parallel run-parts start-stop-daemon daemonize ltrace strace dbus-run-session " +
    "dbus-launch screen tmux at batch cron crontab entr numactl prlimit unbuffer logsave choom " +
    "systemd-inhibit systemd-cat setpriv faketime eatmydata fakeroot",
  ],
  [
    "starts programs as another user",
    "sudo su doas pkexec runuser runas sg newgrp machinectl sudoedit",
  ],
  [
    "starts programs outside of the box it is in",
    "systemd-run busctl dbus-send gdbus systemd-nspawn nsenter",
  ],
  ["starts any program in a world of its own making", "bwrap unshare chroot capsh firejail proot"],
];

/** Arbitrary code whatever the arguments are: one clause, and the programs of which it is true. */
const code: readonly (readonly [reason: string, programs: string])[] = [
  [
    "is an interpreter: it runs any code",
    "python pypy perl ruby php lua luajit node nodejs bun deno tclsh wish java jshell guile racket " +
    "ghci erl elixir R Rscript julia octave gawk mawk awk nawk expect qjs",
  ],
  [
    "may mount the machine's disk in a container and run anything there",
    "docker podman nerdctl ctr crictl buildah lxc lxc-start lxc-attach incus runc crun kata-runtime",
  ],
  [
    "starts programs in other containers, and plugins for signing in",
    "kubectl helm oc k9s kustomize",
  ],
  [
    "starts programs on other machines, and what ProxyCommand names on this one",
    "ssh scp sftp sshfs slogin rsh rlogin mosh autossh dropbear dbclient",
  ],
  ["starts ssh, or what --rsh names", "rsync rclone unison"],
  [
    "runs hooks, helpers and what GIT_* and its configuration name",
    "git hg svn bzr fossil git-lfs gh",
  ],
  [
    "runs the scripts of the packages that it installs",
    "apt apt-get aptitude dpkg dpkg-deb dpkg-reconfigure rpm dnf yum zypper pacman apk snap flatpak " +
    "nix nix-env nix-build nix-shell nixos-rebuild guix brew debootstrap mmdebstrap update-alternatives",
  ],
  [
    "runs the build scripts of the packages that it installs",
    "pip pipx uv uvx poetry conda npm npx pnpm yarn gem bundle cargo rustup composer go mvn gradle cpan",
  ],
  [
    "runs what its recipe says",
    "make gmake ninja cmake meson just task rake ant bazel ansible ansible-playbook terraform tofu " +
    "packer vagrant puppet salt-call cloud-init",
  ],
  [
    "runs programs that it compiles, links or debugs, or what they name",
    "gcc cc g++ clang rustc ld as gdb lldb valgrind perf bpftrace ldd patchelf objcopy",
  ],
  [
    "starts a shell on request, as editors and pagers do",
    "vi vim nvim view ex ed emacs nano pico joe less more most man info visudo vipw mc sensible-editor",
  ],
  ["starts what --exec names", "fd"],
  ["runs commands that its input holds", "m4 dc gnuplot troff groff latex pdftex tex"],
  [
    "mounts anything over anything, programs among it, and starts helpers",
    "mount umount mount.fuse fusermount fusermount3 losetup cryptsetup dmsetup swapon pivot_root " +
    "switch_root systemd-mount systemd-umount",
  ],
  ["loads code into the kernel", "modprobe insmod rmmod kexec depmod kmod bpftool dkms"],
  [
    "changes settings of the kernel, of which some name programs to start",
    "sysctl udevadm setcap setfattr",
  ],
  [
    "changes who may do what",
    "useradd usermod userdel groupadd passwd chpasswd chsh gpasswd adduser",
  ],
  [
    "rules the machine: programs, units, power",
    "init telinit shutdown reboot halt poweroff systemd systemd-tmpfiles systemd-sysusers " +
    "systemd-firstboot loginctl hostnamectl localectl timedatectl portablectl homectl bootctl",
  ],
  ["runs commands in network namespaces (netns exec) and from files", "ip tc bridge"],
  [
    "runs programs for modules and extensions (--modprobe)",
    "iptables ip6tables iptables-restore ebtables ipset",
  ],
  [
    "reads a configuration file that may name programs to start",
    "wget aria2c lftp ftp nmap tcpdump",
  ],
  ["starts gpg helpers that its arguments and its folder name", "gpg gpg2 gpgconf gpg-agent gpgsm"],
  ["runs a machine whose devices are any files and programs", "qemu virsh virt-install"],
  ["writes anything anywhere on a disk", "fdisk sfdisk sgdisk parted wipefs debugfs"],
  [
    "starts what --filter, --compress-program, -TT or --use-compress-program names",
    "split sort zip cpio pax shar ar bsdtar 7z",
  ],
];

const plain: readonly (readonly [reason: string, programs: string])[] = [
  [
    "reports and changes nothing",
    "true false echo printf test pwd whoami id groups uname arch nproc",
  ],
  ["reports on processes and changes nothing", "ps pgrep pidof uptime free"],
  [
    "reports on disks and changes nothing",
    "findmnt lsblk df du stat mountpoint",
  ],
  [
    "reads files and changes nothing",
    "cat head tail wc cut tr paste comm cmp nl od basename dirname readlink realpath ls sha256sum " +
    "sha512sum sha1sum md5sum b2sum cksum grep",
  ],
  ["waits and changes nothing", "sleep sync"],
];

/**
 * Programs that no runner is granted, whatever a ceiling says: with one of them it could start any other.
 * Deno is among them for what it is to us.
 */
export const starterReasons: ReadonlyMap<string, string> = new Map([
  ...listed("code", starters).map(([name, { reason }]) => [name, reason] as const),
  ["deno", "runs any code"],
]);

/** Every program that somebody has looked at. */
export const escapeClasses: ReadonlyMap<string, EscapeRule> = new Map<string, EscapeRule>([
  ...listed("code", [...starters, ...code]),
  ...listed("plain", plain),
  ...Object.entries({ ...fileRules, ...systemdRules, ...toolRules }),
]);

/** Families of programs of class `code` whose names go on. */
export const escapeFamilies: readonly (readonly [name: RegExp, rule: EscapeRule])[] = [
  [/^qemu-/, { kind: "code", reason: "runs a machine whose devices are any files and programs" }],
  [/^mkfs\.|^fsck\.|^mount\.|^umount\./, {
    kind: "code",
    reason: "writes anything anywhere on a disk, or mounts it",
  }],
  [/-(gcc|g\+\+|ld|as|clang)(-\d+)?$/, {
    kind: "code",
    reason: "compiles programs, with plugins that its arguments name",
  }],
];

function listed(
  kind: "code" | "plain",
  table: readonly (readonly [reason: string, programs: string])[],
): [string, EscapeRule][] {
  return table.flatMap(([reason, programs]) =>
    programs.split(" ").map((name): [string, EscapeRule] => [name, { kind, reason }])
  );
}
