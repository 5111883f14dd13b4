# import.sh - old mail into the archive, against notmuch on the same mail. Sourced by run.
#
# Both write to disk. notmuch reads a Maildir that is made before and not counted; ours reads the mbox.
# CPU and peak memory are those of the command. The exported archive must hold every message of the
# mbox byte for byte (those that were there already once).

# import_unpack FILE: sets mbox to one that can be read.
import_unpack() {
    mbox=$1
    [[ $1 == *.zst ]] || return 0
    mbox=$disk/work/$(basename "$1" .zst)
    zstd -dqfo "$mbox" "$1"
}

# import_ours MBOX DIR: sets messages, ours_us, peak_kb, db_bytes.
import_ours() {
    local dir=$2
    mkdir -p "$dir"
    write_conf "$dir" 
    "$measure" "$dir/cost" "$program" import -q -c "$dir/carbonless.conf" "$1" >"$dir/import.log" ||
        { cat "$dir/import.log" >&2; return 1; }
    read -r ours_us _ peak_kb <"$dir/cost"
    messages=$(awk '{ print $1 }' "$dir/import.log")
    db_bytes=$(cat "$dir"/data/carbonless.db* | wc -c)
}

# import_back MBOX DIR: sets lost, the number of messages that export does not give back.
import_back() {
    "$program" export -c "$2/carbonless.conf" -o "$2/export.mbox" >/dev/null || return 1
    lost=$(perl "$bench/same-mail.pl" "$1" "$2/export.mbox")
    rm -f "$2/export.mbox"
}

# import_notmuch MBOX DIR: sets notmuch_us.
import_notmuch() {
    local dir=$2
    mkdir -p "$dir/mail/"{cur,new,tmp}
    perl "$bench/mail.pl" split "$1" "$dir/mail/cur" || return 1
    cat >"$dir/config" <<CONF
[database]
path=$dir/mail
[user]
name=Bench
primary_email=bench@users.test
[new]
tags=new
CONF
    HOME=$dir NOTMUCH_CONFIG=$dir/config "$measure" "$dir/cost" notmuch new --quiet || return 1
    read -r notmuch_us _ <"$dir/cost"
}

import_one() {
    local dir=$disk/work/import mbox messages ours_us peak_kb db_bytes lost notmuch_us name
    mkdir -p "$disk/work"
    import_unpack "$1" || return 1
    name=$(basename "$mbox" .mbox)
    [ -z "$quick" ] || { perl "$bench/mail.pl" head "$mbox" 1000 >"$disk/work/head" && mbox=$disk/work/head; }
    import_ours "$mbox" "$dir" && import_back "$mbox" "$dir" || return 1
    result import "$name: messages read" "$messages"
    result import "$name: not given back by export" "$lost" "" "= 0"
    if [ "$2" = all ]; then
        result import "$name: CPU a mail" "$(quotient "$ours_us" "$messages")" µs "<= 450"
        result import "$name: peak memory" "$(quotient "$peak_kb" 1024 1)" MB "<= 128"
        result import "$name: database / raw mail" "$(quotient "$db_bytes" "$(stat -c %s "$mbox")" 3)" "" "<= 0.45"
        import_notmuch "$mbox" "$disk/work/notmuch" || return 1
        result import "$name: CPU a mail, notmuch new" "$(quotient "$notmuch_us" "$messages")" µs
        result import "$name: CPU of notmuch / ours" "$(ratio "$notmuch_us" "$ours_us")" "" ">= 10"
    fi
    rm -rf "$disk/work"
}

bench_import() {
    local mbox made=$ram/made-up.mbox
    packages_bench="notmuch zstd" packages_install bench || return 1
    if [ ${#mboxes[@]} -eq 0 ]; then
        perl "$bench/mail.pl" mbox 8000 >"$made" || return 1
        mboxes=("$made")
    fi
    for mbox in "${mboxes[@]}"; do
        import_one "$mbox" all || return 1
    done
    for mbox in "${exports[@]}"; do
        import_one "$mbox" export || return 1
    done
    rm -f "$made"
}
