#!/bin/bash
# T400-quickstart.sh - contrib/quickstart works, again and beside itself, and leaves nothing behind.
cd "$(dirname "$0")/../.." || exit 2
. tests/system/lib.sh
export CARBONLESS_BUILD
CARBONLESS_BUILD=$(dirname "$carbonless")

# What a script that was given TMPDIR=FOLDER left: files, processes, locks of ports.
nothing_left() {
    local folder=$1 left
    left=$(ls -A "$folder")
    [ -z "$left" ] || { complain "left in $folder: $left"; return; }
    left=$(for process in /proc/[0-9]*; do
        { readlink "$process/cwd" "$process/exe"; tr '\0' ' ' <"$process/cmdline"; } 2>/dev/null |
            grep -qF "$folder/" && tr '\0' ' ' <"$process/cmdline"
    done)
    [ -z "$left" ] || complain "still running: $left"
}

once() {
    local tmp=$dir/tmp-$1
    shift
    mkdir -p "$tmp"
    TMPDIR=$tmp timeout 280 contrib/quickstart --once "$@" >"$tmp.out" 2>&1 || { complain "status $?: $(tail -n 30 "$tmp.out")"; return; }
    nothing_left "$tmp"
}

expected() { once "$@" && { grep -q 'as expected' "$dir/tmp-$1.out" || complain "$(cat "$dir/tmp-$1.out")"; }; }

beside_itself() {
    local pids=() number
    for number in 3 4; do expected $number & pids+=($!); done
    wait "${pids[0]}" && wait "${pids[1]}"
}

own_mail() {
    local number=$1
    shift
    once "$number" --mail "$@" && { grep -q 'Quarterly figures' "$dir/tmp-$number.out" && grep -q 'Of 1 messages 1 became posts' "$dir/tmp-$number.out" &&
        grep -q '^nothing was lost' "$dir/tmp-$number.out" && ! grep -q expected "$dir/tmp-$number.out" ||
        complain "$(cat "$dir/tmp-$number.out")"; }
}
make_own_mail() {
    printf 'From: Joy <joy@firm.test>\nTo: Al <al@firm.test>, Bo <bo@firm.test>, Cy <cy@firm.test>, Di <di@firm.test>\nSubject: Quarterly figures\nMessage-ID: <q@firm.test>\nDate: Mon, 1 Jan 2024 10:00:00 +0100\n\nAl, please look.\n' >"$dir/own.eml"
    { echo "From joy@firm.test Mon Jan  1 10:00:00 2024"; cat "$dir/own.eml"; echo; } >"$dir/own.mbox"
}

# interrupted NUMBER SIGNAL WHEN: until the line WHEN is printed, or for WHEN seconds.
interrupted() {
    local tmp=$dir/tmp-$1 signal=$2 moment=$3 pid try status url
    mkdir -p "$tmp"
    TMPDIR=$tmp contrib/quickstart >"$tmp.out" 2>&1 &
    pid=$!
    if [[ $moment =~ ^[0-9.]+$ ]]; then
        sleep "$moment"
    else
        for try in {1..600}; do grep -q "$moment" "$tmp.out" && break; sleep 0.2; done
        url=$(grep -o 'http://[^ ]*' "$tmp.out" | head -n 1)
        [ -n "$url" ] && timeout 20 curl -sSL -c "$dir/cookies" "$url" -o "$dir/page" && grep -qi '<html' "$dir/page" ||
            { complain "no page at '$url': $(tail -n 20 "$tmp.out")"; kill "$pid"; wait "$pid"; return; }
    fi
    kill -"$signal" "$pid"
    for try in {1..400}; do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -0 "$pid" 2>/dev/null && { complain "it runs on"; kill -KILL "$pid"; }
    wait "$pid"
    status=$?
    same "exit status" "$status" 130 && nothing_left "$tmp" || return
    [ -z "${url-}" ] || ! timeout 5 curl -s "$url" >/dev/null || complain "the pages are still there"
}

make_own_mail
it "quickstart --once finds everything as expected, and cleans up" expected 1
it "a second time, too" expected 2
it "two at the same time" beside_itself
it "with mail of one's own, one file" own_mail 5 "$dir/own.eml"
it "with mail of one's own, an mbox" own_mail 6 "$dir/own.mbox"
it "Ctrl-C ends it and leaves nothing" interrupted 7 INT 'Ctrl-C ends'
it "so does an end in the middle of the start" interrupted 8 INT 1.2
it "and SIGTERM" interrupted 9 TERM 2
done_testing
