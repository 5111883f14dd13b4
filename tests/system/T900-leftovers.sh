#!/bin/bash
# T900-leftovers.sh - a test that is interrupted leaves no process, no folder and no port.
cd "$(dirname "$0")/../.." || exit 2
. tests/system/lib.sh

interrupted() {
    local script=$1 signal=$2 tmp=$dir/$1-$2 pid try left process
    mkdir -p "$tmp"
    TMPDIR=$tmp perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "tests/system/$script" >"$tmp.out" 2>&1 &
    pid=$!
    sleep "$((2 + RANDOM % 4))"
    kill -"$signal" "$pid"
    for try in {1..300}; do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -0 "$pid" 2>/dev/null && { complain "it runs on"; kill -KILL "$pid"; return 1; }
    wait "$pid"
    left=$(ls -A "$tmp")
    [ -z "$left" ] || { complain "left: $left"; return; }
    sleep 0.5
    left=$(for process in /proc/[0-9]*; do
        { readlink "$process/cwd" "$process/exe"; tr '\0' ' ' <"$process/cmdline"; } 2>/dev/null |
            grep -qF "$tmp/" && tr '\0' ' ' <"$process/cmdline"
    done)
    [ -z "$left" ] || complain "still running: $left"
}

for script in T100-milter.sh T200-nothing-lost.sh; do
    for signal in INT TERM; do it "$script after SIG$signal" interrupted $script $signal; done
done
done_testing
