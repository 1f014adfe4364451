#!/bin/bash
# same.sh PROGRAM CAPTURE...: whether a probe on a link says what a replay says. Each capture is played onto a veth pair, a probe with one
# worker and one with four (three sockets, among which the kernel shares the packets) watch its other end, tcpdump captures there, and
# that capture is replayed. The kernel stamps a packet once for all of them, so call records and alerts must be the same to the byte,
# but for the order of lines and when a call was known to have ended: a probe lets time pass on an idle link, a replay from frame to frame.
#
# It needs root, and of Debian: iproute2 tcpreplay tcpdump jq. It runs in a network namespace of its own.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 1 ] || { echo "usage: same.sh PROGRAM CAPTURE..." >&2; exit 2; }
. "$here/../deploy/namespace.sh"
shift
ip link set lo up
ip link add sent type veth peer name seen
for link in sent seen; do
    # Nothing but what is played: no autoconfiguration, and room for frames that a card put together.
    echo 1 >/proc/sys/net/ipv6/conf/"$link"/disable_ipv6
    ip link set "$link" mtu 65521 up
done
tcpdump -q -i seen -B 65536 -s 0 --time-stamp-precision=nano -w "$work/seen.pcap" 2>"$work/tcpdump.log" &
started+=($!)
for workers in 1 4; do
    "$program" watch seen --workers "$workers" --state off --listen off --calls "$work/calls.$workers" --alerts "$work/alerts.$workers" \
        --summary "$work/summary.$workers" 2>"$work/watch.$workers.log" >/dev/null &
    started+=($!)
done
until [ "$(cat "$work"/watch.*.log | grep -c 'source is there')" = 4 ] && grep -q listening "$work/tcpdump.log"; do sleep 0.1; done
for capture; do
    # What is no Ethernet cannot be played; what cannot be sent, tcpdump does not see either.
    tcpreplay -q -i sent --pps "${PPS:-5000}" "$capture" >>"$work/tcpreplay.log" 2>&1 || echo "not played: $capture"
done
sleep 2
kill -INT "${started[@]}"
wait "${started[@]}"
started=()
"$program" replay "$work/seen.pcap" --quiet --calls "$work/calls.replay" --alerts "$work/alerts.replay" --summary "$work/summary.replay" >/dev/null
status=0
for what in calls alerts; do
    for which in 1 4 replay; do jq -c 'del(.end_known_at)' "$work/$what.$which" | sort >"$work/$what.$which.sorted"; done
    for workers in 1 4; do
        if diff "$work/$what.$workers.sorted" "$work/$what.replay.sorted" >"$work/diff"; then
            echo "$workers workers: $(wc -l <"$work/$what.replay") $what, those of the replay"
        else
            echo "$workers workers: $what differ"
            head -n 20 "$work/diff"
            status=1
        fi
    done
done
jq -c '{frames, calls: .calls.total, duplicates}' "$work"/summary.*
exit "$status"
