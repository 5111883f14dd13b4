# taken.sh - mail to ten colleagues becomes posts, against plain Postfix that delivers ten copies.
# Sourced by run.
#
# Queue, Maildirs and database are all on disk, a new file system; each side is durable before it answers (Postfix syncs
# its queue file and each copy, SQLite runs with synchronous = FULL). 4 KB mails of made-up words, 8
# sessions. Our side counts everything: taking in, storing, full text, and the notices, sent through
# the same Postfix and delivered. Both sides deliver by local(8), as Postfix does unless told otherwise,
# and then by virtual(8), its leanest agent, which does ten copies in one go.

# taken_round DIR PORT COUNT: sets used_us, of it daemon_us, took_us and copies.
taken_round() {
    local before start last
    before=$(cpu_settled mta ours)
    daemon_us=$(cpu_us ours)
    start=$(now_us)
    perl "$bench/mail.pl" send "127.0.0.1:$2" "$3" 8 4096 10 || return 1
    taken_wait "$1" || return 1
    used_us=$(($(cpu_settled mta ours) - before))
    daemon_us=$(($(cpu_us ours) - daemon_us))
    read -r copies last < <(delivered "$1" "$start")
    took_us=$((last - start))
}

# Until Postfix' queue and our outbox are empty.
taken_wait() {
    local try
    for try in {1..600}; do
        postfix_settle "$1" 120 || return 1
        [ -z "$("$program" outbox list -c "$1/carbonless.conf")" ] && [ "$(postfix_queue "$1")" -eq 0 ] &&
            return 0
        sleep 0.2
    done
    fail "the outbox does not become empty"
}

taken_posts() {
    "$program" export -c "$1/carbonless.conf" | grep -c '^From '
}

# taken_local DIR: prints the lines of main.cf for delivery by local(8), and writes its aliases.
taken_local() {
    local address
    mkdir -p "$1/etc"
    while read -r address; do
        echo "${address%@*} $1/mail/$address/"
    done <"$1/mailboxes" >"$1/etc/aliases"
    echo "virtual_transport = local"
    echo "alias_maps = texthash:$1/etc/aliases"
    echo "allow_mail_to_files = alias"
    echo "default_privs = nobody"
}

# The sums of all rounds, as results.
taken_report() {
    local agent=$1 sent=$2 posts=$3
    result taken "$agent: posts missing" $((sent - posts)) "" "= 0"
    result taken "$agent: notices and receipts delivered, per mail" "$(quotient "$notices" "$sent" 2)" "" ">= 1"
    result taken "$agent: CPU a mail, ten copies by Postfix" "$(quotient "$plain_us" "$sent")" µs
    result taken "$agent: CPU a mail, one post and its notices" "$(quotient "$ours_us" "$sent")" µs
    result taken "$agent: CPU a mail, of it in our daemon" "$(quotient "$share_us" "$sent")" µs
    result taken "$agent: CPU as a post / as ten copies" "$(ratio "$ours_us" "$plain_us")" "" "<= 1.0"
    result taken "$agent: throughput as posts / as ten copies" "$(ratio "$plain_took" "$ours_took")" "" ">= 1.0"
}

# Adds what taken_round measured to the sums of a side.
taken_add() {
    if [ "$1" = plain ]; then
        [ "$copies" -eq $(($2 * 10)) ] || fail "$copies of $(($2 * 10)) copies were delivered"
        plain_us=$((plain_us + used_us)) plain_took=$((plain_took + took_us))
    else
        ours_us=$((ours_us + used_us)) ours_took=$((ours_took + took_us))
        notices=$((notices + copies)) share_us=$((share_us + daemon_us))
    fi
}

# taken_compare AGENT COUNT ROUNDS. The sides take turns in short rounds: who shares the machine slows
# down both alike.
taken_compare() {
    local dir=$disk/work/taken-$1 count=$2 rounds=$3 round side port copies used_us took_us daemon_us
    local plain_us=0 ours_us=0 plain_took=0 ours_took=0 notices=0 share_us=0 lines=
    disk_fresh
    mkdir -p "$dir"
    { printf 'u%s@users.test\n' {1..10}; printf 'a%s@users.test\n' {1..8}; } >"$dir/mailboxes"
    free_port && reinject_port=$REPLY || return 1
    [ "$1" != local ] || lines=$(taken_local "$dir")
    write_conf "$dir"
    daemon_start "$dir"
    mta_start "$dir" "$lines"
    taken_round "$dir" "$plain_port" 20 || return 1
    for ((round = 0; round < rounds; round++)); do
        for side in $(turn_sides "$round"); do
            [ "$side" = ours ] && port=$smtp_port || port=$plain_port
            taken_round "$dir" "$port" "$count" || return 1
            taken_add "$side" "$count" || return 1
        done
    done
    taken_report "$1" $((count * rounds)) "$(taken_posts "$dir")"
}

bench_taken() {
    local count=200 rounds=8
    [ -z "$quick" ] || { count=100 rounds=1; }
    taken_compare local "$count" "$rounds" || return 1
    bench_clear
    taken_compare virtual "$count" "$rounds"
}
