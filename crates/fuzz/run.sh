#!/bin/sh
# run.sh MINUTES [TARGET...]: fuzzes each target (all of them when none is named) for so many minutes, one process at a
# time, and says what came of it. `captures` in the environment names folders of captures to cut more seeds from.
set -eu
cd "$(dirname "$0")"
minutes=${1:?usage: run.sh MINUTES [TARGET...]}
shift
export RUSTC_BOOTSTRAP=1 # the sanitizer on a stable toolchain
[ $# -gt 0 ] || set -- $(cargo fuzz list --fuzz-dir .)

mkdir -p corpus
find ../../fixtures ${captures:-} -type f \( -name '*.pcap' -o -name '*.pcapng' -o -name '*.cap' \) -print0 |
    xargs -0 cargo run --quiet --release --example seeds corpus
for folder in ../../fixtures/hostile/*/; do
    target=$(basename "$folder")
    if [ -f "targets/$target.rs" ]; then mkdir -p "corpus/$target"; cp "$folder"* "corpus/$target/"; fi
done
mkdir -p corpus/sip corpus/sdp corpus/passport
cp ../../fixtures/sip/*.sip corpus/sip/
cp ../../fixtures/sdp/*.sdp corpus/sdp/
cp ../../fixtures/passport/*.txt corpus/passport/

for target; do
    mkdir -p "corpus/$target"
    cargo fuzz build --fuzz-dir . "$target" >/dev/null 2>&1
    log=$(mktemp)
    if nice -n 15 cargo fuzz run --fuzz-dir . "$target" -- -max_total_time=$((minutes * 60)) -timeout=10 -rss_limit_mb=2048 \
        -max_len=16384 -dict=dictionaries/text.dict -print_final_stats=1 >"$log" 2>&1
    then verdict=clean; else verdict=FOUND; fi
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    edges=$(sed -n 's/.*cov: \([0-9]*\) .*/\1/p' "$log" | tail -1)
    echo "$target $verdict executions=${runs:-?} edges=${edges:-?} log=$log"
done
