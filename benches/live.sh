#!/bin/bash
# live.sh PROGRAM FILE [PPS...]: what a probe on a link costs, and what it loses. A veth pair between two network namespaces, tcpreplay at
# one end, `greyline watch` at the other, at each rate (packets a second, `top` as fast as it goes), with all detectors on; then how
# long an alert takes at half of the first rate. Prints a table. Needs root, iproute2, tcpreplay, curl and python3.
set -euo pipefail
program=$(realpath "${1:?usage: live.sh PROGRAM FILE [PPS...]}")
file=$(realpath "${2:?usage: live.sh PROGRAM FILE [PPS...]}")
shift 2
[ $# -gt 0 ] || set -- 100000 250000 500000 top
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
port=9649
probe=
clean_up() {
    [ -z "$probe" ] || kill "$probe" || true
    ip link del glive0 2>/dev/null || true
    ip netns del glive 2>/dev/null || true
    rm -rf "$work"
}
trap clean_up EXIT

ip netns add glive
ip link add glive0 type veth peer name glive1 netns glive
ip link set glive0 up
ip netns exec glive ip link set glive1 up

send() { # PPS: sends the file once
    local rate=--pps=$1
    [ "$1" = top ] && rate=--topspeed
    ip netns exec glive tcpreplay -q --preload-pcap -i glive1 "$rate" "$file" 2>&1
}
rate_of() { sed -n 's/^Rated:.* \([0-9.]*\) pps$/\1/p'; }
metric() { curl -s "localhost:$port/metrics" | awk -v name="$1" '$1 == name || index($1, name "{") == 1 {sum += $2} END {printf "%.6f\n", sum}'; }
cpu_ms() { awk -v tick="$(getconf CLK_TCK)" '{print ($14 + $15) * 1000 / tick}' "/proc/$probe/stat"; }
begin() {
    "$program" watch "$@" --state off --listen "127.0.0.1:$port" >/dev/null 2>"$work/log" &
    probe=$!
    until curl -sf "localhost:$port/readyz" >/dev/null; do sleep 0.05; done
}
end() { kill "$probe"; wait "$probe" || true; probe=; }

echo "generator alone, nobody reading: $(send top | rate_of) packets a second"
echo
echo '| asked for | sent | a second | read | lost in the ring | CPU of greyline, ns a packet |'
echo '|--:|--:|--:|--:|--:|--:|'
for pps in "$@"; do
    begin glive0
    cpu=$(cpu_ms)
    rate=$(send "$pps" | rate_of)
    sleep 2
    read=$(metric 'greyline_source_frames_total')
    lost=$(metric 'greyline_source_dropped_total')
    spent=$(cpu_ms)
    end
    awk -v pps="$pps" -v rate="$rate" -v read="$read" -v lost="$lost" -v cpu="$cpu" -v spent="$spent" \
        'BEGIN {printf "| %s | %d | %d | %d | %d | %.0f |\n", pps, read + lost, rate, read, lost, (spent - cpu) * 1e6 / (read ? read : 1)}'
done

# A call under a protected number from each of 200 customers: each is an alert of its own, at its first call.
python3 "$here/live_alerts.py" config >"$work/greyline.toml"
half=$(($([ "$1" = top ] && echo 200000 || echo "$1") / 2))
begin glive0 --hep 127.0.0.1:9079 --config "$work/greyline.toml"
send "$half" >/dev/null &
sleep 1
python3 "$here/live_alerts.py" send 127.0.0.1 9079
sleep 2
echo
echo "alerts beside $half packets a second, by how long after the packet that justified them they were handed to the outputs:"
curl -s "localhost:$port/metrics" | grep -E '^greyline_alert_latency_seconds_(bucket|count)'
end
wait
