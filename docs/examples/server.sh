# Sourced by the examples: a server of their own, with a folder that is deleted at the end.
set -euo pipefail

home=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
capsdb=$home/capsdb
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT

start_server() {
  "$capsdb" serve --data "$work/data" --port 0 >"$work/serve.log" 2>&1 &
  server=$!
  for _ in $(seq 100); do
    url=$(grep -o 'http://[0-9.:]*' "$work/serve.log" || true)
    [ -z "$url" ] || return 0
    sleep 0.3
  done
  cat "$work/serve.log" >&2
  return 1
}

# Fails unless the text of $1 holds $2 at least $3 times.
expect() {
  local count
  count=$(grep -c -- "$2" "$1") || true
  if [ "$count" -lt "$3" ]; then
    echo "expected $3 times '$2', found $count" >&2
    return 1
  fi
}
