#!/bin/bash
# Installs, checks, upgrades, removes and purges the package in a clean Debian: first where nothing runs, then where systemd does,
# with the service at work on a link on which a capture is played.
#
#   deploy/debian/test.sh [--binary FILE]       BASE=rootfs.tar spares the making of the Debian, which takes minutes
#
# It needs root, what build.sh needs, and of Debian: mmdebstrap lintian util-linux tcpreplay wireshark-common zstd.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
root=$work/root
booted=''
finish() {
    status=$?
    [ -z "$booted" ] || kill -KILL "$booted" 2>/dev/null || true
    wait 2>/dev/null
    for point in dev/pts proc; do
        if mountpoint -q "$root/$point"; then umount "$root/$point"; fi
    done
    rm -rf --one-file-system "$work"
    exit "$status"
}
trap finish EXIT
say() { printf '\n## %s\n\n' "$*"; }
fail() { echo "FAILED: $*"; exit 1; }
inside() { chroot "$root" "$@"; }
holds() { inside test "$@" || fail "test $*"; }
lacks() { ! inside test "$@" || fail "not test $*"; }
status() { inside dpkg-query -W -f '${Status}\n' greyline 2>/dev/null || echo absent; }

# Nor does a commit meanwhile matter.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$here" log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
say "Build, twice the same"
first=$("$here/build.sh" "$@" --out "$work/first" 2>/dev/null)
again=$("$here/build.sh" "$@" --out "$work/again" 2>/dev/null)
cmp "$first" "$again"
ls -l "$first" | awk '{print $5, "bytes,", "'"$(basename "$first")"'"}'
second=$("$here/build.sh" "$@" --version 999.0.0-1 --out "$work/second" 2>/dev/null)
dpkg-deb --field "$first" Depends

say "lintian"
# No bug of Debian is closed by a package that Debian does not have.
lintian --allow-root --fail-on error,warning --suppress-tags initial-upload-closes-no-bugs "$first"
echo "nothing to say"

say "A clean Debian"
mkdir "$root"
if [ -n "${BASE:-}" ]; then
    tar -xf "$BASE" -C "$root" --exclude='./dev/*'
else
    mmdebstrap --quiet --variant=minbase --include=systemd,systemd-sysv "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$root" \
        "$(ls /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -n 1)"
fi
mount -t proc proc "$root/proc"
mkdir -p "$root/dev/pts"
mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
ln -sf pts/ptmx "$root/dev/ptmx"
[ -e "$root/dev/null" ] || mknod -m 666 "$root/dev/null" c 1 3
cp "$first" "$second" "$root"
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp -r /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
. "$root/etc/os-release" && echo "$PRETTY_NAME, $(inside dpkg-query -W | wc -l) packages"
inside apt-get update -qq
export DEBIAN_FRONTEND=noninteractive

say "Install"
inside apt-get install -y -qq --no-install-recommends "/$(basename "$first")" 2>&1 | grep -E '^(Setting|Adding|dpkg|E:|W:)' || true
[ "$(status)" = 'install ok installed' ] || fail "status: $(status)"
inside getent passwd greyline
holds -x /usr/bin/greyline
holds -f /etc/greyline/greyline.toml
holds -f /lib/systemd/system/greyline.service
holds -s /usr/share/man/man1/greyline.1.gz
lacks -e /etc/systemd/system/multi-user.target.wants/greyline.service
inside greyline --version
inside greyline check /etc/greyline/greyline.toml | head -n 1
inside greyline check /usr/share/doc/greyline/examples/greyline.toml | head -n 1
inside systemd-analyze verify --man=no /lib/systemd/system/greyline.service
echo "systemd-analyze verify has nothing to say"
inside dpkg --verify greyline
echo "dpkg --verify has nothing to say"
code=0
inside greyline watch --config /etc/greyline/greyline.toml >"$work/none" 2>&1 || code=$?
[ "$code" = 2 ] || fail "without a source it ends with $code"
echo "as installed it ends with 2: $(tail -n 1 "$work/none")"

say "Upgrade, with a file the operator has changed"
echo '# mine' >>"$root/etc/greyline/greyline.toml"
inside systemctl --quiet enable greyline.service 2>&1 | { grep -v Created || true; }
inside apt-get install -y -qq "/$(basename "$second")" 2>&1 | grep -E '^(Setting|dpkg|E:|W:)' || true
inside dpkg-query -W greyline
inside grep -q '^# mine' /etc/greyline/greyline.toml && echo "the operator's file has stayed"
holds -L /etc/systemd/system/multi-user.target.wants/greyline.service
echo "it has stayed enabled"

say "Remove"
mkdir -p "$root/var/log/greyline" && touch "$root/var/log/greyline/alerts.jsonl"
inside apt-get remove -y -qq greyline 2>&1 | grep -E '^(Removing|dpkg|E:|W:)' || true
[ "$(status)" = 'deinstall ok config-files' ] || fail "status: $(status)"
lacks -e /usr/bin/greyline
holds -f /etc/greyline/greyline.toml
holds -f /var/log/greyline/alerts.jsonl
echo "configuration and records have stayed"

