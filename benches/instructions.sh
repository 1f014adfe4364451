#!/bin/sh
# Instructions per frame of a program, as the slope between two cuts of one capture: what a program does at its start
# and its end, and while its tables fill, cancels out.
#
#   benches/instructions.sh FILE FRAMES_A FRAMES_B PROGRAM [ARGUMENT...]     {} among the arguments stands for the cut
set -eu
file=$1 from=$2 to=$3
shift 3
tools=${CARGO_TARGET_DIR:-$(dirname "$0")/../target}/release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cut=$work/cut.pcap
# The cut's place among the arguments, filled in without losing their quoting.
count=$#
for argument; do
    [ "$argument" = '{}' ] && argument=$cut
    set -- "$@" "$argument"
done
shift "$count"

instructions() { # FRAMES PROGRAM... : instructions over the first FRAMES of the file
    "$tools/traffic" cut "$file" --frames "$1" --out "$cut" 2>/dev/null
    shift
    valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null "$@" 2>"$work/said" >/dev/null
    awk '/I *refs:/ { gsub(",", "", $NF); print $NF }' "$work/said"
}

few=$(instructions "$from" "$@")
many=$(instructions "$to" "$@")
awk -v few="$few" -v many="$many" -v from="$from" -v to="$to" 'BEGIN { printf "%.1f\n", (many - few) / (to - from) }'
