#!/bin/sh
# make demo: a federation of four nodes on this machine, founded, filled, connected and asked. Each step checks what it
# shows, so the demo fails where something isn't so. KEEP=1 leaves it running.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
bin=$(cd "${AYNI_BIN:-build/release/bin}" && pwd)
root=$(mktemp -d "${TMPDIR:-/tmp}/ayni-demo.XXXXXX")
nodes="midis diresa-loreto red-innova save-the-children"
space=loreto/children
month=2026-09
export LC_ALL=C.UTF-8
started=$(date +%s)

stop() {
    for node in $nodes; do
        [ ! -f "$root/$node.pid" ] || kill "$(cat "$root/$node.pid")" 2>/dev/null || true
    done
    for node in $nodes; do
        while [ -f "$root/$node.pid" ] && kill -0 "$(cat "$root/$node.pid")" 2>/dev/null; do sleep 0.1; done
    done
    rm -rf "$root"
}
trap 'code=$?; [ $code -eq 0 ] || echo "the demo failed (exit $code)" >&2; stop; exit $code' EXIT
trap 'exit 130' INT TERM

bold='' plain=''
[ ! -t 1 ] || { bold=$(printf '\033[1m'); plain=$(printf '\033[0m'); }
title() { printf '\n%s== %s%s\n' "$bold" "$*" "$plain"; }
on() { at=$1; shift; "$bin/ayni" --home "$root/$at" --lang en "$@"; }
json() { at=$1; shift; "$bin/ayni" --home "$root/$at" --json "$@"; }
# show NODE COMMAND...: print the command as a person would type it, and what it answers
show() { on_node=$1; shift; printf "\n%s$ ayni %s\n" "$on_node" "$*"; on "$on_node" "$@"; }
# field NAME: of the JSON document on standard input
field() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
# same WHAT A B: fail where they differ
same() { [ "$2" = "$3" ] || { printf '%s differ:\n%s\n--\n%s\n' "$1" "$2" "$3" >&2; exit 1; }; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
# until SECONDS COMMAND...: try again until it succeeds
until_true() {
    limit=$(($(date +%s) + $1)); shift
    until "$@"; do
        [ "$(date +%s)" -lt "$limit" ] || { echo "did not happen in time: $*" >&2; exit 1; }
        sleep 0.2
    done
}
is_member() { [ "$(json "$1" status | field state)" = member ]; }
has_space() { json "$1" space list | grep -q "\"$space\".*\"role\":\"\(writer\|owner\)\""; }
answers() { json "$1" status >/dev/null 2>&1; }
start() { # NODE [PORT]: with a port it listens, without it only dials
    set -- "$1" ${2:+--listen "tcp://127.0.0.1:$2"}
    node=$1; shift
    "$bin/aynid" --home "$root/$node" "$@" >"$root/$node.log" 2>&1 &
    echo $! >"$root/$node.pid"
    until_true 30 answers "$node"
}
stop_node() {
    kill "$(cat "$root/$1.pid")"
    while kill -0 "$(cat "$root/$1.pid")" 2>/dev/null; do sleep 0.1; done
    rm "$root/$1.pid"
}

title "A federation is founded, and three partners join it"
json midis init --name midis --steering --federation "Primera Infancia Loreto" >/dev/null
start midis "$(free_port)"
show midis reference import ubigeo "$here/ubigeo_loreto.csv"
show midis space create "$space"
ticket=$(json midis ticket | field ticket)
for node in diresa-loreto red-innova save-the-children; do
    json "$node" init --name "$node" >/dev/null
    start "$node" "$(free_port)"
    json "$node" join "$ticket" >/dev/null
    json midis member add "$(json "$node" card | field card)" --org "$node" >/dev/null
    json midis space grant "$space" "$node" writer >/dev/null
done
for node in diresa-loreto red-innova save-the-children; do
    until_true 30 is_member "$node"
    until_true 30 has_space "$node"
    json "$node" sync --wait >/dev/null
done
show midis member list

title "Two registers are imported on two nodes that are not connected"
stop_node midis
stop_node save-the-children
on diresa-loreto peer list
stop_node red-innova
show diresa-loreto import "$here/padron_municipal.csv" --map padron --space "$space"
stop_node diresa-loreto
start red-innova
show red-innova import "$here/padron_ong.csv" --map padron-ngo --space "$space"
same "conflicts before they meet" "$(json red-innova conflicts)" "[]"

title "They connect: the records arrive everywhere"
start midis "$(free_port)"
start diresa-loreto "$(free_port)"
start save-the-children "$(free_port)"
midis_endpoint=$(json midis card | field card >/dev/null; sed -n 's/.*listening endpoint=//p' "$root/midis.log" | tail -n 1)
for node in diresa-loreto red-innova save-the-children; do
    json "$node" peer add "$midis_endpoint" midis >/dev/null
done
for node in $nodes; do json "$node" sync --wait --timeout 60 >/dev/null; done
for node in $nodes; do json "$node" sync --wait --timeout 60 >/dev/null; done
count=$(json midis list child --space "$space" | wc -l)
for node in $nodes; do same "children at midis and $node" "$count" "$(json "$node" list child --space "$space" | wc -l)"; done
[ "$count" -eq 290 ] || { echo "290 children were expected, $count are there" >&2; exit 1; }
echo "$count children on each of the four nodes"
show save-the-children status

title "Where the two registers disagree, nothing was overwritten"
conflicts=$(json midis conflicts --type child)
for node in $nodes; do same "conflicts at midis and $node" "$conflicts" "$(json "$node" conflicts --type child)"; done
[ "$(printf %s "$conflicts" | python3 -c 'import json, sys; print(len(json.load(sys.stdin)))')" -eq 10 ] || { echo "10 conflicts were expected: $conflicts" >&2; exit 1; }
show midis conflicts --type child
id=$(printf %s "$conflicts" | python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["id"])')
contested=$(printf %s "$conflicts" | python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["fields"][0])')
show midis conflicts show "$id"

title "One is settled from a third node"
show save-the-children resolve "$id" "$contested@1" --reason "document seen"
for node in $nodes; do json "$node" sync --wait --timeout 60 >/dev/null; done
settled() { ! json "$1" conflicts --type child | grep -q "$id"; }
for node in $nodes; do until_true 30 settled "$node"; done
show red-innova log "$id"

title "The same national view on all nodes"
for indicator in children i02a i02b; do
    view=$(json midis view $indicator --level province --period $month)
    for node in $nodes; do same "$indicator at midis and $node" "$view" "$(json "$node" view $indicator --level province --period $month)"; done
done
show midis view i02a --level province --period $month
show red-innova view i02a --by sex,language --period $month

title "Every chain and seal is verified, and a proof is checked outside"
for node in $nodes; do json "$node" verify --full >/dev/null; done
show midis verify --full
json red-innova proof "$id" | field proof >"$root/child.proof"
printf '\nanywhere$ ayni verify --proof child.proof\n'
"$bin/ayni" --home /nonexistent --lang en verify --proof "$root/child.proof"
python3 - "$root/child.proof" "$root/forged.proof" <<'PYTHON'
import sys
text = open(sys.argv[1]).read().strip()
middle = len(text) // 2
open(sys.argv[2], "w").write(text[:middle] + ("a" if text[middle] != "a" else "b") + text[middle + 1:] + "\n")
PYTHON
if "$bin/ayni" --home /nonexistent --lang en verify --proof "$root/forged.proof" 2>/dev/null; then
    echo "a forged proof was believed" >&2
    exit 1
fi
echo "the same proof with one letter changed is refused"

printf '\nAll of this took %s seconds.\n' "$(($(date +%s) - started))"
if [ -n "${KEEP:-}" ]; then
    trap - EXIT INT TERM
    cat <<TEXT

It is still running. Look around, as any of: $nodes

  alias ayni='$bin/ayni --home $root/midis'
  ayni status; ayni conflicts; ayni view; ayni list child --limit 5; ayni help

End it with:  kill \$(cat $root/*.pid); rm -rf $root
TEXT
fi
