#!/bin/sh
# The passwords of docker-compose.temporal.yml: makes an .env that only its owner can read, in the folder that is given (without
# one, beside that file), and says what it made. Never touches one that is there: database and bucket know no other passwords.
set -eu
cd "${1:-$(dirname "$0")/..}"
umask 077

fail() { echo "temporal-env: $*" >&2; exit 1; }
random() { od -An -tx1 -N"$1" /dev/urandom | tr -d ' \n'; }

there="$PWD/.env is there already, and stays as it is"
[ ! -e .env ] && [ ! -L .env ] || fail "$there"
new=$(mktemp .env.XXXXXX)
trap 'rm -f "$new"' EXIT
cat >"$new" <<END
TEMPORAL_DATABASE_PASSWORD=$(random 32)
S3_ACCESS_KEY=holdfast-$(random 6)
S3_SECRET_KEY=$(random 32)
END
# A link, unlike a rename, takes no other file's place.
ln "$new" .env || fail "$there"
echo "made $PWD/.env, which only you can read:"
sed 's/=.*//; s/^/  /' .env
