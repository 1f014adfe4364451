#!/bin/bash
# workers.sh PROGRAM FILE FROM TO [RUNS]: what more workers bring. FILE is a load file as speed.sh makes them; every figure is the slope
# between its first FROM and its first TO frames, of the least of RUNS runs each, all detectors on.
set -euo pipefail
[ $# -ge 4 ] || { echo "usage: workers.sh PROGRAM FILE FROM TO [RUNS]" >&2; exit 2; }
program=$1 file=$2 from=$3 to=$4 runs=${5:-7}
traffic=$(dirname "$0")/../target/release/traffic
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
for frames in "$from" "$to"; do "$traffic" cut "$file" --frames "$frames" --out "$work/$frames.pcap" 2>/dev/null; done

least() { # FRAMES WORKERS : the least wall and CPU milliseconds
    for _ in $(seq "$runs"); do
        { TIMEFORMAT='%3R %3U %3S'; time "$program" replay "$work/$1.pcap" --workers "$2" --quiet --alerts /dev/null --calls /dev/null --summary /dev/null >/dev/null; } 2>&1
    done | awk '{ wall = $1 * 1000; cpu = ($2 + $3) * 1000
                  if (NR == 1 || wall < w) w = wall; if (NR == 1 || cpu < c) c = cpu } END { print w, c }'
}

echo '| workers | ns a frame | million frames a second | CPU ns a frame |'
echo '|--:|--:|--:|--:|'
for workers in 1 2 3 4 8; do
    read -r few_wall few_cpu <<<"$(least "$from" "$workers")"
    read -r many_wall many_cpu <<<"$(least "$to" "$workers")"
    awk -v workers="$workers" -v frames=$((to - from)) -v wall="$(awk "BEGIN { print $many_wall - $few_wall }")" \
        -v cpu="$(awk "BEGIN { print $many_cpu - $few_cpu }")" \
        'BEGIN { printf "| %d | %.0f | %.1f | %.0f |\n", workers, wall * 1e6 / frames, frames / wall / 1e3, cpu * 1e6 / frames }'
done
