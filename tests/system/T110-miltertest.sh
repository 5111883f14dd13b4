#!/bin/bash
# T110-miltertest.sh - Debian's miltertest speaks to the daemon: milter/*.lua.
cd "$(dirname "$0")/../.." || exit 2
. tests/system/lib.sh

script() {
    timeout 60 miltertest -D "socket=$1" -D "folder=$PWD/tests/system/milter" -s "tests/system/milter/$2.lua" >&2 &&
        kill -0 "$daemon" 2>/dev/null
}

command -v miltertest >/dev/null || { echo "1..0 # SKIP miltertest is not installed"; exit 77; }
free_port && port=$REPLY
for socket in "unix:$dir/milter.sock" "inet:$port@127.0.0.1"; do
    world 'internal_domains={ "example.test" }' "milter_listen=\"$socket\"" || exit 1
    for path in tests/system/milter/*.lua; do
        name=$(basename "$path" .lua)
        [ "$name" = talk ] || it "$name.lua over ${socket%%:*}" script "$socket" "$name"
    done
    it "the daemon says goodbye in order" daemon_stop
done
done_testing
