#!/bin/sh
# usage: boot_systemd.sh FOLDER DENO
#
# Boots systemd in a world of its own and waits for its end. It can write FOLDER/out and nothing else
# of the machine, and has a network of its own. FOLDER/units are its units, of which it starts
# default.target; FOLDER/prog is /prog there, with DENO as /prog/deno; FOLDER/opt, FOLDER/etc and
# FOLDER/srv are /opt, /etc and /srv.
# Without arguments it tells, by its exit code, whether that can be done here.
set -eu

group=/sys/fs/cgroup
[ -e $group/cgroup.procs ] || group=$group/unified
group=$group$(sed -n 's/^0:://p' /proc/self/cgroup | sed 's:/$::')/sluice-test-$$
mkdir "$group"
trap 'find "$group" -depth -type d -exec rmdir {} +' EXIT

world() {
  timeout 60 sh -c 'echo $$ >"$1/cgroup.procs"; shift; exec "$@"' world "$group" \
    bwrap --unshare-pid --unshare-uts --unshare-ipc --unshare-net --unshare-cgroup --as-pid-1 \
    --die-with-parent --cap-add ALL --cap-drop CAP_SYS_TIME --cap-drop CAP_SYS_BOOT \
    --cap-drop CAP_SYS_MODULE --cap-drop CAP_SYS_RAWIO --clearenv --setenv container sluice-test \
    --ro-bind /usr /usr --symlink usr/bin /bin --symlink usr/sbin /sbin --symlink usr/lib /lib \
    --symlink usr/lib64 /lib64 --proc /proc --dev /dev --ro-bind /proc/sys /proc/sys \
    --ro-bind /sys /sys --bind "$group" /sys/fs/cgroup --tmpfs /run --tmpfs /tmp --tmpfs /var \
    --dir /run/systemd "$@"
}

if [ $# = 0 ]; then
  world --tmpfs /etc /bin/true
  exit
fi
world --bind "$1/etc" /etc --ro-bind "$1/units" /etc/systemd/system --bind "$1/opt" /opt \
  --bind "$1/srv" /srv --ro-bind "$1/prog" /prog --ro-bind "$2" /prog/deno --bind "$1/out" /out \
  /lib/systemd/systemd --system --log-target=null --show-status=no
