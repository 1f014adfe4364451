#!/bin/bash
# Boots systemd as the first process of namespaces of its own, in a root file system, and stays until it is killed.
#
#   deploy/debian/booted.sh ROOT
#
# What it leaves behind: nothing; mounts, processes and links end with it. It needs root and control groups, no virtual machine.
set -euo pipefail
root=$(realpath "$1")
if [ -z "${INSIDE:-}" ]; then
    INSIDE=1 exec unshare --pid --fork --kill-child --mount --uts --ipc --net --cgroup "$0" "$root"
fi
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
while read -r name major minor; do
    mknod -m 666 "$root/dev/$name" c "$major" "$minor"
done <<<'null 1 3
zero 1 5
full 1 7
random 1 8
urandom 1 9
tty 5 0'
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
touch "$root/dev/console"
mount -t tmpfs tmpfs "$root/sys/fs/cgroup"
mkdir "$root/sys/fs/cgroup/unified" "$root/sys/fs/cgroup/systemd"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup/unified"
mount -t cgroup -o none,name=systemd cgroup "$root/sys/fs/cgroup/systemd"
ip link set lo up
exec chroot "$root" /usr/bin/env -i container=other PATH=/usr/sbin:/usr/bin /lib/systemd/systemd --system --log-target=journal-or-kmsg
