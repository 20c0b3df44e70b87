#!/bin/sh
# The tables of commands and of settings are what the man pages and the completion say, in both languages.
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
    # As many examples as the help has, which the Spanish page may put into its own words.
    while IFS='	' read -r name options; do
        # shellcheck disable=SC2086
        wanted=$("$AYNI_BIN/ayni" help $name | grep -c '^  ayni ')
        got=$(section "$page" "$name" | grep -c '	.*_ayni .*_$')
        [ "$wanted" -eq "$got" ] || { echo "FAILED: $page has $got examples of ayni $name, the help has $wanted"; failed=1; }
    done <"$table"
    grep -o '^\*ayni [a-z ]*\*' "$page" | sed 's/^\*ayni //; s/\*$//' | while read -r name; do
        cut -f1 "$table" | grep -qxF "$name" || { echo "FAILED: $page has ayni $name"; exit 1; }
    done || failed=1
done

# The daemon's options and settings, as `section key`.
home=$(mktemp -d)
settings=$("$AYNI_BIN/aynid" --home "$home" --print-config | sed -n 's/^\[\(.*\)\]$/\1/; t section; s/^\([a-z-]*\) = .*/\1/; T; G; s/\(.*\)\n\(.*\)/\2 \1/; p; d; :section h' | sort)
rmdir "$home"
[ -n "$settings" ] || { echo "FAILED: aynid prints no settings"; failed=1; }
options=$("$AYNI_BIN/aynid" --help | grep -o -e '--[a-z-]*' | sort -u)
for page in "$AYNI_SOURCE/docs/man/aynid.8.scd" "$AYNI_SOURCE/docs/man/aynid.es.8.scd"; do
    said=$(grep '^\*\[' "$page" | grep -o '\[[a-z]*\] [a-z-]*' | tr -d '[]' | sort)
    [ "$said" = "$settings" ] || { echo "FAILED: the settings of $page and of aynid differ:"; printf '%s\n-- aynid:\n%s\n' "$said" "$settings"; failed=1; }
    for option in $options; do
        case $option in
        --help | --version) ;;
        *) grep -q "^\*$option\*" "$page" || { echo "FAILED: $page says nothing of aynid $option"; failed=1; } ;;
        esac
    done
done

# Completion reads the same table; a word is put in behind what bash leaves of it at an `=`.
if command -v bash >/dev/null; then
    said=$(PATH=$AYNI_BIN:$PATH bash -c '
        . "$0/cli/completion/ayni"
        for line in "member re" "--json imp" "import --dry" "export child --format=x" "help act s" "--home /nowhere put x --space " \
            "space grant s n " "nosuch " "put child --json --sp"; do
            COMP_LINE="ayni $line" COMP_POINT=$((5 + ${#line})); _ayni; echo "${COMPREPLY[@]:0:3}"
        done' "$AYNI_SOURCE" 2>&1 | tr '\n' '/')
    files=$(bash -c 'compgen -f -- ""' | head -n 3 | tr '\n' ' ' | sed 's/ $//')
    wanted="revoke/import/--dry-run/xlsx/sign show/$files/reader writer relay/$files/--space/"
    [ "$said" = "$wanted" ] || { echo "FAILED: completion says $said, not $wanted"; failed=1; }
fi
exit $failed
