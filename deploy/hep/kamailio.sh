#!/bin/bash
# sipp calls through a real Kamailio, which sends what it sees to greyline as HEP: every call is there, once, answered.
#
#   deploy/hep/kamailio.sh [PROGRAM]           target/release/greyline where none is named; CALLS=50
#
# It needs root, and of Debian: kamailio sip-tester curl jq iproute2. It runs in a network namespace of its own.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../namespace.sh"
calls=${CALLS:-50}
ip link set lo up
# The proxy, the probe, who calls, who is called.
for address in 192.0.2.1 192.0.2.9 198.51.100.10 198.51.100.20; do ip address add "$address/32" dev lo; done

"$program" watch --hep 192.0.2.9:9060 --home GB --state off --calls "$work/calls.jsonl" 2>"$work/greyline.log" >"$work/out" &
greyline=$!
started+=("$greyline")
kamailio -f "$here/kamailio.cfg" -DD -E -m 32 -M 8 -w "$work" -Y "$work" 2>"$work/kamailio.log" &
started+=($!)
cd "$work"
sipp -sn uas -i 198.51.100.20 -p 5060 -mi 198.51.100.20 -nostdin >"$work/uas.log" 2>&1 &
started+=($!)
sleep 2
curl -sf http://127.0.0.1:9640/readyz

timeout 60 sipp -sn uac -i 198.51.100.10 -p 5060 -mi 198.51.100.10 -s +442079460166 -r 10 -m "$calls" -d 1000 -nostdin 192.0.2.1:5060 \
    >"$work/uac.log" 2>&1
echo "sipp: $calls calls made"
sleep 2
curl -sf http://127.0.0.1:9640/metrics >"$work/page"
grep -E '^greyline_(hep|source_(up|frames|dropped)|sip_requests|calls_total)' "$work/page" | grep -v ' 0$'
kill -TERM "$greyline"
wait "$greyline"
echo "greyline: $(wc -l <"$work/calls.jsonl") calls, by outcome and number called:"
jq -r '[.outcome, .callee.number, .source.ip, .destination.ip] | join(" ")' "$work/calls.jsonl" | sort | uniq -c
jq -e -s --argjson calls "$calls" 'length == $calls and all(.outcome == "answered") and (map(.call_id) | unique | length == $calls)' \
    "$work/calls.jsonl" >"$work/verdict"
echo "all are there, once, answered"
