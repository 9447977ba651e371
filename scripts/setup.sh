#!/bin/sh
# Everything that holdfast's npm commands need, in one place: packages, programs, the Temporal CLI, the build.
# Safe to repeat; prints one line for each thing it does and nothing when there is nothing to do.
set -eu
cd "$(dirname "$0")/.."

script=set-up
. scripts/messages.sh

check_node() {
  command -v node >/dev/null || fail 'Node.js 20.19 or newer is needed: https://nodejs.org'
  node -e 'const [a, b] = process.versions.node.split("."); process.exit(+a > 20 || (+a === 20 && +b >= 19) ? 0 : 1)' ||
    fail "Node.js 20.19 or newer is needed, this is $(node --version): https://nodejs.org"
}

# The lock file that the packages were installed from lies among them: npm ci removes it first and we write it last.
install_packages() {
  cmp -s package-lock.json node_modules/.holdfast-lock.json && return
  say 'installing the packages of package-lock.json'
  quietly npm ci --no-audit --no-fund --loglevel=error || fail 'npm ci failed'
  cp package-lock.json node_modules/.holdfast-lock.json
}

# The stamp is made before the build, so that what is edited during it is built the next time.
build() {
  if [ -f dist/.built ]; then
    newer=$(find src scripts/bundle-workflows.mjs package-lock.json tsconfig.json tsconfig.build.json -newer dist/.built)
    [ -n "$newer" ] || return 0
  fi
  say 'building'
  mkdir -p dist
  touch dist/.building
  quietly npm run --silent build || fail 'the build failed'
  mv dist/.building dist/.built
}

check_node
. scripts/programs.sh
install_programs
install_packages
node scripts/temporal-cli.mjs >/dev/null
build
