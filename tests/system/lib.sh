# lib.sh - what the system tests share: a private Postfix with Maildirs, the daemon beside it, and
# TAP output. To be sourced by bash, from the top of the source tree, with CARBONLESS naming the
# program. Everything lives in $dir, which is removed at the end with all that was started.
#
#   it "SENTENCE" FUNCTION [ARGUMENT...]   one subtest: passes when FUNCTION returns 0
#   same WHAT GOT WANTED                   inside: complains and returns 1 when they differ
#   done_testing                           the plan, and the exit status
#
#   world [KEY=VALUE...]       a fresh configuration with people u1 ... u20@users.test, Postfix and
#                              daemon running; KEY is an option of carbonless.conf
#   world_end                  ends it
#   daemon_start, daemon_stop, daemon_kill
#   send FROM TO[,TO...] [XCLIENT-ATTRIBUTES]  one message over SMTP; leaves $subject, $message_id
#   settled [SECONDS]          waits until Postfix's queue and our outbox are empty
#   mails PERSON               how many mails are in that mailbox
#   cl COMMAND...              carbonless with the configuration of this world
#   sql STATEMENT              a look into the database
set -u
[ "$(id -u)" -eq 0 ] && [ -x /usr/sbin/postfix ] || { echo "1..0 # SKIP needs root and Postfix"; exit 77; }
carbonless=${CARBONLESS:?names the program to test}
. contrib/lib/private-postfix.sh
. contrib/lib/descendants.sh

dir=$(mktemp -d "${TMPDIR:-/tmp}/carbonless-test.XXXXXX") || exit 2
# A signal may come inside a function that calls something else $dir.
top=$dir
chmod 755 "$dir"
w=$dir daemon='' relay='' mounts=() queue_here=

