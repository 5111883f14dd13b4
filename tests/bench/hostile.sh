# hostile.sh - bombs for every parser: each within a second of CPU and 64 MB, by the inspecting commands
# and through the daemon. Sourced by run.
#
# The memory of a command is its peak; that of the daemon is its peak while it handles the message and
# indexes it, the whole process counted, with the archive of all earlier bombs behind it.

hostile_limit_us=1000000
hostile_limit_kb=65536

# hostile_note NAME CPU_US KB: keeps the worst, and names each one over the limit.
hostile_note() {
    [ "$2" -le "$worst_us" ] || { worst_us=$2 slowest=$1; }
    [ "$3" -le "$worst_kb" ] || { worst_kb=$3 largest=$1; }
    if [ "$2" -gt "$hostile_limit_us" ] || [ "$3" -gt "$hostile_limit_kb" ]; then
        printf '   %s: %d ms, %d MB\n' "$1" $(($2 / 1000)) $(($3 / 1024)) >&2
    fi
}

hostile_report() {
    result hostile "$1: files" "$2"
    result hostile "$1: crashes and refusals" "$3" "" "= 0"
    result hostile "$1: worst CPU ($slowest)" "$(quotient "$worst_us" 1000000 2)" s "<= 1"
    result hostile "$1: worst memory ($largest)" "$(quotient "$worst_kb" 1024 1)" MB "<= 64"
}

# hostile_command COMMAND SUFFIX
hostile_command() {
    local file used kb worst_us=0 worst_kb=0 slowest=none largest=none count=0 failed=0
    for file in "$dir"/bombs/*."$2"; do
        count=$((count + 1))
        if ! timeout 60 "$measure" "$dir/cost" "$program" "$1" "$file" >/dev/null 2>"$dir/stderr"; then
            failed=$((failed + 1))
            printf '   %s %s: %s\n' "$1" "$(basename "$file")" "$(head -c 200 "$dir/stderr")" >&2
            continue
        fi
        read -r used _ kb <"$dir/cost"
        hostile_note "$(basename "$file" ".$2")" "$used" "$kb"
    done
    hostile_report "$1" "$count" "$failed"
}

hostile_daemon() {
    local file before reply worst_us=0 worst_kb=0 slowest=none largest=none count=0 failed=0
    reinject_port= write_conf "$dir"
    daemon_start "$dir"
    for file in "$dir"/bombs/*.eml; do
        count=$((count + 1))
        echo 5 >"/proc/$daemon/clear_refs" # its peak begins anew
        before=$(cpu_us ours)
        reply=$(timeout 60 perl "$bench/milter.pl" "$dir/milter.sock" "$file" 2>&1)
        case ${reply%% *} in
        d | a | c) ;;
        *)
            failed=$((failed + 1))
            printf '   daemon %s: %s\n' "$(basename "$file")" "$reply" >&2
            kill -0 "$daemon" 2>/dev/null || { daemon= && daemon_start "$dir"; }
            continue
            ;;
        esac
        hostile_note "$(basename "$file" .eml)" $(($(cpu_settled ours) - before)) \
            "$(awk '/^VmHWM/ { print $2 }' "/proc/$daemon/status")"
    done
    hostile_report daemon "$count" "$failed"
}

bench_hostile() {
    local dir=$disk/work/hostile
    mkdir -p "$dir/bombs"
    perl "$bench/hostile.pl" "$dir/bombs" || return 1
    hostile_command decode eml
    hostile_command classify eml
    hostile_command sanitize html
    hostile_daemon
}
