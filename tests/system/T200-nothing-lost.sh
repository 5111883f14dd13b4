#!/bin/bash
# T200-nothing-lost.sh - whatever breaks, every message that was accepted is afterwards a post, once, or
# in the mailboxes, and every notice comes once, or again with the same Message-ID.
cd "$(dirname "$0")/../.." || exit 2
. tests/system/lib.sh

five=u1@users.test,u2@users.test,u3@users.test,u4@users.test,u5@users.test
bodies=0

# sender NAME COUNT: sends like a patient client; what was accepted is noted in $w/accepted.
sender() {
    local name=$1 count=$2 number try header_to="u1@users.test, u2@users.test
Cc: u3@users.test, u4@users.test, u5@users.test" file=$w/load-$1.eml
    for ((number = 1; number <= count; number++)); do
        subject="Load $name $number" message_id="<load-$name-$number@users.test>"
        write_message u9@users.test "" >"$file"
        for try in {1..100}; do
            perl tests/system/smtp-send.pl "$smtp_port" u9@users.test "$five" "$file" >"$w/log/load-$name" && break
            sleep 0.2
        done
        [ "$try" -lt 100 ] || { echo "$message_id was never accepted: $(cat "$w/log/load-$name")" >>"$w/never"; continue; }
        echo "$message_id $five" >>"$w/accepted"
    done
}

accounted() {
    settled 90 && [ ! -s "$w/never" ] || { cat "$w/never" >&2 2>/dev/null; return 1; }
    perl tests/system/account.pl "$w/archive/carbonless.db" "$w/mail" "$w/accepted" "$@"
}

undisturbed() {
    local pids=() pid
    for pid in 1 2 3; do sender "$pid" 10 & pids+=($!); done
    wait "${pids[@]}"
    accounted exact
}

# The daemon is killed some ten times while mail comes in and notices go out.
killed_at_random() {
    local pids=() pid try
    for pid in 1 2 3 4; do sender "$pid" 15 & pids+=($!); done
    for try in {1..10}; do
        sleep "0.$((RANDOM % 9))$((RANDOM % 9))"
        daemon_kill && daemon_start || return
    done
    wait "${pids[@]}"
    accounted
}

# A relay between Postfix and the daemon kills the daemon, or cuts the connection, at a stage.
relay_start() {
    perl tests/system/milter-relay.pl "$w/relay.sock" "$w/milter.sock" "$w/order" "$w/daemon.pid" &
    relay=$!
    local try
    for try in {1..50}; do [ -S "$w/relay.sock" ] && return 0; sleep 0.1; done
    complain "the relay did not start"
}

# at_stage STAGE cut|kill [exact]: one message through it, with a client that tries again.
at_stage() {
    local stage=$1 action=$2 how=${3-} try status before
    before=$(posts)
    echo "$daemon" >"$w/daemon.pid"
    bodies=$((bodies + 1))
    subject="At $stage $action $bodies" message_id="<stage-$bodies@users.test>"
    header_to="u1@users.test" write_message u9@users.test "" >"$w/last.eml"
    echo "$stage $action" >"$w/order"
    for try in {1..20}; do
        may_be_refused=yes send_file u9@users.test "$five" "$w/last.eml" && break
        [ "$action" = cut ] || kill -0 "$daemon" 2>/dev/null || { wait "$daemon" 2>/dev/null; daemon_start || return; }
        sleep 0.2
    done
    [ "$action" = cut ] || kill -0 "$daemon" 2>/dev/null || { wait "$daemon" 2>/dev/null; daemon_start || return; }
    [ ! -e "$w/order" ] || { complain "the relay never saw the stage $stage"; return; }
    echo "$message_id $five" >"$w/accepted"
    accounted >/dev/null || return
    [ "$how" != exact ] ||
        { same "posts" "$(($(posts) - before))" 1 && same "copies" "$(originals u3@users.test "$subject")" 0; }
}

# Needs a file system of its own; not everywhere may one be mounted.
tmpfs() {
    mkdir -p "$1" && mount -t tmpfs -o "size=$2,mode=755" carbonless-test "$1" 2>/dev/null && mounts+=("$1")
}
fill() { dd if=/dev/zero of="$1/filler" bs=4k 2>/dev/null; true; }

