#!/bin/sh
# boot-systemd.sh ROOT GROUP: makes ROOT, in which this machine's /usr is seen, the root of namespaces of its own, in the control
# group GROUP, and becomes the systemd that boots there.
set -eu
root=$1
group=$2

# systemd wants version 2 of control groups, beside which a machine may have others.
unified=/sys/fs/cgroup
[ -f "$unified/cgroup.procs" ] || unified=$unified/unified

if [ $# -eq 2 ]; then
  for hierarchy in "$unified" /sys/fs/cgroup/systemd; do
    [ ! -f "$hierarchy/cgroup.procs" ] || { mkdir -p "$hierarchy/$group" && echo $$ >"$hierarchy/$group/cgroup.procs"; }
  done
  exec unshare --fork --pid --mount --cgroup --ipc --uts --propagation private "$0" "$root" "$group" inside
fi

mount --bind "$root" "$root"
mount --rbind /usr "$root/usr"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
if [ "$unified" = /sys/fs/cgroup ]; then
  mount -t cgroup2 cgroup2 "$root$unified"
else
  mount -t tmpfs tmpfs "$root/sys/fs/cgroup"
  mkdir "$root$unified" "$root/sys/fs/cgroup/systemd"
  mount -t cgroup2 cgroup2 "$root$unified"
  mount -t cgroup -o none,name=systemd cgroup "$root/sys/fs/cgroup/systemd"
fi
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero random urandom; do
  : >"$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/shm"
mount -t tmpfs tmpfs "$root/dev/shm"
ln -s /proc/self/fd "$root/dev/fd"
mkdir -p "$root/old"
cd "$root"
pivot_root . old
umount -l /old
container=cellvisor exec /lib/systemd/systemd --system --unit=multi-user.target
