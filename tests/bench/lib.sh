# lib.sh - what the benchmarks share: a folder each on disk and on tmpfs, CPU by cgroup, a daemon and a
# Postfix, and the table of results. Sourced by run, after private-postfix.sh.

bench_id=carbonless-bench.$$
disk= ram= daemon= missed=0
declare -A running=()

fail() {
    echo "bench: $*" >&2
    exit 2
}

bench_begin() {
    [ "$(id -u)" -eq 0 ] || fail "needs root"
    cgroups=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
    [ -n "$cgroups" ] && mkdir "$cgroups/$bench_id" 2>/dev/null || fail "needs a writable cgroup v2"
    trap bench_end EXIT
    trap 'exit 130' INT TERM HUP
    disk=$(mktemp -d "${BENCH_DISK:-/var/tmp}/carbonless-bench.XXXXXX") || exit 2
    ram=$(mktemp -d /dev/shm/carbonless-bench.XXXXXX) || exit 2
    chmod 755 "$disk" "$ram"
    if [ -z "$program" ]; then
        cmake -S . -B build/bench -G Ninja >"$disk/build.log" 2>&1 &&
            ninja -C build/bench carbonless bench_measure >>"$disk/build.log" 2>&1 ||
            { tail "$disk/build.log" >&2; fail "the build failed"; }
        program=$PWD/build/bench/carbonless
    fi
    # A copy of one's own: the next build may replace the program while this one runs.
    cp "$program" "$disk/carbonless" || exit 2
    program=$disk/carbonless
    measure=$(ls build/bench/tests/bench/bench_measure 2>/dev/null) ||
        fail "bench_measure is not built"
    measure=$PWD/$measure
    results=$disk/results
    : >"$results"
}

# A new ext4 as Debian makes it, on $disk/work, in a file: what else was written to the disk, or deleted
# there, changes nothing. Where that cannot be mounted, the disk as it is.
disk_fresh() {
    mkdir -p "$disk/work"
    truncate -s 8G "$disk/image" && mkfs.ext4 -q "$disk/image" &&
        mount -o loop "$disk/image" "$disk/work" 2>/dev/null ||
        echo "no file system of its own: $(df --output=fstype "$disk" | tail -n 1) of $disk" >&2
}

