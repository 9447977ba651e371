#!/bin/bash
# In small, what the official PostgreSQL image promises: a cluster in an empty PGDATA by POSTGRES_USER, POSTGRES_PASSWORD
# (or POSTGRES_PASSWORD_FILE) and POSTGRES_DB, then the server itself as process 1. Any other command is run as it stands.
set -eu

if [ "${1:-}" != postgres ]; then exec "$@"; fi

sockets=/run/postgresql
if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA" "$sockets"
  chown -R postgres:postgres "$PGDATA" "$sockets"
  exec setpriv --reuid=postgres --regid=postgres --clear-groups -- "$0" "$@"
fi

owner=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$owner}
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  if [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then POSTGRES_PASSWORD=$(cat "$POSTGRES_PASSWORD_FILE"); fi
  initdb --no-sync --username="$owner" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") \
    --encoding=UTF8 --locale=C.UTF-8 --auth-host=scram-sha-256 "$PGDATA" >/dev/null
  printf 'host all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
  if [ "$database" != postgres ]; then
    printf 'create database "%s"\n' "$database" | postgres --single -D "$PGDATA" postgres >/dev/null
  fi
fi
exec postgres -c listen_addresses='*' -c unix_socket_directories="$sockets" "${@:2}"
