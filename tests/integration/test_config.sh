# aynid --check-config and --print-config: what is printed reads the same.
set -eu
aynid=$AYNI_BIN/aynid
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
unset AYNI_HOME AYNI_NET_LISTEN
export AYNI_LANG=en

fails() {
    echo "$1" >&2
    exit 1
}

"$aynid" --home "$home" --check-config || fails "the defaults are refused"
"$aynid" --home "$home" --print-config > "$home/one"
"$aynid" --home "$home" --config "$home/one" --print-config > "$home/two"
cmp "$home/one" "$home/two" || fails "what was printed reads otherwise"

# The command line goes over the environment, that over the file, that over the default.
printf '[net]\nlisten = tcp://127.0.0.1:7001\nmetered = yes\npeers-wanted = 9\n[log]\nlevel = debug\n' > "$home/aynid.conf"
AYNI_NET_PEERS_WANTED=3 "$aynid" --home "$home" --listen tcp://127.0.0.1:7002 --print-config > "$home/one"
for line in 'listen = tcp://127.0.0.1:7002' 'metered = yes' 'peers-wanted = 3' 'level = debug'; do
    grep -qx "$line" "$home/one" || fails "$line isn't what counts"
done
"$aynid" --home "$home" --config "$home/one" --print-config | cmp - "$home/one" || fails "what was printed reads otherwise"

# What is wrong is told with its place, and nothing starts.
refused() { # FILE TEXT ARGUMENTS
    file=$1 text=$2
    shift 2
    if "$aynid" --home "$home" "$@" > "$home/out" 2> "$home/err"; then fails "$* is taken with $file"; fi
    grep -qF "$text" "$home/err" || fails "no '$text' in: $(cat "$home/err")"
}
printf '[net]\nlisten = nowhere\n' > "$home/aynid.conf"
refused aynid.conf 'aynid.conf, line 2' --check-config
refused aynid.conf 'aynid.conf, line 2' --print-config
AYNI_LANG=es refused aynid.conf 'aynid.conf, línea 2: [net] listen: `nowhere` no es tcp://DIRECCIÓN:PUERTO' --check-config
rm "$home/aynid.conf"
refused none "$home/nothing" --check-config --config "$home/nothing"
refused none 'tcp://ADDRESS:PORT' --check-config --listen 7000
refused none 'usage:' --check-config --no-such-option
