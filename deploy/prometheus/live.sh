#!/bin/bash
# A real Prometheus and a real Alertmanager beside a greyline that watches a link, on which a capture is played.
#
#   deploy/prometheus/live.sh [PROGRAM]        target/release/greyline where none is named; FASTER=12 is how much faster it is played
#
# It needs root, and of Debian: prometheus prometheus-alertmanager tcpreplay wireshark-common zstd curl jq iproute2. All of it runs in
# a network namespace of its own that ends with it. It prints what it finds, and fails where something is missing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../namespace.sh"

say() { printf '\n## %s\n\n' "$*"; }
fail() { echo "FAILED: $*"; exit 1; }
# Waits until a command succeeds, at most so many seconds.
await() {
    local seconds=$1 left=$1
    shift
    until "$@"; do
        ((left-- > 0)) || fail "$* did not come true within $seconds s"
        sleep 1
    done
}
ask() { curl -sf --get http://127.0.0.1:9090/api/v1/query --data-urlencode "query=$1"; }
firing() {
    amtool --alertmanager.url=http://127.0.0.1:9093 alert query -o json "$@" >"$work/firing.json"
    jq -e 'length > 0' "$work/firing.json" >"$work/amtool.out"
}

ip link set lo up
ip link add tap0 type veth peer name player0
for link in tap0 player0; do
    sysctl -qw "net.ipv6.conf.$link.disable_ipv6=1"
    ip link set "$link" mtu 9000 up
done

zstd -dqc "$root/fixtures/scam-centre/trunks.pcapng.zst" >"$work/trunks.pcapng"
editcap -F pcap "$work/trunks.pcapng" "$work/trunks.pcap"
# The scam centre's trunks have signalling alone; these calls have speech.
gzip -dc "$root/fixtures/demo/trunk.pcapng.gz" >"$work/speech.pcapng"
editcap -F pcap "$work/speech.pcapng" "$work/speech.pcap"

# The files of this folder, asked oftener than in life.
cp "$here"/*.yml "$work"
sed -i 's/_interval: 15s/_interval: 2s/' "$work/prometheus.yml"
sed -i 's/group_wait: 10s/group_wait: 1s/' "$work/alertmanager.yml"

# greyline tells Alertmanager itself as well: who it is stands there alone.
cat "$root/fixtures/scam-centre/greyline.toml" - >"$work/greyline.toml" <<TOML
[state]
folder = "$work/state"

[[sink]]
name = "alertmanager"
numbers = "masked"
[sink.alertmanager]
urls = ["http://127.0.0.1:9093"]
TOML
mkdir "$work/state"
"$program" check "$work/greyline.toml" | head -n 1
"$program" watch tap0 --config "$work/greyline.toml" --state off --alerts "$work/alerts.jsonl" \
    --summary "$work/summary.json" >"$work/greyline.out" 2>"$work/greyline.log" &
greyline=$!
started+=("$greyline")
prometheus-alertmanager --config.file="$work/alertmanager.yml" --storage.path="$work/alertmanager" --cluster.listen-address= \
    --web.listen-address=127.0.0.1:9093 >"$work/alertmanager.log" 2>&1 &
started+=($!)
prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/prometheus" --web.listen-address=127.0.0.1:9090 \
    >"$work/prometheus.log" 2>&1 &
started+=($!)

say "Ready"
await 10 curl -sf http://127.0.0.1:9640/readyz
await 30 curl -sf -o "$work/ready" http://127.0.0.1:9090/-/ready
await 30 curl -sf -o "$work/ready" http://127.0.0.1:9093/-/ready
tcpreplay -q --multiplier "${FASTER:-12}" -i player0 "$work/trunks.pcap" >"$work/tcpreplay.log" 2>&1 &
player=$!
tcpreplay -q -i player0 "$work/speech.pcap" >"$work/speech.log" 2>&1 &
started+=("$player" $!)
played=$SECONDS

say "The alert in Alertmanager"
await 180 firing alertname=GreylineAlertOpen kind=scam_call_centre
echo "after $((SECONDS - played)) s of play at ${FASTER:-12} times the speed of life"
amtool --alertmanager.url=http://127.0.0.1:9093 alert query alertname=GreylineAlertOpen -o extended
echo
echo "Told by greyline's own sink:"
await 30 firing alertname=Greyline
jq -c '.[] | [.labels, .status.state]' "$work/firing.json"
jq -r '[.time, .status, .kind, .severity, .summary] | join("  ")' "$work/alerts.jsonl" | head -n 1

# Rates want some scrapes, and calls that ended.
sleep "$((SECONDS - played < 90 ? 90 - SECONDS + played : 0))"

say "promtool check metrics"
curl -sf http://127.0.0.1:9640/metrics >"$work/page"
promtool check metrics <"$work/page" && echo "nothing to say of $(grep -vc '^#' "$work/page") lines, $(grep -c '^# TYPE greyline' "$work/page") families"

say "Recorded"
for name in $(sed -n 's/^ *- record: //p' "$here/recording.yml"); do
    count=$(ask "$name" | jq '.data.result | length')
    echo "$count series of $name"
done

say "Queries of the dashboard"
jq -r '.. | objects | .expr? // empty' "$root/deploy/grafana/greyline.json" |
    sed 's/\$__rate_interval/1m/g; s/\$\(instance\|trunk\)/.+/g' | sort -u >"$work/queries"
while IFS= read -r query; do
    if ! answer=$(ask "$query"); then
        fail "Prometheus refuses $query"
    fi
    echo "$(jq '.data.result | length' <<<"$answer") $query"
done <"$work/queries" >"$work/answers"
echo "$(wc -l <"$work/answers") queries are understood, $(grep -vc '^0 ' "$work/answers") have an answer; without one, as nothing of the kind was on the link:"
sed -n 's/^0 /  /p' "$work/answers"
[ "$(grep -vc '^0 ' "$work/answers")" -ge 30 ] || fail "too few have an answer"

say "The link vanishes and returns"
kill "$player" 2>/dev/null || true
ip link del tap0
gone=$SECONDS
await 150 firing alertname=GreylineSourceGone source=tap0
echo "GreylineSourceGone fires $((SECONDS - gone)) s later, a minute of which it waits by rule"
ip link add tap0 type veth peer name player0
ip link set tap0 up
ip link set player0 up
await 30 curl -sf http://127.0.0.1:9640/readyz

say "The end"
kill -TERM "$greyline"
wait "$greyline" && echo "greyline ends with 0"
jq -r '"\(.frames) frames were read"' "$work/summary.json"
cat "$work/greyline.log"
