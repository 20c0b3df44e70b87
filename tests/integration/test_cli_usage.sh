#!/bin/sh
# The command without a daemon: help, languages, wrong usage, exit codes, and what stands on which stream.
set -u
ayni=$AYNI_BIN/ayni
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
unset LANGUAGE LC_ALL LC_MESSAGES LANG AYNI_HOME AYNI_NODE AYNI_LANG XDG_DATA_HOME NO_COLOR
HOME=$here
export HOME
failed=0

complain()
{
    echo "FAILED: $*"
    echo "--- out"; cat "$here/out"
    echo "--- err"; cat "$here/err"
    failed=1
}

# expect CODE ARGUMENTS...: runs ayni, keeps both streams
expect()
{
    wanted=$1
    shift
    "$ayni" "$@" >"$here/out" 2>"$here/err" </dev/null
    got=$?
    [ $got -eq "$wanted" ] || complain "ayni $* ended with $got, not $wanted"
}
says() { grep -qF -- "$2" "$here/$1" || complain "standard $1 does not say: $2"; }
is_empty() { [ ! -s "$here/$1" ] || complain "there is something on standard $1"; }
is_json() { python3 -c 'import json,sys; json.load(sys.stdin)' <"$here/out" 2>/dev/null || complain "standard out is not one JSON document"; }

# Help, of all and of each.
expect 0 help; says out "member add"; is_empty err
expect 0 --help; says out "member add"
expect 0 help resolve; says out "FIELD@N"
expect 0 resolve --help; says out "FIELD@N"
expect 0 help member add; says out "--org-name"
expect 0 help member; says out "member revoke"; is_empty err
expect 0 act --help; says out "act draft"; is_empty err
expect 2 help membre; is_empty out
expect 0 help conflicts; says out "ayni conflicts show"
expect 0 --version; says out "ayni 0."
"$ayni" --dump-commands | cut -f1 | while read -r first second; do
    # shellcheck disable=SC2086
    "$ayni" help $first $second >/dev/null || exit 1
done || { : >"$here/out"; : >"$here/err"; complain "a command of the table has no help"; }

# Languages: the option, the locale, and Spanish otherwise.
expect 2 nada; says err "no es una orden"
expect 2 --lang en nada; says err "is no command"
expect 2 nada --lang es; says err "no es una orden"
LANG=en_US.UTF-8 expect 2 nada; says err "is no command"
LANG=C expect 2 nada; says err "no es una orden"
LC_ALL=es_PE LANG=en_US expect 2 nada; says err "no es una orden"
AYNI_LANG=en expect 2 nada; says err "is no command"
expect 2 --lang de help; says err "--lang"

# Wrong usage: nothing on standard output, the nearest name on the other.
expect 2; is_empty out; says err "ayni help"
expect 2 staus; is_empty out; says err "ayni status"
expect 2 member; says err "add, list, revoke"
expect 2 status --jsn; says err "--json"
expect 2 --hme x status; says err "--home"
expect 2 put child --spce x a=b; says err "--space"
expect 2 put child a=b; says err "--space"
expect 2 put child --space s; says err "FIELD=VALUE"
expect 2 put child --space s nonsense; says err "nonsense"
expect 2 space grant s n writter; says err "writer"
expect 2 sync --timeout soon; says err "soon"
expect 2 get; says err "ID"
expect 2 get a b; says err "b"
expect 2 export child --format xml; says err "csv"
expect 2 init --name x --steering; says err "--federation"

# The same as JSON: one document, the words on standard error besides.
expect 2 --json staus; is_json; says out '"code":"usage"'; says out '"hint"'; says err "staus"
expect 2 get --json; is_json; says out '"error"'
expect 4 --json --home "$here/none" status; is_json; says out '"no_daemon"'

# No daemon: 4, and what to do.
expect 4 --home "$here/none" status; is_empty out; says err "ayni init"
mkdir "$here/home"
expect 4 --home "$here/home" status; says err "aynid --home $here/home"
AYNI_HOME="$here/home" expect 4 get x; says err "$here/home"
XDG_DATA_HOME="$here" expect 4 status; says err "$here/ayni"
expect 4 status; says err "$here/.local/share/ayni"
expect 4 --node "ipc://$here/home/control.sock" status
expect 4 --node "$here/home/control.sock" status
expect 2 --node tcp://10.0.0.1:7340 status; says err "tcp://10.0.0.1:7340"
AYNI_NODE=curve://x expect 2 status; says err "curve://x"
deep=$here/$(printf '%0150d' 0)
mkdir "$deep"
expect 4 --home "$deep" status; says err "aynid --home"

# Files that can't be read are told before anybody is asked; the source is never written over.
printf 'a,b\n1,2\n' >"$here/x.csv"
expect 2 import "$here/none.csv" --space s; says err "none.csv"
expect 2 import "$here/x.csv" --space s --rejects "$here/x.csv"; says err "x.csv"
grep -q '^1,2$' "$here/x.csv" || complain "the source of an import was written over"
: >"$here/empty.csv"
expect 3 import "$here/empty.csv" --space s; says err "empty.csv"
expect 4 import "$here/x.csv" --space s --map padron --home "$here/home"

# Proofs need no daemon; what is no proof, or changed, is a no.
expect 2 verify --proof "$here/none.proof"; says err "none.proof"
echo "hello" >"$here/bad.proof"
expect 1 verify --proof "$here/bad.proof"; says err "bad.proof"
expect 1 --json verify --proof "$here/empty.csv"; is_json

exit $failed
