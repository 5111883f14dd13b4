# taken.sh - mail to ten colleagues becomes posts, against plain Postfix that delivers ten copies.
# Sourced by run.
#
# Queue, Maildirs and database are all on disk; each side is durable before it answers (Postfix syncs
# its queue file and each copy, SQLite runs with synchronous = FULL). 4 KB mails of made-up words, 8
# sessions. Our side counts everything: taking in, storing, full text, and the notices, sent through
# the same Postfix and delivered.

# taken_round PORT COUNT: sets used_us, of it daemon_us, took_us and copies.
taken_round() {
    local dir=$disk/work/taken before start last
    before=$(cpu_settled mta ours)
    daemon_us=$(cpu_us ours)
    start=$(now_us)
    perl "$bench/mail.pl" send "127.0.0.1:$1" "$2" 8 4096 10 || return 1
    taken_wait "$dir" || return 1
    used_us=$(($(cpu_settled mta ours) - before))
    daemon_us=$(($(cpu_us ours) - daemon_us))
    read -r copies last < <(delivered "$dir" "$start")
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

# The sums of all rounds, as results.
taken_report() {
    local sent=$1 plain_us=$2 ours_us=$3 plain_took=$4 ours_took=$5 copies=$6 posts=$7 daemon=$8
    result taken "posts missing" $((sent - posts)) "" "= 0"
    result taken "notices and receipts delivered, per mail" "$(quotient "$copies" "$sent" 2)" "" ">= 1"
    result taken "CPU a mail: ten copies by Postfix" "$(quotient "$plain_us" "$sent")" µs
    result taken "CPU a mail: one post, its notices" "$(quotient "$ours_us" "$sent")" µs
    result taken "CPU a mail: of it in our daemon" "$(quotient "$daemon" "$sent")" µs
    result taken "CPU as a post / as ten copies" "$(ratio "$ours_us" "$plain_us")" "" "<= 1.0"
    result taken "throughput as posts / as ten copies" "$(ratio "$plain_took" "$ours_took")" "" ">= 1.0"
}

bench_taken() {
    local dir=$disk/work/taken count=1000 rounds=3 round copies used_us took_us daemon_us notices=0 share=0
    local plain_us=0 ours_us=0 plain_took=0 ours_took=0
    [ -z "$quick" ] || { count=100 rounds=1; }
    mkdir -p "$dir"
    { printf 'u%s@users.test\n' {1..10}; printf 'a%s@users.test\n' {1..8}; } >"$dir/mailboxes"
    free_port && reinject_port=$REPLY || return 1
    write_conf "$dir"
    daemon_start "$dir"
    mta_start "$dir"
    taken_round "$reinject_port" 20 || return 1
    for ((round = 0; round < rounds; round++)); do
        taken_round "$reinject_port" "$count" || return 1
        [ "$copies" -eq $((count * 10)) ] || fail "$copies of $((count * 10)) copies were delivered"
        plain_us=$((plain_us + used_us)) plain_took=$((plain_took + took_us))
        taken_round "$smtp_port" "$count" || return 1
        ours_us=$((ours_us + used_us)) ours_took=$((ours_took + took_us)) notices=$((notices + copies))
        share=$((share + daemon_us))
    done
    taken_report $((count * rounds)) "$plain_us" "$ours_us" "$plain_took" "$ours_took" "$notices" \
        "$(taken_posts "$dir")" "$share"
}
