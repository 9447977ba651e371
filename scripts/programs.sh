# Part of setup.sh: the programs that holdfast and its tests start. Installs those that are missing where apt or
# Homebrew can, and says exactly what to install where it cannot.

PROGRAMS='postgresql rclone restic zstd tar age certificates pdeathsig'

# PostgreSQL's server binaries are often outside PATH, and Debian keeps the client's wrappers in it.
has_postgresql() {
  command -v pg_dump >/dev/null && command -v psql >/dev/null || return 1
  command -v initdb >/dev/null && return
  for folder in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin; do
    [ -x "$folder/initdb" ] && return
  done
  return 1
}

has_gnu_tar() {
  for tar in tar gtar; do
    case $("$tar" --version 2>/dev/null) in *'GNU tar'*) return ;; esac
  done
  return 1
}

is_linux() { [ "$(uname)" = Linux ]; }

has() {
  case $1 in
    postgresql) has_postgresql ;;
    tar) has_gnu_tar ;;
    # Temporal's client reads the system's certificates even where it uses none.
    certificates) ! is_linux || [ -e /etc/ssl/certs/ca-certificates.crt ] || [ -e /etc/pki/tls/certs/ca-bundle.crt ] || [ -e /etc/ssl/cert.pem ] ;;
    pdeathsig) ! is_linux || { setpriv --help 2>/dev/null | grep -q pdeathsig; } ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

apt_package() {
  case $1 in
    postgresql) echo postgresql postgresql-client ;;
    certificates) echo ca-certificates ;;
    pdeathsig) echo util-linux ;;
    *) echo "$1" ;;
  esac
}

brew_package() {
  case $1 in
    postgresql) echo postgresql@17 ;;
    tar) echo gnu-tar ;;
    *) echo "$1" ;;
  esac
}

in_words() {
  case $1 in
    postgresql) echo 'PostgreSQL, server and client (initdb, postgres, psql, pg_dump)' ;;
    tar) echo 'GNU tar' ;;
    certificates) echo 'the CA certificates of your distribution' ;;
    pdeathsig) echo 'util-linux (setpriv with --pdeathsig)' ;;
    *) echo "$1" ;;
  esac
}

install_programs() {
  missing=''
  for program in $PROGRAMS; do has "$program" || missing="$missing $program"; done
  [ -n "$missing" ] || return 0
  if command -v apt-get >/dev/null; then
    with_apt $(for program in $missing; do apt_package "$program"; done)
  elif command -v brew >/dev/null; then
    with_brew $(for program in $missing; do brew_package "$program"; done)
  else
    say 'these programs are missing; install them, then try again:'
    for program in $missing; do say "  $(in_words "$program")"; done
    exit 1
  fi
  for program in $missing; do has "$program" || fail "still missing after the installation: $(in_words "$program")"; done
}

with_brew() {
  say "installing $* with Homebrew"
  quietly brew install "$@" || fail "brew install $* failed"
  for package in "$@"; do
    case $package in postgresql@*) quietly brew link --overwrite "$package" ;; esac
  done
}

with_apt() {
  as_root=$(root_prefix) || fail "as root, run: apt-get update && apt-get install -y $*"
  say "installing $* with apt"
  quietly $as_root apt-get update -q || fail 'apt-get update failed'
  quietly $as_root env DEBIAN_FRONTEND=noninteractive sh scripts/apt-install.sh "$@" || fail "apt-get install $* failed"
}

# What makes a command run as root: nothing for root, sudo for others; without a terminal, only if it asks nothing.
root_prefix() {
  if [ "$(id -u)" = 0 ]; then return 0; fi
  command -v sudo >/dev/null || return 1
  if [ -t 0 ]; then sudo -v && echo sudo; else sudo -n true 2>/dev/null && echo 'sudo -n'; fi
}
