# few.sh - mail to few people: Postfix with us and without us, side by side. Sourced by run.
#
# One Postfix with two such ports, one of which asks the daemon; queue and Maildirs on tmpfs, so that the
# disk does not hide the CPU. 4 KB mails, each over a connection of its own, 8 at a time, delivered to
# Maildirs. The sides take turns in short rounds; the figures are of all rounds (CPU) or
# the median round (throughput).

# few_round PORT RECIPIENTS COUNT: sets used_us and took_us.
few_round() {
    local dir=$ram/work/few before start count last
    empty_mailboxes "$dir"
    before=$(cpu_settled mta ours)
    start=$(now_us)
    smtp-source -s 8 -m "$3" -r "$2" -l 4096 -f a@users.test -t u@users.test "127.0.0.1:$1" ||
        return 1
    postfix_settle "$dir" 120 || return 1
    used_us=$(($(cpu_settled mta ours) - before))
    read -r count last < <(delivered "$dir" "$start")
    took_us=$((last - start))
    [ "$count" -eq $(($2 * $3)) ] || fail "$count of $(($2 * $3)) mails were delivered"
}

# few_compare RECIPIENTS COUNT ROUNDS
few_compare() {
    local side round port plain_us=0 ours_us=0 used_us took_us rates=$disk/work/rates ours_before
    local share=0
    mkdir -p "$disk/work"
    rm -f "$rates".*
    for port in "$plain_port" "$smtp_port"; do
        few_round "$port" "$1" $((10 + $2 / 10)) || return 1
    done
    for ((round = 0; round < $3; round++)); do
        for side in $(turn_sides "$round"); do
            [ "$side" = ours ] && port=$smtp_port || port=$plain_port
            ours_before=$(cpu_us ours)
            few_round "$port" "$1" "$2" || return 1
            [ "$side" = plain ] && plain_us=$((plain_us + used_us)) || ours_us=$((ours_us + used_us))
            [ "$side" = plain ] || share=$((share + $(cpu_us ours) - ours_before))
            quotient $(($2 * 1000000)) "$took_us" 1 >>"$rates.$side"
            echo >>"$rates.$side"
        done
    done
    result few "to $1: CPU a mail without us" "$(quotient $plain_us $(($2 * $3)))" µs
    result few "to $1: CPU a mail with us" "$(quotient $ours_us $(($2 * $3)))" µs
    result few "to $1: of it in our daemon" "$(quotient $share $(($2 * $3)))" µs
    result few "to $1: CPU with us / without" "$(ratio $ours_us $plain_us)" "" "<= 1.12"
    result few "to $1: throughput with us / without" \
        "$(ratio "$(median <"$rates.ours")" "$(median <"$rates.plain")")" "" ">= 0.90"
}

bench_few() {
    local dir=$ram/work/few count=500 rounds=24
    [ -z "$quick" ] || { count=200 rounds=1; }
    mkdir -p "$dir"
    { echo u@users.test; printf '%su@users.test\n' {1..10}; } >"$dir/mailboxes"
    free_port && reinject_port=$REPLY || return 1
    # Ten colleagues are few here, so that they are counted, and passed.
    write_conf "$dir" "max_recipients = 20"
    daemon_start "$dir"
    mta_start "$dir"
    few_compare 1 "$count" "$rounds" && few_compare 10 $((count / 2)) $((rounds / 2))
}