disk_full() {
    local on_failure=$1 before
    world_with_small_disk "on_failure=$on_failure" || return
    send u9@users.test "$five" && settled && same "posts before" "$(posts)" 1 || return
    fill "$w/archive"
    if [ "$on_failure" = defer ]; then
        may_be_refused=yes send u9@users.test "$five"
        same "status of the client" $? 75 || return
        grep -q ' 4[0-9][0-9] ' "$w/log/answer" || { complain "$(cat "$w/log/answer")"; return; }
        rm "$w/archive/filler"
        send_file u9@users.test "$five" "$w/last.eml" && settled &&
            same "posts in the end" "$(posts)" 2 && same "copies" "$(originals u3@users.test "$subject")" 0
        return
    fi
    send u9@users.test "$five" && postfix_settle "$w" || return
    for person in u1 u2 u3 u4 u5; do delivered_untouched $person@users.test "$w/last.eml" || return; done
    grep -q message.failed "$w/log/carbonless.log" || { complain "nothing in the log"; return; }
    rm "$w/archive/filler"
    send u9@users.test "$five" && settled && same "posts in the end" "$(posts)" 2
}

# A message too large for memory goes to the spool.
spool_full() {
    local on_failure=$1 person
    world_with_small_disk "on_failure=$on_failure" "database=\"$w/carbonless.db\"" || return
    send u9@users.test "$five" || return
    fill "$w/archive/spool"
    subject="Large $on_failure" message_id="<large-$on_failure@users.test>"
    { header_to=u1@users.test write_message u9@users.test ""; yes "a line of a large message" | head -n 60000; } >"$w/last.eml"
    if [ "$on_failure" = defer ]; then
        may_be_refused=yes send_file u9@users.test "$five" "$w/last.eml"
        same "status of the client" $? 75
        return
    fi
    send_file u9@users.test "$five" "$w/last.eml" && postfix_settle "$w" || return
    for person in u1 u3 u5; do delivered_untouched $person@users.test "$w/last.eml" || return; done
}

world_with_small_disk() {
    world_end
    # world makes the next folder; the file system has to be there before.
    tmpfs "$dir/$((worlds + 1))/archive" 12m || return
    world "$@"
}

locked() {
    local on_failure=$1
    world "on_failure=$on_failure" || return
    send u9@users.test "$five" && settled || return
    mkfifo "$w/fifo"
    sqlite3 "$w/archive/carbonless.db" <"$w/fifo" >"$w/log/sqlite" 2>&1 &
    local locker=$!
    exec 6>"$w/fifo"
    echo "BEGIN IMMEDIATE; INSERT INTO meta VALUES ('lock', 'x'); SELECT 'locked';" >&6
    for try in {1..50}; do grep -q locked "$w/log/sqlite" && break; sleep 0.1; done
    may_be_refused=yes send u9@users.test "$five"
    local status=$?
    exec 6>&-
    wait "$locker"
    if [ "$on_failure" = defer ]; then
        same "status of the client" "$status" 75 || return
        send_file u9@users.test "$five" "$w/last.eml" && settled && same "posts" "$(posts)" 2
        return
    fi
    same "status of the client" "$status" 0 && postfix_settle "$w" || return
    delivered_untouched u5@users.test "$w/last.eml" || return
    send u9@users.test "$five" && settled && same "posts" "$(posts)" 2
}

# A reader that is slow, and a writer that is quick, are waited for.
locked_briefly() {
    send u9@users.test "$five" && settled || return
    local before
    before=$(posts)
    (printf 'BEGIN IMMEDIATE;\n'; sleep 1; printf 'COMMIT;\n') | sqlite3 "$w/archive/carbonless.db" &
    sleep 0.3
    send u9@users.test "$five" && settled && same "new posts" "$(($(posts) - before))" 1
}

damaged() {
    local status
    send u9@users.test "$five" && settled && daemon_stop || return
    rm -f "$w"/archive/carbonless.db-*
    perl -e 'open my $f, "+<", $ARGV[0] or die; print $f "This is no database. " x 2000' "$w/archive/carbonless.db"
    timeout 20 "$carbonless" serve -c "$w/carbonless.conf" 2>"$w/refusal"
    status=$?
    [ "$status" -ne 0 ] && [ "$status" -lt 100 ] || { complain "serve ended with $status"; return; }
    grep -q 'carbonless.db' "$w/refusal" || { complain "the error does not name the file: $(cat "$w/refusal")"; return; }
    cl post list >"$w/out" 2>&1 && { complain "post list did not mind"; return; }
    [ "$(wc -l <"$w/out")" -eq 1 ] || { complain "post list said: $(cat "$w/out")"; return; }
    send u9@users.test "$five" && postfix_settle "$w" && delivered_untouched u5@users.test "$w/last.eml"
}