say "Purge"
inside apt-get purge -y -qq greyline 2>&1 | grep -E '^(Purging|dpkg|E:|W:)' || true
[ "$(status)" = absent ] || [ "$(status)" = 'unknown ok not-installed' ] || fail "status: $(status)"
left=$(inside find / -xdev -iname '*greyline*' ! -name '*.deb' ! -path '/proc/*')
[ -z "$left" ] || fail "left over: $left"
echo "nothing is left but the user: $(inside getent passwd greyline)"

say "Under systemd: install, and start it on a link"
umount "$root/dev/pts" "$root/proc"
"$here/booted.sh" "$root" &
booted=$!
systemd=''
for _ in $(seq 60); do
    # The first process of the namespace is the child of the one that made it.
    systemd=$(pgrep -P "$booted" -x systemd || true)
    [ -n "$systemd" ] && [ -e "/proc/$systemd/root/run/systemd/private" ] && break
    sleep 1
done
[ -n "$systemd" ] || fail "systemd did not start"
there() { nsenter -t "$systemd" -a -r "$@"; }
links() { nsenter -t "$systemd" -n "$@"; }
there systemctl is-system-running --wait >"$work/running" || true
echo "systemd $(there systemctl --version | awk 'NR == 1 {print $2}'), $(cat "$work/running")"
links ip link add tap0 type veth peer name player0
for link in tap0 player0; do
    links sysctl -qw "net.ipv6.conf.$link.disable_ipv6=1"
    links ip link set "$link" mtu 9000 up
done
there apt-get install -y -qq --no-install-recommends "/$(basename "$first")" 2>&1 | grep -E '^(Setting|dpkg|E:|W:)' || true
# Where it is not enabled it does not run.
if there systemctl --quiet is-active greyline; then fail "it was started unasked"; fi
cp "$here/../../fixtures/scam-centre/greyline.toml" "$root/etc/greyline/greyline.toml"
printf '\n[capture]\ninterfaces = ["tap0"]\n' >>"$root/etc/greyline/greyline.toml"
there systemctl enable --now greyline.service 2>&1 | { grep -v Created || true; }
main() { there systemctl show --property=MainPID --value greyline.service; }
works() {
    for _ in $(seq 20); do
        there systemctl --quiet is-active greyline.service && links curl -sf http://127.0.0.1:9640/readyz >"$work/readyz" && return
        sleep 1
    done
    there journalctl --no-pager -u greyline.service | tail -n 20
    fail "it does not work"
}
works
there systemctl show --property=ActiveState,SubState,User,MemoryCurrent,TasksCurrent greyline.service
there grep -E '^(Uid|CapEff|CapBnd|CapAmb|NoNewPrivs|Seccomp):' "/proc/$(main)/status"
# The unit must not forbid what the program shuts itself in with.
if there journalctl --no-pager -u greyline.service | grep -E 'stay in its reach|may open connections|Unknown system call'; then
    fail "the sandbox is not whole"
fi
echo "the sandbox is whole"

say "Under systemd: it raises an alert"
zstd -dqc "$here/../../fixtures/scam-centre/trunks.pcapng.zst" >"$work/trunks.pcapng"
editcap -F pcap "$work/trunks.pcapng" "$work/trunks.pcap"
links timeout 60 tcpreplay -q --multiplier 12 -i player0 "$work/trunks.pcap" >"$work/tcpreplay" 2>&1 || true
[ -s "$root/var/log/greyline/alerts.jsonl" ] || fail "no alert"
there stat -c '%U %A %n' /var/log/greyline/alerts.jsonl
grep -o '"kind":"[a-z_]*","severity":"[a-z]*"' "$root/var/log/greyline/alerts.jsonl" | head -n 1

say "Under systemd: reload, a crash, an upgrade, removal"
before=$(main)
mv "$root/var/log/greyline/alerts.jsonl" "$root/var/log/greyline/alerts.jsonl.1"
there systemctl reload greyline.service
sleep 2
[ "$(main)" = "$before" ] && [ -e "$root/var/log/greyline/alerts.jsonl" ] || fail "reload did not open the file anew"
echo "reload: the same process, a new file"
there systemctl kill --signal=KILL greyline.service
sleep 7
works
[ "$(main)" != "$before" ] || fail "it was not started anew"
echo "kill -9: started anew"
before=$(main)
there apt-get install -y -qq "/$(basename "$second")" 2>&1 | grep -E '^(Setting|dpkg|E:|W:)' || true
works
[ "$(main)" != "$before" ] || fail "the upgrade did not restart it"
echo "upgrade: the new version runs"
began=$SECONDS
there systemctl stop greyline.service
echo "stop: $(there systemctl show --property=Result,ExecMainStatus --value greyline.service | tr '\n' ' ')within $((SECONDS - began)) s"
there systemctl start greyline.service
works
there apt-get purge -y -qq greyline 2>&1 | grep -E '^(Removing|Purging|dpkg|E:|W:)' || true
if there systemctl --quiet is-active greyline.service; then fail "it still runs"; fi
left=$(there find / -xdev -iname '*greyline*' ! -name '*.deb' ! -path '/proc/*' ! -path '/run/*' ! -path '/sys/*')
[ -z "$left" ] || fail "left over: $left"
echo "purge: it has stopped, and nothing is left but the user"
