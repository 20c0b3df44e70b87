#!/bin/sh
# Installs the packages of packaging/debian-packages that this machine lacks, and shows the command it runs. With `long`
# also those that `make check-long` alone needs.
set -eu
list=$(dirname "$0")/debian-packages
end='/^# make check-long$/,$d'
[ "${1:-}" != long ] || end=
missing=
for package in $(sed -e "$end" -e 's/#.*//' "$list"); do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
as_root=
if [ "$(id -u)" -ne 0 ]; then
    as_root=sudo
    command -v sudo >/dev/null || {
        echo "missing packages:$missing" >&2
        echo "install them as root: apt-get install$missing" >&2
        exit 1
    }
fi
echo "+ $as_root apt-get update && $as_root apt-get install --no-install-recommends -y$missing"
$as_root apt-get update -q
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install --no-install-recommends -y -q $missing
