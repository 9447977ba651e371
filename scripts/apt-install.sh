#!/bin/sh
# Runs as root: installs packages, and leaves no PostgreSQL cluster and no running service behind. The main cluster
# that Debian would make takes a port and memory, and nobody asked for it.
set -eu
settings=/etc/postgresql-common/createcluster.d/holdfast-setup.conf
policy=/usr/sbin/policy-rc.d
ours=''

clean_up() {
  rm -f "$settings"
  if [ -n "$ours" ]; then rm -f "$policy"; fi
}
trap clean_up EXIT
trap 'exit 130' INT TERM

mkdir -p "$(dirname "$settings")"
echo 'create_main_cluster = false' >"$settings"
if [ ! -e "$policy" ]; then
  ours=yes
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi
apt-get install -y -q --no-install-recommends "$@"
