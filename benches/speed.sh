#!/bin/bash
# The table of benches/README.md: CPU nanoseconds and instructions per frame, of the floor, of greyline and of the tools
# of the field, on the same files. Every figure is a slope between two cuts of a file. A tool that is not there has no row.
#
#   benches/speed.sh [RUNS]      load files are made in $LOAD, by default target/load
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-5}
tools=${CARGO_TARGET_DIR:-target}/release
load=${LOAD:-target/load}
mkdir -p "$load"

cargo build --quiet --release -p benches
make_load() { # NAME ARGUMENT... : a load file, if it is not there yet
    local file=$load/$1.pcap
    shift
    [ -e "$file" ] || "$tools/traffic" "$@" --out "$file" 2>/dev/null
}
make_load mix-2000 mix --calls 2000 --seconds 10 --ramp-ms 2000
make_load mix-20000 mix --calls 20000 --seconds 3 --ramp-ms 1000
make_load mix-200 mix --calls 200 --seconds 10 --ramp-ms 2000
make_load sip sip --calls 100000

cut() { # NAME FRAMES : the path of the first FRAMES of a load file
    local file=$load/$1-$2.pcap
    [ -e "$file" ] || "$tools/traffic" cut "$load/$1.pcap" --frames "$2" --out "$file" 2>/dev/null
    echo "$file"
}

cpu_ms() { # RUNS COMMAND... : the least user and system milliseconds of RUNS runs
    local count=$1 least=999999999 spent
    shift
    for _ in $(seq "$count"); do
        # The shell's own clock has milliseconds: "0.123 0.004".
        spent=$({ TIMEFORMAT='%3U %3S'; time "$@" >/dev/null 2>&1 </dev/null; } 2>&1 | awk 'END { print int(($1 + $2) * 1000 + .5) }')
        [ "$spent" -lt "$least" ] && least=$spent
    done
    echo "$least"
}

nanoseconds() { # NAME FROM TO RUNS COMMAND... ; {} stands for the file
    local name=$1 from=$2 to=$3 count=$4 few many
    shift 4
    few=$(cpu_ms "$count" "${@//\{\}/$(cut "$name" "$from")}")
    many=$(cpu_ms "$count" "${@//\{\}/$(cut "$name" "$to")}")
    awk -v few="$few" -v many="$many" -v frames=$((to - from)) 'BEGIN { printf "%.0f", (many - few) * 1e6 / frames }'
}

row() { # PROGRAM NAME FROM TO RUNS yes|no COMMAND... : one line of the table; "yes" counts instructions too
    local program=$1 name=$2 from=$3 to=$4 count=$5 counted=$6 spent instructions='—'
    shift 6
    command -v "$1" >/dev/null || return 0
    spent=$(nanoseconds "$name" "$from" "$to" "$count" "$@")
    if [ "$counted" = yes ]; then
        instructions=$(benches/instructions.sh "$load/$name.pcap" "$from" "$to" "${@}")
    fi
    echo "| $program | $name | $from–$to | $spent | $instructions |"
}

greyline=("$tools/greyline" replay {} --workers 1 --calls /dev/null --summary /dev/null)
echo '| program | file | frames | ns CPU per frame | instructions per frame |'
echo '|---|---|--:|--:|--:|'
for file in 'mix-2000 700000 1500000' 'mix-20000 2000000 3400000' 'sip 200000 690000' 'mix-200 50000 140000'; do
    read -r name from to <<<"$file"
    row floor "$name" "$from" "$to" "$runs" yes "$tools/floor" {}
    row greyline "$name" "$from" "$to" "$runs" yes "${greyline[@]}"
done
# The others on cuts they finish in a minute. sngrep is told to hold as many calls as the file has.
for file in 'mix-200 50000 140000' 'sip 10000 40000'; do
    read -r name from to <<<"$file"
    row 'nDPI ndpiReader' "$name" "$from" "$to" 3 no ndpiReader -q -i {}
    row 'tshark -z rtp,streams -z sip,stat' "$name" "$from" "$to" 2 no tshark -n -q -z rtp,streams -z sip,stat -r {}
    row 'sngrep -N -q' "$name" "$from" "$to" 2 no sngrep -F -N -q -l 100000 -I {}
    row 'sngrep -N -q -r' "$name" "$from" "$to" 2 no sngrep -F -N -q -r -l 100000 -I {}
done
