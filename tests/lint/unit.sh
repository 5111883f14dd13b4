#!/bin/bash
# unit.sh - the systemd unit is sound, and lets the daemon do what it does: every system call of a
# start, a look at the pages and a stop stands in its filter.
#   unit.sh UNIT PROGRAM
set -u
unit=$1 program=$2
dir=$(mktemp -d "${TMPDIR:-/tmp}/carbonless-unit.XXXXXX") || exit 2
trap 'rm -rf "$dir"' EXIT

# The names in a system call filter; sets are unfolded.
names() {
    local name
    systemd-analyze syscall-filter "$1" | sed -e 1d -e 's/^ *//' -e '/^#/d' |
        while read -r name; do
            if [[ $name == @* ]]; then names "$name"; else echo "$name"; fi
        done
}

# What the SystemCallFilter lines allow together, read in their order as systemd does.
allowed() {
    local word line
    declare -A is_allowed=()
    while read -r line; do
        for word in ${line#\~}; do
            while read -r name; do
                if [[ $line == \~* ]]; then unset "is_allowed[$name]"; else is_allowed[$name]=1; fi
            done < <(names "$word")
        done
    done < <(sed -n 's/^SystemCallFilter=//p' "$unit"; echo @default)
    printf '%s\n' "${!is_allowed[@]}"
}

sed "s|^ExecStart=[^ ]*|ExecStart=$program|; /^Documentation=/d" "$unit" >"$dir/carbonless.service"
systemd-analyze verify "$dir/carbonless.service" >"$dir/verify" 2>&1 && [ ! -s "$dir/verify" ] || {
    cat "$dir/verify" >&2
    exit 1
}

# SQLite asks for more when it runs as root; the unit has a user.
as_user=()
[ "$(id -u)" -ne 0 ] || { as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups); chown 65534 "$dir"; }
: >"$dir/log"
cp "$program" "$dir/carbonless"
cat >"$dir/carbonless.conf" <<END
internal_domains = { "users.test" }
database = "$dir/carbonless.db"
spool_directory = "$dir/spool"
key_file = "$dir/key"
milter_listen = "unix:$dir/milter.sock"
lmtp_listen = "unix:$dir/lmtp.sock"
socket_group = "nogroup"
web_listen = "unix:$dir/web.sock"
END
timeout 60 "${as_user[@]}" strace -f -qq -o "$dir/calls" -- "$dir/carbonless" serve -c "$dir/carbonless.conf" \
    2>"$dir/log" &
for try in {1..200}; do
    grep -q daemon.start "$dir/log" && break
    sleep 0.1
done
grep -q daemon.start "$dir/log" || { cat "$dir/log" >&2; exit 1; }
kill "$(awk 'NR == 1 { print $1 }' "$dir/calls")"
wait
sed -n 's/^[0-9]* *\([a-z][a-z0-9_]*\)(.*/\1/p' "$dir/calls" | sort -u >"$dir/made"
allowed | sort -u >"$dir/allowed"
[ -s "$dir/made" ] || { echo "no system call was seen" >&2; exit 1; }
forbidden=$(comm -23 "$dir/made" "$dir/allowed")
[ -z "$forbidden" ] || {
    echo "the unit forbids what the daemon does:" $forbidden >&2
    exit 1
}
