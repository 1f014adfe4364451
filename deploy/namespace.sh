# shellcheck shell=bash
# To be sourced by the scripts here that run a greyline beside others: they go on in a network namespace of their own, in which `program` is
# what their first argument names, or target/release/greyline; `work` a folder for logs; and what is in `started` ends with them.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
program=$(realpath "${1:-$root/target/release/greyline}")
if [ -z "${INSIDE:-}" ]; then
    INSIDE=1 exec unshare --net --mount "$0" "$program" "${@:2}"
fi
work=$(mktemp -d)
started=()
finish() {
    status=$?
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait
    [ "$status" = 0 ] || tail -n 20 "$work"/*.log
    rm -r "$work"
}
trap finish EXIT
