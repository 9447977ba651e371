# For the other scripts here: how they say what they do. Each names itself in `script` first.

say() { printf '%s: %s\n' "$script" "$*" >&2; }
fail() { say "$@"; exit 1; }

# Runs a command and keeps its output to itself, unless it fails.
quietly() {
  log=$(mktemp)
  if "$@" >"$log" 2>&1 </dev/null; then rm -f "$log"; return 0; fi
  cat "$log" >&2
  rm -f "$log"
  return 1
}