# Ends what a benchmark started, and takes its files away.
bench_clear() {
    local dir
    daemon_stop
    for dir in "${!running[@]}"; do
        postfix_stop "$dir"
        unset "running[$dir]"
    done
    ! mountpoint -q "$disk/work" || umount "$disk/work"
    rm -rf "$disk/work" "$disk/image" "$ram/work"
    for dir in "$cgroups/$bench_id"/*/; do
        [ ! -d "$dir" ] || rmdir "$dir" 2>/dev/null
    done
}

bench_end() {
    trap '' INT TERM HUP
    bench_clear
    rmdir "$cgroups/$bench_id" 2>/dev/null
    rm -rf "$disk" "$ram"
}

# in_group NAME COMMAND... runs it, and all it starts, where cpu_us NAME counts.
in_group() {
    local group=$cgroups/$bench_id/$1
    shift
    mkdir -p "$group"
    (echo "$BASHPID" >"$group/cgroup.procs" && "$@")
}

# Microseconds of user and system time that the groups have used.
cpu_us() {
    local name used=0 key value
    for name in "$@"; do
        while read -r key value; do
            [ "$key" != usage_usec ] || used=$((used + value))
        done 2>/dev/null <"$cgroups/$bench_id/$name/cpu.stat"
    done
    echo "$used"
}

# Waits until the groups do nothing any more, and prints what they have used.
cpu_settled() {
    local before=-1 now try
    for try in {1..600}; do
        now=$(cpu_us "$@")
        [ $((now - before)) -gt 2000 ] || break
        before=$now
        sleep 0.3
    done
    echo "$now"
}

now_us() {
    echo "${EPOCHREALTIME/./}"
}

# write_conf DIR [LINE...]: a configuration with everything in DIR.
write_conf() {
    local dir=$1
    shift
    mkdir -p "$dir/data"
    {
        cat <<CONF
internal_domains = { "users.test" }
post_domain = "posts.users.test"
mode = enforce
database = "$dir/data/carbonless.db"
spool_directory = "$dir/data/spool"
key_file = "$dir/data/key"
milter_listen = "unix:$dir/milter.sock"
smtp_url = "smtp://127.0.0.1:${reinject_port:-10026}"
web_listen = "${web_listen-}"
CONF
        [ $# -eq 0 ] || printf '%s\n' "$@"
    } >"$dir/carbonless.conf"
}

# daemon_start DIR: in group "ours".
daemon_start() {
    local dir=$1 try
    mkdir -p "$dir/log" "$cgroups/$bench_id/ours"
    (
        echo "$BASHPID" >"$cgroups/$bench_id/ours/cgroup.procs"
        exec "$program" serve -c "$dir/carbonless.conf" 2>"$dir/log/carbonless.log"
    ) &
    daemon=$!
    for try in {1..100}; do
        grep -q daemon.start "$dir/log/carbonless.log" 2>/dev/null && return 0
        kill -0 "$daemon" 2>/dev/null || break
        sleep 0.1
    done
    cat "$dir/log/carbonless.log" >&2
    fail "carbonless did not start"
}

daemon_stop() {
    [ -n "$daemon" ] || return 0
    kill "$daemon" 2>/dev/null
    wait "$daemon" 2>/dev/null
    daemon=
}

# mta_start DIR [MAIN_CF_LINE...]: a Postfix in group "mta" with three ports: smtp_port asks the daemon,
# plain_port does not and is the same otherwise, reinject_port is for what the daemon sends. Mailboxes:
# those in DIR/mailboxes. Sets smtp_port and plain_port.
mta_start() {
    local dir=$1
    shift
    free_port && smtp_port=$REPLY || exit 2
    PF_PORT=$smtp_port PF_REINJECT_PORT=$reinject_port PF_MILTER="unix:$dir/milter.sock" \
        PF_DOMAINS=users.test PF_MAILBOXES=$dir/mailboxes PF_MILTER_ACTION=tempfail \
        PF_TRANSPORT="posts.users.test discard:" \
        PF_EXTRA=$(printf '%s\n' "$@") postfix_configure "$dir" || exit 2
    free_port && plain_port=$REPLY || exit 2
    printf '127.0.0.1:%s inet n - n - - smtpd\n  -o smtpd_milters=\n' "$plain_port" >>"$dir/etc/master.cf"
    running[$dir]=yes
    in_group mta postfix_start "$dir" || fail "Postfix did not start"
}

# delivered DIR SINCE: prints how many messages came to mailboxes after SINCE, and when the last came,
# both times in microseconds. Nothing is deleted between rounds: a file system may be slow to give a
# new file a number while many of them were freed lately (ext4 without a journal tries them all).
delivered() {
    find "$1/mail" -path '*/new/*' -type f -printf '%C@\n' |
        awk -v since="$2" '
             { split($1, part, "."); at = part[1] substr(part[2] "000000", 1, 6) }
             at + 0 >= since + 0 { n++; if (at + 0 > last + 0) last = at }
             END { print n + 0, n ? last : 0 }'
}

# Only for folders on tmpfs: see delivered.
empty_mailboxes() {
    find "$1/mail" -path '*/new/*' -type f -delete
}

# The two sides in the order of their turn: whoever shares the machine, or a disk that gets slower, is
# no side's disadvantage.
turn_sides() {
    [ $(($1 % 2)) -eq 0 ] && echo plain ours || echo ours plain
}

ratio() {
    awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", (b > 0 ? a / b : 0) }'
}

quotient() {
    awk -v a="$1" -v b="$2" -v d="${3:-0}" 'BEGIN { printf "%." d "f", (b > 0 ? a / b : 0) }'
}

# The middle one of the numbers on standard input.
median() {
    sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# result BENCH WHAT MEASURED UNIT [LIMIT]: LIMIT is "<= 1.12", ">= 0.9", "= 0" or nothing.
result() {
    local verdict=
    if [ -n "${5-}" ]; then
        verdict=$(awk -v v="$3" -v limit="$5" 'BEGIN {
            split(limit, part, " "); l = part[2]
            ok = v == "" ? 0 : part[1] == "<=" ? v + 0 <= l + 0 : part[1] == ">=" ? v + 0 >= l + 0 : v + 0 == l + 0
            print ok ? "yes" : "NO" }')
        [ "$verdict" = yes ] || missed=$((missed + 1))
    fi
    printf '%s|%s|%s|%s|%s\n' "$1" "$2" "$3${4:+ $4}" "${5-}" "$verdict" >>"$results"
    printf '   %-60s %12s  %-10s %s\n' "$2" "$3${4:+ $4}" "${5-}" "$verdict" >&2
}

bench_table() {
    printf '\n%s, %s processors, %s, load %s\n\n' "$(awk -F': ' '/^model name/ { print $2; exit }' /proc/cpuinfo)" \
        "$(nproc)" "$("$program" --version | head -n 1)" "$(cut -d' ' -f1 /proc/loadavg)"
    echo '| what | | measured | must be | reached |'
    echo '|---|---|---:|---:|---|'
    awk -F'|' '{ printf "| %s | %s | %s | %s | %s |\n", $1, $2, $3, $4, $5 }' "$results"
    [ "$missed" -eq 0 ] || echo "$missed missed" >&2
    [ "$missed" -eq 0 ]
    exit
}
