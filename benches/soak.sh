#!/bin/bash
# soak.sh PROGRAM [MINUTES]: a probe over a long time. A veth pair between two network namespaces; at one end calls with their media and a
# scam centre among them (`greyline synth demo`), again and again at their own speed times ten, and garbage, while the link goes down and comes
# back; over HEP calls that are alerts at once, and garbage; the configuration is read anew every minute. Prints a line a minute: memory,
# descriptors, threads, what was read, what was lost. At the end: whether what the kernel handed over is what was read and what is named as
# lost. Needs root, iproute2, tcpreplay, curl and python3.
set -euo pipefail
program=$(realpath "${1:?usage: soak.sh PROGRAM [MINUTES]}")
minutes=${2:-60}
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
port=9651
hep=9083
started=()
clean_up() {
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait
    ip link del gsoak0 2>/dev/null || true
    ip netns del gsoak 2>/dev/null || true
    rm -rf "$work"
}
trap clean_up EXIT

ip netns add gsoak
ip link add gsoak0 type veth peer name gsoak1 netns gsoak
ip link set gsoak0 up
ip netns exec gsoak ip link set gsoak1 up

"$program" synth demo --out "$work/demo.pcap" >/dev/null
python3 "$here/live_alerts.py" config >"$work/greyline.toml"
printf '[state]\nfolder = "%s/state"\nsnapshot_secs = 10\n' "$work" >>"$work/greyline.toml"
garbage() { # writes COUNT frames of random bytes, some of which begin like frames of IPv4 and UDP to a SIP port
    python3 - "$work/garbage.pcap" "$1" <<'P'
import random, struct, sys
random.seed(7)
out = open(sys.argv[1], "wb")
out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
for n in range(int(sys.argv[2])):
    body = random.randbytes(random.randint(20, 900))
    if n % 2:
        udp = struct.pack(">HHHH", 5060, 5060, 8 + len(body), 0) + body
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), n & 0xffff, 0, 64, 17, 0, bytes([192, 0, 2, 7]), bytes([192, 0, 2, 8]))
        body = bytes(12) + b"\x08\x00" + ip + udp
    out.write(struct.pack("<IIII", 1 + n // 1000, n % 1000 * 1000, len(body), len(body)) + body)
P
}
garbage 20000

"$program" watch gsoak0 --hep "127.0.0.1:$hep" --config "$work/greyline.toml" --alerts "$work/alerts.jsonl" --calls "$work/calls.jsonl" \
    --listen "127.0.0.1:$port" >/dev/null 2>"$work/log" &
probe=$!
started+=("$probe")
until curl -sf "localhost:$port/readyz" >/dev/null; do sleep 0.1; done
# What the interface itself sends when it comes up is seen as well.
passed() { awk '{ sum += $1 } END { print sum }' /sys/class/net/gsoak0/statistics/[rt]x_packets; }
before=$(passed)

(while :; do ip netns exec gsoak tcpreplay -q -x 10 -i gsoak1 "$work/demo.pcap" || sleep 1; done) >/dev/null 2>&1 &
started+=($!)
(while :; do ip netns exec gsoak tcpreplay -q --pps 2000 -i gsoak1 "$work/garbage.pcap" || true; sleep 5; done) >/dev/null 2>&1 &
started+=($!)
(while :; do
    python3 "$here/live_alerts.py" send 127.0.0.1 "$hep"
    head -c 100000 /dev/urandom | split -b 500 --filter "cat >/dev/udp/127.0.0.1/$hep" 2>/dev/null || true
    sleep 20
done) >/dev/null 2>&1 &
started+=($!)
(while sleep 45; do ip link set gsoak0 down; sleep 3; ip link set gsoak0 up; done) &
started+=($!)

page() { curl -s "localhost:$port/metrics"; }
sum() { awk -v name="$1" '$1 == name || index($1, name "{") == 1 {sum += $2} END {printf "%d\n", sum}'; }
echo '| minute | resident, KiB | descriptors | threads | frames | dropped | outages | SIP requests | legs | entities | alerts | state held it, ms |'
echo '|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|'
for ((minute = 1; minute <= minutes; minute++)); do
    sleep 60
    curl -s -X POST "localhost:$port/reload" >/dev/null
    page >"$work/page"
    of() { sum "$1" <"$work/page"; }
    held=$(awk '$1 == "greyline_state_held_seconds" {printf "%.1f", $2 * 1e3}' "$work/page")
    echo "| $minute | $(awk '/VmRSS/ {print $2}' "/proc/$probe/status") | $(ls "/proc/$probe/fd" | wc -l) | $(awk '/Threads/ {print $2}' "/proc/$probe/status")" \
        "| $(of greyline_source_frames_total) | $(of greyline_source_dropped_total) | $(of greyline_source_outages_total) | $(of greyline_sip_requests_total)" \
        "| $(of greyline_call_legs) | $(of greyline_entities) | $(of greyline_alerts_total) | $held |"
done
# The generators end, and what is on its way arrives.
for pid in "${started[@]:1}"; do kill "$pid" 2>/dev/null || true; done
ip netns pids gsoak | xargs -r kill 2>/dev/null || true
sleep 3
page >"$work/page"
after=$(passed)
link() { awk -v name="$1" 'index($1, name "{") == 1 && /gsoak0/ {sum += $2} END {printf "%d\n", sum}' "$work/page"; }
read_frames=$(link greyline_source_frames_total)
dropped=$(link greyline_source_dropped_total)
echo
echo "past the kernel went $((after - before)) frames; read $read_frames, named as dropped $dropped: $((after - before - read_frames - dropped)) apart"
echo "read from all sources $(sum greyline_source_frames_total <"$work/page"), frames that went on $(sum greyline_frames_total <"$work/page")"
kill "$probe"
wait "$probe" && echo "it ended with 0"
grep -c panicked "$work/log" || true
