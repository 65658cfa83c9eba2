#!/usr/bin/env bash
# Points real clients at the sandbox: discord.py (with voice) and discord.js (with @discordjs/voice).
# Each logs in, registers /tone, answers it and plays 440 Hz, which somebody in the sandbox has to
# hear. Needs the network for pip and npm; not part of `make test`.
#
#   sandbox/clients/run.sh [py] [js]     both without an argument
set -euo pipefail
cd "$(dirname "$0")"
work="$PWD/.work"
mkdir -p "$work"
clients=("$@")
[ ${#clients[@]} -gt 0 ] || clients=(py js)

(cd ../.. && cargo build --quiet -p discord-sandbox --bin discord-sandbox)
program="$(cd ../.. && cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/debug/discord-sandbox"

prepare_py() {
    [ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
    # discord.py encodes with the system's libopus.
    if ! "$work/venv/bin/python" -c 'import ctypes.util as u, sys; sys.exit(not u.find_library("opus"))'; then
        echo "libopus is missing; installing it: apt-get install -y libopus0"
        as_root=""
        [ "$(id -u)" -eq 0 ] || as_root=sudo
        $as_root apt-get install -y -qq libopus0 >/dev/null
    fi
    "$work/venv/bin/pip" install --quiet "discord.py[voice]==2.7.1"
}
run_py() { exec "$work/venv/bin/python" tone.py; }

prepare_js() {
    cp package.json "$work/"
    (cd "$work" && npm install --silent --no-audit --no-fund)
    cp tone.mjs "$work/"
}
run_js() {
    # Node takes further trusted certificates from a variable of its own.
    export NODE_EXTRA_CA_CERTS="$SSL_CERT_FILE"
    exec "$work/node_modules/.bin/node" "$work/tone.mjs"
}

failed=0
for client in "${clients[@]}"; do
    echo "== $client"
    "prepare_$client"
    folder="$work/sandbox-$client"
    rm -rf "$folder"
    mkdir -p "$folder"
    "$program" check "$folder" &
    check=$!
    for _ in $(seq 100); do
        [ -s "$folder/sandbox.env" ] && break
        sleep 0.1
    done
    (
        set -a
        . "$folder/sandbox.env"
        set +a
        "run_$client"
    ) >"$folder/client.log" 2>&1 &
    bot=$!
    if ! wait "$check"; then
        failed=1
        echo "-- what the client said:"
        tail -n 40 "$folder/client.log"
    fi
    kill "$bot" 2>/dev/null || true
    wait "$bot" 2>/dev/null || true
done
exit "$failed"
