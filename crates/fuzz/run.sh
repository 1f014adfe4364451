#!/bin/sh
# run.sh MINUTES [TARGET...]: fuzzes each target (all of them when none is named) for so many minutes, one after another,
# and prints a line for each. `captures` in the environment names folders of captures to cut more seeds from.
set -eu
minutes=${1:?usage: run.sh MINUTES [TARGET...]}
shift
captures=$(for folder in ${captures:-}; do realpath "$folder"; done)
cd "$(dirname "$0")"
export RUSTC_BOOTSTRAP=1                   # the sanitizer on a stable toolchain
export ASAN_OPTIONS=quarantine_size_mb=4   # large tables are made anew for each input: freed memory must come back
[ $# -gt 0 ] || set -- $(cargo fuzz list --fuzz-dir .)

mkdir -p corpus/sip corpus/sdp corpus/passport corpus/config
# shellcheck disable=SC2086
find ../../fixtures $captures -type f \( -name '*.pcap' -o -name '*.pcapng' -o -name '*.cap' -o -name '*.gz' -o -name '*.zst' \) -print0 |
    xargs -0 cargo run --quiet --release --example seeds corpus
cp ../../fixtures/sip/*.sip corpus/sip/
cp ../../fixtures/sdp/*.sdp corpus/sdp/
cp ../../fixtures/passport/*.txt corpus/passport/
cp ../../deploy/greyline.toml corpus/config/

cargo fuzz build --fuzz-dir . >/dev/null
for target; do
    mkdir -p "corpus/$target"
    if [ -d "../../fixtures/hostile/$target" ]; then cp ../../fixtures/hostile/"$target"/* "corpus/$target/"; fi
    log=$(mktemp)
    verdict=clean
    nice -n 15 cargo fuzz run --fuzz-dir . "$target" -- -max_total_time=$((minutes * 60)) -timeout=20 -rss_limit_mb=2048 \
        -max_len=16384 -dict=dictionaries/text.dict -print_final_stats=1 >"$log" 2>&1 || verdict=FOUND
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    edges=$(sed -n 's/.*cov: \([0-9]*\) .*/\1/p' "$log" | tail -1)
    echo "$target $verdict executions=${runs:-?} edges=${edges:-?} $log"
done
