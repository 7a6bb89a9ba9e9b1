#!/bin/sh
# Both commands of the README on a fresh Debian 12 root file system that has git and nothing else.
# usage: tests/fresh_machine.sh [FOLDER]     needs root and debootstrap; takes a while; FOLDER is removed afterwards
# The new system reaches Debian's packages the way this machine does: it gets this machine's apt configuration.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
root=${1:-$(mktemp -d /var/tmp/itera-fresh-XXXXXX)}
[ "$(id -u)" = 0 ] || { echo "needs root" >&2; exit 1; }
command -v debootstrap >/dev/null || apt-get install -q -y debootstrap >/dev/null

mounted=""
finish() {
  for at in $mounted; do umount "$at" 2>/dev/null || true; done
  # Never delete through a mount that could not be taken away.
  if grep -q " $root/" /proc/mounts; then
    echo "left $root: something is still mounted in it" >&2
  else
    rm -rf --one-file-system "$root"
  fi
}
trap finish EXIT INT TERM

mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
  sed -n -e 's/^URIs: *\([^ ]*\).*/\1/p' -e 's/^deb \(\[[^]]*\] \)*\(http[^ ]*\).*/\2/p' | grep -v security | head -n 1)
echo "== debootstrap into $root"
debootstrap --variant=minbase --include=ca-certificates bookworm "$root" "$mirror" >"$root.log" 2>&1 || { tail -n 20 "$root.log"; exit 1; }
rm -f "$root.log"

rm -rf "$root/etc/apt/sources.list" "$root/etc/apt/sources.list.d"
for part in sources.list sources.list.d apt.conf apt.conf.d auth.conf auth.conf.d; do
  [ -e "/etc/apt/$part" ] && cp -a "/etc/apt/$part" "$root/etc/apt/"
done
for file in /etc/resolv.conf /etc/hosts; do [ -e "$file" ] && cp -L "$file" "$root$file"; done
cp -a /usr/local/share/ca-certificates/. "$root/usr/local/share/ca-certificates/" 2>/dev/null || true
mkdir -p "$root/etc/ssl/certs"
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/" 2>/dev/null || true

mount -t proc proc "$root/proc" && mounted="$root/proc $mounted"
mount -t tmpfs tmpfs "$root/tmp" && mounted="$root/tmp $mounted"

inside() { chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} sh -euc "$1"; }

echo "== git, and a clean clone"
inside 'apt-get update -q >/dev/null && apt-get install -q -y --no-install-recommends git >/dev/null'
git -C "$here" bundle create "$root/root/itera.bundle" HEAD >/dev/null 2>&1
inside 'git -c advice.detachedHead=false clone -q /root/itera.bundle /root/itera && rm /root/itera.bundle'

for command in "./dev demo" "./dev test"; do
  echo "== $command"
  begin=$(date +%s)
  inside "cd /root/itera && $command </dev/null"
  echo "== $command: passed in $(($(date +%s) - begin)) s"
done
