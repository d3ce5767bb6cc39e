#!/usr/bin/env bash
# Unpacks Debian packages, and whatever they need and this machine lacks, into .tools/debian/. Nothing is
# installed on the machine itself: its package lists, its cache and its /usr stay as they are, and no rights
# beyond those of the checkout's owner are needed.
#
#   tests/tools/debian.sh PACKAGE...
#
# A program is then started through `.tools/debian/run`, which lets it find its libraries:
#
#   .tools/debian/run .tools/debian/usr/bin/nvim --version
#
# Name every package whose files are wanted here: a dependency that the machine has installed already is used from
# there and not unpacked. The release of the machine pins the versions. A second run reuses what is there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

root=$PWD/.tools/debian
apt=(apt-get -q -y
  -o Debug::NoLocking=true
  -o APT::Sandbox::User=
  -o Dir::State="$root/state"
  -o Dir::State::status=/var/lib/dpkg/status
  -o Dir::Cache="$root/cache"
  -o Acquire::Retries=3
  -o APT::Update::Post-Invoke=
  -o APT::Install-Recommends=false)

# What is there already is there for this release and for exactly this way of unpacking.
stamp="$(cat /etc/debian_version) $(sha256sum < tests/tools/debian.sh)"
[[ -f $root/stamp && "$(cat "$root/stamp")" == "$stamp" ]] || rm -rf "$root"
mkdir -p "$root/state/lists/partial" "$root/cache/archives/partial" "$root/unpacked"
printf '%s' "$stamp" > "$root/stamp"

missing=()
for package in "$@"; do
  [[ -e $root/unpacked/$package ]] || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
  echo "already unpacked: $*"
  exit 0
fi

say_why() { cat "$root/log" >&2; exit 1; }
"${apt[@]}" update > "$root/log" 2>&1 || say_why
"${apt[@]}" install --reinstall --download-only "${missing[@]}" > "$root/log" 2>&1 || say_why
for archive in "$root"/cache/archives/*.deb; do
  dpkg-deb --extract "$archive" "$root"
done
# The archives are as large as what is in them; the lists are wanted again only with another package.
rm -rf "$root/cache" "$root/state"

# Most libraries lie in one folder, some that belong to one program in a folder below it.
libraries="$(find "$root" -name 'lib*.so*' -printf '%h\n' | sort -u | paste -sd:)"
cat > "$root/fonts.conf" <<FONTS
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>$root/usr/share/fonts</dir><cachedir>$root/fonts.cache</cachedir></fontconfig>
FONTS
cat > "$root/run" <<RUN
#!/bin/sh
# Starts a program with the libraries, data and fonts that were unpacked beside it.
export LD_LIBRARY_PATH="$libraries\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}"
export XDG_DATA_DIRS="$root/usr/share:\${XDG_DATA_DIRS:-/usr/local/share:/usr/share}"
export FONTCONFIG_FILE="$root/fonts.conf"
exec "\$@"
RUN
chmod +x "$root/run"
for package in "${missing[@]}"; do
  : > "$root/unpacked/$package"
done
echo "unpacked into .tools/debian/: ${missing[*]}"