damaged_inside() {
    world || return
    for try in 1 2 3; do send u9@users.test "$five" || return; done
    settled && daemon_stop || return
    rm -f "$w"/archive/carbonless.db-*
    perl -e 'my $size = -s $ARGV[0]; open my $f, "+<", $ARGV[0] or die; seek $f, 8192, 0; print $f "junk" x (($size - 8192) / 4)' \
        "$w/archive/carbonless.db"
    if "$carbonless" serve -c "$w/carbonless.conf" 2>>"$w/log/carbonless.log" & daemon=$!; then sleep 1; fi
    send u9@users.test "$five" && postfix_settle "$w" && delivered_untouched u5@users.test "$w/last.eml" || return
    if kill -0 "$daemon" 2>/dev/null; then daemon_stop; else daemon=; fi
}

reinjection_down() {
    local person
    world || return
    cp "$w/etc/master.cf" "$w/master.cf"
    sed -i "/^127.0.0.1:$reinject_port /,/^pickup/{/^pickup/!d}" "$w/etc/master.cf"
    postfix -c "$w/etc" reload >/dev/null 2>&1
    sleep 1
    send u9@users.test "$five" && send u9@users.test u6@users.test,u7@users.test,u8@users.test,u10@users.test || return
    sleep 3
    same "notices while the port is closed" "$(notices u1@users.test)$(notices u6@users.test)" 00 || return
    cp "$w/master.cf" "$w/etc/master.cf"
    postfix -c "$w/etc" reload >/dev/null 2>&1
    settled 60 && same "notices in the end" "$(notices u1@users.test)$(notices u6@users.test)" 11
}

poison() {
    local digest person
    world || return
    subject="Crashes the parser" message_id="<poison@users.test>"
    header_to=u1@users.test write_message u9@users.test "" >"$w/last.eml"
    # What a daemon leaves behind that died over this message: its digest, in the list of what is under way.
    digest=$(sed '1,/^$/d' "$w/last.eml" | perl -0777 -pe 's/\n+\z//' | sha256sum | cut -d' ' -f1)
    daemon_kill
    perl -e 'open my $f, "+<", $ARGV[0] or die "$ARGV[0]: $!"; print $f pack "l a64", 1, $ARGV[1]' \
        "$w/archive/spool/parsing" "$digest" && daemon_start || return
    send_file u9@users.test "$five" "$w/last.eml" && settled || return
    for person in u1 u3 u5; do delivered_untouched $person@users.test "$w/last.eml" || return; done
    grep -q 'reason=poison' "$w/log/carbonless.log" || { complain "the log does not say why"; return; }
    send u9@users.test "$five" && settled && same "posts of others" "$(posts)" 1
}

# --- with a milter that is missing, Postfix delivers ordinary mail ---
world || exit 1
it "undisturbed, each message is one post and each notice comes once" undisturbed
world || exit 1
it "killed at random under load, nothing is lost: ordinary mail goes on meanwhile" killed_at_random
export PF_MILTER_ACTION=tempfail
world || exit 1
it "killed at random under load, nothing is lost: clients wait meanwhile" killed_at_random

# --- chosen moments ---
milter_seen_by_postfix="unix:$dir/$((worlds + 1))/relay.sock"
mkdir -p "$dir/$((worlds + 1))"
w=$dir/$((worlds + 1)) relay_start || exit 1
world || exit 1
it "an answer that is lost between our commit and Postfix: the client repeats, and it is one post" at_stage answer cut exact
it "the daemon dies between its commit and its answer: one post" at_stage answer kill exact
for stage in mail rcpt data header body; do
    it "the daemon dies at $stage: one post, later" at_stage $stage kill exact
    it "the connection breaks at $stage: one post, later" at_stage $stage cut exact
done
for try in 1 2 3; do
    it "the daemon dies while it works on a message ($try): it is a post or ordinary mail" at_stage end kill
done
descendants_end "$relay"
wait "$relay" 2>/dev/null
unset milter_seen_by_postfix PF_MILTER_ACTION

# --- what surrounds us breaks ---
if tmpfs "$dir/probe" 64k; then
    for on_failure in pass defer; do
        it "disk full, on_failure = $on_failure" disk_full $on_failure
        it "spool full, on_failure = $on_failure" spool_full $on_failure
    done
else
    echo "# no file system may be mounted here: a full disk is not tested"
fi
for on_failure in pass defer; do
    it "database locked by somebody else, on_failure = $on_failure" locked $on_failure
done
it "database locked for a moment: the message waits, and is a post" locked_briefly
it "a database that is none: clear refusal to start, and ordinary mail" damaged
it "a database damaged inside: ordinary mail" damaged_inside
it "Postfix's unfiltered port down for a while: notices come later, once" reinjection_down
it "a message over which the daemon died passes the next time" poison
done_testing
