#!/bin/bash
# Makes a Debian package of the workspace.
#
#   deploy/debian/build.sh [--binary FILE] [--version VERSION] [--out FOLDER]
#
# Without --binary the program is built for release. It needs, of Debian: dpkg-dev binutils help2man libpcap0.8 gzip.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
binary='' version='' out=$root/target
while [ $# -gt 0 ]; do
    case $1 in
        --binary) binary=$2 ;;
        --version) version=$2 ;;
        --out) out=$2 ;;
        *) sed -n '2,6s/^# \?//p' "$0" >&2; exit 2 ;;
    esac
    shift 2
done
umask 022

if [ -z "$binary" ]; then
    (cd "$root" && cargo build --release --locked -p greyline)
    binary=$root/target/release/greyline
fi
[ -n "$version" ] || version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' "$root/Cargo.toml")-1
# The same sources give the same package.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct)}
export SOURCE_DATE_EPOCH

work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
tree=$work/tree
doc=$tree/usr/share/doc/greyline
install -d "$tree/DEBIAN" "$tree/usr/share/man/man1" "$doc/examples" "$doc/examples/grafana" "$doc/examples/prometheus"
install -D -m 755 "$binary" "$tree/usr/bin/greyline"
strip --strip-unneeded --remove-section=.comment --remove-section=.note "$tree/usr/bin/greyline"
install -D -m 644 "$root/deploy/greyline.service" "$tree/lib/systemd/system/greyline.service"
install -D -m 644 "$here/greyline.toml" "$tree/etc/greyline/greyline.toml"
install -D -m 644 "$here/logrotate" "$tree/etc/logrotate.d/greyline"
install -m 644 "$root/deploy/greyline.toml" "$doc/examples/greyline.toml"
install -m 644 "$root/deploy/grafana/greyline.json" "$doc/examples/grafana"
install -m 644 "$root"/deploy/prometheus/{prometheus,alertmanager,recording,alerts}.yml "$doc/examples/prometheus"
install -m 644 "$root/deploy/GUIDE.md" "$doc"
install -m 644 "$root/crates/numbers/NOTICE" "$doc"
install -m 644 "$root/crates/dossier/fonts/OFL.txt" "$doc/NOTICE.fonts"

page() {
    local name=$1 program=$2 what=$3
    help2man --no-info --version-string="${version%-*}" --name "$what" "$program" |
        sed "s/^greyline \(watch\|replay\) \\\\- /greyline-\1 \\\\- /; s/^\.TH GREYLINE /.TH ${name^^} /" | gzip -9n >"$tree/usr/share/man/man1/$name.1.gz"
}
page greyline "$tree/usr/bin/greyline" 'find scam calls in telephone traffic over IP'
page greyline-watch "$tree/usr/bin/greyline watch" 'watch live links for scam calls'
page greyline-replay "$tree/usr/bin/greyline replay" 'find scam calls in captures'

{
    echo 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/'
    echo
    echo 'Files: *'
    echo "Copyright: $(sed -n '1s/^Copyright (c) //p' "$root/deploy/licences/LICENSE-MIT")"
    echo 'License: Expat or Apache-2.0'
    echo
    echo 'License: Expat'
    sed -n '/^Permission is hereby/,$p' "$root/deploy/licences/LICENSE-MIT" | sed 's/^$/./; s/^/ /'
    echo
    echo 'License: Apache-2.0'
    echo ' The whole licence is in /usr/share/common-licenses/Apache-2.0. What was derived'
    echo ' from others is named in /usr/share/doc/greyline/NOTICE, and in NOTICE.fonts the'
    echo ' fonts of the PDFs it writes (SIL Open Font License 1.1).'
} >"$doc/copyright"
{
    echo "greyline ($version) unstable; urgency=medium"
    echo
    echo '  * What has changed is told by the commits of the sources.'
    echo
    echo " -- greyline <greyline@example.net>  $(date -u -R -d "@$SOURCE_DATE_EPOCH")"
} | gzip -9n >"$doc/changelog.Debian.gz"

# What the program is linked against, as dpkg knows it.
mkdir -p "$work/shlibs/debian"
printf 'Source: greyline\n\nPackage: greyline\nArchitecture: any\n' >"$work/shlibs/debian/control"
depends=$(cd "$work/shlibs" && dpkg-shlibdeps -O "$tree/usr/bin/greyline" 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
architecture=$(dpkg --print-architecture)
sed -e "s/@version@/$version/; s/@architecture@/$architecture/; s/@depends@/$depends/" \
    -e "s/@size@/$(du -sk --apparent-size "$tree" | cut -f1)/" "$here/control" >"$tree/DEBIAN/control"
install -m 644 "$here/conffiles" "$tree/DEBIAN/conffiles"
install -m 755 "$here/postinst" "$here/prerm" "$here/postrm" "$tree/DEBIAN"
(cd "$tree" && find . -path ./DEBIAN -prune -o -type f ! -path './etc/*' -printf '%P\n' | LC_ALL=C sort | xargs md5sum) >"$tree/DEBIAN/md5sums"
find "$tree" -depth -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

mkdir -p "$out"
package=$out/greyline_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zxz --build "$tree" "$package" >&2
echo "$package"
