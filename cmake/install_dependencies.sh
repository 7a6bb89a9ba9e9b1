#!/bin/sh
# Installs the Debian 12 packages that building, testing and the demo need. Does nothing if all are there.
set -eu

packages="g++ cmake ninja-build pkg-config ccache mold git ca-certificates
  libboost-dev libspdlog-dev nlohmann-json3-dev libcli11-dev libexpected-dev libsodium-dev libutf8proc-dev
  libsimdjson-dev nettle-dev libcurl4-openssl-dev
  libsqlite3-dev librsvg2-dev fonts-dejavu-core libkainjow-mustache-dev
  libgtest-dev libgmock-dev libnghttp2-dev libvalijson-dev libbenchmark-dev
  python3 fasttext"

missing=""
for package in $packages "$@"; do
  status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
  [ "$status" = "install ok installed" ] || missing="$missing $package"
done
lists=$(find /var/lib/apt/lists -name '*_Packages*' 2>/dev/null | head -n 1)

if [ -z "$missing" ] && [ -n "$lists" ]; then
  echo "all there"
  exit 0
fi
if [ "$(id -u)" != 0 ]; then
  echo "these packages are missing, and installing them needs root:$missing" >&2
  echo "run: sudo sh cmake/install_dependencies.sh" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
echo "updating package lists"
apt-get update -q >/dev/null
if [ -n "$missing" ]; then
  echo "installing:$missing"
  # shellcheck disable=SC2086
  apt-get install -q -y --no-install-recommends $missing >/dev/null
fi
