#!/bin/sh
# The table of commands is what the man pages and the completion say, in both languages.
set -u
failed=0
table=$(mktemp)
trap 'rm -f "$table"' EXIT
"$AYNI_BIN/ayni" --dump-commands >"$table"

# section PAGE COMMAND: the text of one command
section() { awk -v head="*ayni $2*" 'index($0, "*ayni ") == 1 || /^# /{on = index($0, head) == 1} on' "$1"; }

for page in "$AYNI_SOURCE/docs/man/ayni.1.scd" "$AYNI_SOURCE/docs/man/ayni.es.1.scd"; do
    while IFS='	' read -r name options; do
        text=$(section "$page" "$name")
        [ -n "$text" ] || { echo "FAILED: $page says nothing of ayni $name"; failed=1; }
        for option in $options; do
            case $text in
            *"*${option%=}*"*) ;;
            *) echo "FAILED: $page says nothing of ayni $name $option"; failed=1 ;;
            esac
        done
        for said in $(echo "$text" | grep -o -e '\*--[a-z-]*\*' | tr -d '*' | sort -u); do
            case " $options " in
            *" $said "* | *" $said= "*) ;;
            *) echo "FAILED: $page knows ayni $name $said, which is not there"; failed=1 ;;
            esac
        done
    done <"$table"
    grep -o '^\*ayni [a-z ]*\*' "$page" | sed 's/^\*ayni //; s/\*$//' | while read -r name; do
        cut -f1 "$table" | grep -qxF "$name" || { echo "FAILED: $page has ayni $name"; exit 1; }
    done || failed=1
done

# Completion reads the same table.
if command -v bash >/dev/null; then
    said=$(PATH=$AYNI_BIN:$PATH bash -c '
        . "$0/cli/completion/ayni"
        COMP_WORDS=(ayni member re); COMP_CWORD=2; _ayni; echo "${COMPREPLY[@]}"
        COMP_WORDS=(ayni --json imp); COMP_CWORD=2; _ayni; echo "${COMPREPLY[@]}"
        COMP_WORDS=(ayni import --dry); COMP_CWORD=2; _ayni; echo "${COMPREPLY[@]}"
        ' "$AYNI_SOURCE" | tr '\n' ' ')
    [ "$said" = "revoke import --dry-run " ] || { echo "FAILED: completion says $said"; failed=1; }
fi
exit $failed
