#!/bin/bash
# Try `make demo` and `make test` where nothing is: a bare Debian 12 with git, make, python3 and ca-certificates.
#
#   sudo tests/clean_room.sh [DIRECTORY]
#
# The tree is made by debootstrap in DIRECTORY (a temporary one without it) and removed at the end. What is committed is
# cloned into it, once for each command, so that each has to do its own set-up. Index, proxy and certificate variables
# of the caller reach the commands; DEBIAN_MIRROR names another mirror. Needs root and debootstrap.
set -euo pipefail

source_tree=$(cd "$(dirname "$0")/.." && pwd)
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
handed_on=(
    UV_DEFAULT_INDEX UV_INDEX_URL UV_EXTRA_INDEX_URL UV_INDEX UV_HTTP_TIMEOUT PIP_INDEX_URL PIP_EXTRA_INDEX_URL
    HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY http_proxy https_proxy no_proxy all_proxy
)

fail() {
    echo "clean room: $*" >&2
    exit 1
}

# The rest runs in mount and process namespaces of its own: whatever is mounted or started there ends with them, and
# nothing of this computer can be reached by the removal at the end.
if [[ ${1:-} != --inside ]]; then
    [[ $EUID -eq 0 ]] || fail "only root can make a bare Debian tree."
    command -v debootstrap >/dev/null || fail "debootstrap is missing: apt-get install debootstrap"
    if [[ $# -gt 0 ]]; then
        mkdir -p "$1"
        place=$(mktemp -d "$(cd "$1" && pwd)/kehoach-clean-room.XXXXXX")
    else
        place=$(mktemp -d --tmpdir kehoach-clean-room.XXXXXX)
    fi
    trap 'rm -rf --one-file-system "$place"' EXIT
    status=0
    unshare --mount --propagation private --pid --fork --kill-child "$0" --inside "$place/tree" || status=$?
    [[ $status -eq 0 ]] && echo "clean room: both commands passed."
    exit "$status"
fi

tree=$2
started=$SECONDS
say() { echo "clean room [$((SECONDS - started)) s]: $*"; }

say "making a bare Debian 12"
debootstrap --variant=minbase --include=git,make,python3,ca-certificates bookworm "$tree" "$mirror" \
    >"$tree.log" 2>&1 || { tail -20 "$tree.log" >&2; fail "debootstrap failed."; }
mount -t proc proc "$tree/proc"
mount -t sysfs -o ro sysfs "$tree/sys"
mount --rbind /dev "$tree/dev"
cp -L /etc/resolv.conf "$tree/etc/resolv.conf"
cp -L /etc/hosts "$tree/etc/hosts"

bare=(HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
for name in "${handed_on[@]}"; do
    [[ -n ${!name:-} ]] && bare+=("$name=${!name}")
done
for name in SSL_CERT_FILE PIP_CERT REQUESTS_CA_BUNDLE; do
    if [[ -f ${!name:-} ]]; then
        cp -L "${!name}" "$tree/root/$name.pem"
        bare+=("$name=/root/$name.pem")
    fi
done
in_tree() { chroot "$tree" /usr/bin/env -i "${bare[@]}" "$@"; }

mkdir "$tree/root/source"
mount --bind -o ro "$source_tree" "$tree/root/source"
for name in demo test; do
    # The tree may belong to another user than root, which git would refuse.
    in_tree GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*' \
        git clone --quiet file:///root/source "/root/for-$name"
done
umount "$tree/root/source"
in_tree sh -c 'command -v pip pip3 uv' && fail "the tree is not bare."
in_tree python3 -c 'import ensurepip' 2>/dev/null && fail "the tree is not bare: it has ensurepip."

say "make demo"
cp "$source_tree/tests/clean_room_demo.py" "$tree/root/clean_room_demo.py"
in_tree python3 /root/clean_room_demo.py /root/for-demo || fail "make demo failed."

say "make test"
in_tree make -C /root/for-test test || fail "make test failed."
say "done"