clean_up() {
    trap '' INT TERM HUP
    local mount
    world_end
    for mount in "${mounts[@]}"; do umount -l "$mount" 2>/dev/null; done
    free_ports_forget
    rm -rf "$top"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

# --- TAP ---

tests=0 failures=0
it() {
    local sentence=$1 complaint=$dir/complaint
    shift
    tests=$((tests + 1))
    if "$@" 2>"$complaint"; then
        echo "ok $tests - $sentence"
        return 0
    fi
    failures=$((failures + 1))
    echo "not ok $tests - $sentence"
    tail -n 40 "$complaint" | sed "s/^/#   /"
    [ ! -s "$w/log/carbonless.log" ] || tail -n 25 "$w/log/carbonless.log" | sed 's/^/#   log: /'
    [ ! -s "$w/log/mail.log" ] || grep -E 'warning|error|fatal|reject|defer' "$w/log/mail.log" |
        tail -n 10 | sed 's/^/#   postfix: /'
    return 1
}

done_testing() {
    echo "1..$tests"
    [ "$failures" -eq 0 ] && exit 0
    echo "# $failures of $tests failed" >&2
    exit 1
}

same() {
    [ "$2" = "$3" ] && return 0
    printf '%s: is "%s", should be "%s"\n' "$1" "$2" "$3" >&2
    return 1
}

complain() {
    printf '%s\n' "$*" >&2
    return 1
}

# --- people and configuration ---

people=()
for number in {1..20}; do people+=("u$number@users.test"); done
outsiders=(pat@customer.test kim@customer.test)

write_world() {
    local option
    mkdir -p "$w"/{archive/spool,log}
    printf '%s\n' "${people[@]}" "${outsiders[@]}" ${extra_mailboxes-} >"$w/mailboxes"
    cat >"$w/groups" <<'END'
team@users.test u2@users.test, u3@users.test, u4@users.test, u5@users.test, u6@users.test
pair@users.test u7@users.test, u8@users.test
both@users.test team@users.test, pair@users.test
END
    printf '%s' "${extra_groups-}" >>"$w/groups"
    declare -A value=(
        [internal_domains]='{ "users.test" }' [post_domain]='"posts.users.test"'
        [virtual_files]="{ \"$w/groups\" }" [mode]=enforce [database]="\"$w/archive/carbonless.db\""
        [spool_directory]="\"$w/archive/spool\"" [key_file]="\"$w/archive/key\""
        [milter_listen]="\"unix:$w/milter.sock\"" [smtp_url]="\"smtp://127.0.0.1:$reinject_port\""
        [web_listen]='""' [author_receipt]=never [log_level]=debug)
    for option in "$@"; do value[${option%%=*}]=${option#*=}; done
    for option in "${!value[@]}"; do echo "$option = ${value[$option]}"; done >"$w/carbonless.conf"
}

configure_postfix() {
    PF_PORT=$smtp_port PF_REINJECT_PORT=$reinject_port PF_MILTER=${milter_seen_by_postfix-unix:$w/milter.sock} \
        PF_DOMAINS="users.test customer.test" PF_MAILBOXES=$w/mailboxes PF_ALIASES=$w/groups \
        postfix_configure "$w"
}

worlds=0
world() {
    world_end
    worlds=$((worlds + 1))
    w=$dir/$worlds
    mkdir -p "$w"
    chmod 755 "$w"
    free_port && smtp_port=$REPLY && free_port && reinject_port=$REPLY || return
    write_world "$@"
    configure_postfix && daemon_start && queue_here=yes && postfix_start "$w"
}

world_end() {
    if [ -n "$daemon" ]; then daemon_stop; fi
    if [ -n "$queue_here" ]; then postfix_stop "$w"; fi
    queue_here=
}

# --- the daemon ---

daemon_start() {
    local try before
    touch "$w/log/carbonless.log"
    before=$(grep -c daemon.start "$w/log/carbonless.log")
    "$carbonless" serve -c "$w/carbonless.conf" 2>>"$w/log/carbonless.log" &
    daemon=$!
    for try in {1..200}; do
        [ "$(grep -c daemon.start "$w/log/carbonless.log")" -gt "${before:-0}" ] && return 0
        kill -0 "$daemon" 2>/dev/null || break
        sleep 0.1
    done
    tail -n 5 "$w/log/carbonless.log" >&2
    daemon=
    complain "the daemon did not start"
}

daemon_stop() {
    local pid=$daemon try
    daemon=
    kill -TERM "$pid" 2>/dev/null
    for try in {1..150}; do
        kill -0 "$pid" 2>/dev/null || { wait "$pid" 2>/dev/null; return; }
        sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    complain "the daemon did not stop within 15 s"
}

daemon_kill() {
    local pid=$daemon
    daemon=
    kill -KILL "$pid"
    wait "$pid" 2>/dev/null
    return 0
}

cl() { timeout 60 "$carbonless" "$1" -c "$w/carbonless.conf" "${@:2}"; }
sql() { sqlite3 -cmd '.timeout 20000' "file:$w/archive/carbonless.db?mode=ro" "$@"; }

# --- mail ---

sent=0
# Each message gets a subject and Message-ID of its own, left in $subject and $message_id.
send() {
    local from=$1 to=$2 options=("${@:3}")
    sent=$((sent + 1))
    subject="Message $worlds-$sent" message_id="<m$worlds-$sent@users.test>"
    write_message "$from" "$to" >"$w/last.eml"
    send_file "$from" "$to" "$w/last.eml" "${options[@]}"
}

write_message() {
    printf 'From: <%s>\nTo: %s\nSubject: %s\nMessage-ID: %s\nDate: %s\n\nThis is %s.\n\n.A line with a dot.\n' \
        "$1" "${header_to-$2}" "$subject" "$message_id" "$(date -R)" "$subject"
}

# send_file FROM TO FILE [XCLIENT-ATTRIBUTES]: the status of smtp-send.pl; the answer in $w/log/answer.
send_file() {
    perl tests/system/smtp-send.pl "$smtp_port" "$@" >"$w/log/answer" && return 0
    local status=$?
    [ -n "${may_be_refused-}" ] || cat "$w/log/answer" >&2
    return "$status"
}

settled() {
    local try until=$((SECONDS + ${1:-40}))
    while [ "$SECONDS" -lt "$until" ]; do
        [ "$(postfix_queue "$w")" -eq 0 ] &&
            [ "$(sql "SELECT count(*) FROM notice WHERE state IN (0, 1)")" = 0 ] &&
            [ "$(postfix_queue "$w")" -eq 0 ] && return 0
        sleep 0.2
    done
    complain "after ${1:-40} s: $(postfix_queue "$w") in Postfix's queue; outbox: $(cl outbox list)"
}

mail_files() { find "$w/mail/$1/new" "$w/mail/$1/cur" -type f 2>/dev/null; }
mails() { mail_files "$1" | wc -l; }

# notices PERSON [SUBJECT]: how many notices; originals PERSON [SUBJECT]: ordinary mail.
notices() { mail_files "$1" | xargs -r grep -lE '^List-Id:.*posts\.users\.test' | filter_subject "${2-}" | wc -l; }
originals() { mail_files "$1" | xargs -r grep -LE '^List-Id:.*posts\.users\.test' | filter_subject "${2-}" | wc -l; }
filter_subject() { if [ -n "$1" ]; then xargs -r grep -lxF "Subject: $1"; else cat; fi; }
posts() { sql "SELECT count(*) FROM post"; }

# Whether the newest mail of a mailbox is FILE as it was sent, but for what MTAs put on top.
delivered_untouched() {
    local person=$1 file=$2 got
    got=$(mail_files "$person" | xargs -r grep -lxF "$(grep -m1 -a '^Message-ID:' "$file")" | head -n 1)
    [ -n "$got" ] || { complain "$person did not get it"; return; }
    perl -0777 -e 'sub body { my ($h, $b) = split /\r?\n\r?\n/, $_[0], 2; $h =~ s/\r\n/\n/g; $b =~ s/\r\n/\n/g;
            1 while $h =~ s/\A(?:Return-Path|X-Original-To|Delivered-To|Received):[^\n]*\n(?:[ \t][^\n]*\n)*//;
            return "$h\n\n$b" }
        my ($got, $want) = map { open my $f, "<", $_ or die "$_: $!"; local $/; body(scalar <$f>) } @ARGV;
        exit 0 if $got eq $want;
        my $same = 0;
        $same++ while substr($got, $same, 1) eq substr($want, $same, 1);
        my $from = $same > 60 ? $same - 60 : 0;
        printf STDERR "the copy differs from what was sent at %d:\n--- got\n%s\n--- sent\n%s\n", $same,
            map { substr $_, $from, 400 } $got, $want;
        exit 1' "$got" "$file"
}
