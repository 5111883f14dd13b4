# descendants.sh - ends what a script has started, and what that has started. To be sourced by bash.
#
#   descendants PID              prints PID and all that come from it, parents first
#   descendants_end PID [SECONDS]  SIGTERM to all of them, so that they clean up; SIGKILL after a while

descendants() {
    local child
    echo "$1"
    for child in $(cat "/proc/$1/task/$1/children" 2>/dev/null); do
        descendants "$child"
    done
}

descendants_end() {
    local pids pid try alive
    pids=$(descendants "$1")
    # shellcheck disable=SC2086
    kill -TERM $pids 2>/dev/null
    for ((try = 0; try < ${2:-30} * 10; try++)); do
        alive=
        for pid in $pids; do
            [ -e "/proc/$pid" ] && [ "$(cut -d' ' -f3 "/proc/$pid/stat" 2>/dev/null)" != Z ] && alive=yes
        done
        [ -n "$alive" ] || return 0
        sleep 0.1
    done
    # shellcheck disable=SC2086
    kill -KILL $pids 2>/dev/null
    return 0
}
