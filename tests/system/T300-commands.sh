#!/bin/bash
# T300-commands.sh - the commands beside a running daemon: import, export, looking, releasing, backup,
# checks; exit statuses, --help and --json of all of them.
cd "$(dirname "$0")/../.." || exit 2
. tests/system/lib.sh

json() { perl -MJSON::PP -0777 -ne "my \$j = JSON::PP->new->utf8->decode(\$_); $1"; }
# status WANTED COMMAND...: the exit status, and one line on standard error when it is 2.
status() {
    local wanted=$1 got
    shift
    timeout 60 "$carbonless" "$@" >"$w/out" 2>"$w/err" </dev/null
    got=$?
    [ "$got" -eq "$wanted" ] || { complain "carbonless $* ended with $got, not $wanted: $(head -c 300 "$w/err")"; return; }
    [ "$wanted" -ne 2 ] || same "lines of error of carbonless $*" "$(wc -l <"$w/err")" 1
}

mbox() {
    mkdir -p "$w/eml"
    perl tests/system/make-mail.pl 300 "$w/300.mbox" "$w/eml"
    cl import -q "$w/300.mbox" >"$w/out" || return
    same "posts" "$(posts)" 300 && same "notices" "$(sql 'SELECT count(*) FROM notice')" 0 || return
    cl export -o "$w/back.mbox" || return
    diff <(perl tests/system/mbox-digests.pl "$w/eml") <(perl tests/system/mbox-digests.pl "$w/back.mbox") >&2
}

again() {
    cl import -q --restart "$w/300.mbox" >/dev/null && same "posts after the same mbox" "$(posts)" 300 &&
        cl import -q "$w/eml" >/dev/null && same "posts after the same as files" "$(posts)" 300 || return
    mkdir -p "$w/maildir"/{cur,new,tmp}
    cp "$w"/eml/0000*.eml "$w/maildir/cur/"
    perl tests/system/make-mail.pl 305 "$w/305.mbox" "$w/maildir/new"
    cl import -q "$w/maildir" >/dev/null && same "posts after a Maildir with five new ones" "$(posts)" 305 || return
    cl import -q "$w/eml/00007.eml" >/dev/null && cl import -q - <"$w/eml/00008.eml" >/dev/null &&
        same "posts after single files" "$(posts)" 305
}

export_round() {
    cl export -o "$w/first.mbox" && mkdir "$w/other" &&
        sed "s!$w/archive!$w/other!" "$w/carbonless.conf" >"$w/other.conf" && mkdir -p "$w/other/spool" || return
    "$carbonless" import -q -c "$w/other.conf" "$w/first.mbox" >/dev/null &&
        "$carbonless" export -c "$w/other.conf" -o "$w/second.mbox" || return
    diff <(perl tests/system/mbox-digests.pl "$w/first.mbox") <(perl tests/system/mbox-digests.pl "$w/second.mbox") >&2
}

killed_import() {
    local try pid
    world_end
    world || return
    perl tests/system/make-mail.pl 4000 "$w/4000.mbox"
    for try in 1 2 3; do
        "$carbonless" import -q -c "$w/carbonless.conf" "$w/4000.mbox" >/dev/null 2>&1 &
        pid=$!
        sleep "0.$((2 + RANDOM % 6))"
        kill -KILL "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
        echo "# killed at $(posts) posts"
    done
    cl import -q "$w/4000.mbox" >"$w/out" || return
    same "posts" "$(posts)" 4000 && same "different subjects" "$(sql 'SELECT count(DISTINCT subject) FROM post')" 4000 || return
    cl export -o "$w/back.mbox" &&
        diff <(perl tests/system/mbox-digests.pl "$w/4000.mbox") <(perl tests/system/mbox-digests.pl "$w/back.mbox") >&2
}

bad_import() {
    status 2 import -c "$w/carbonless.conf" "$w/nowhere.mbox" || status 1 import -c "$w/carbonless.conf" "$w/nowhere.mbox"
}

looking() {
    local id
    send u1@users.test u2@users.test,u3@users.test,u4@users.test,u5@users.test,pat@customer.test && settled || return
    id=$(sql "SELECT id FROM post WHERE subject = '$subject'")
    cl post list | grep -qF "$subject" || { complain "post list does not show it"; return; }
    cl post show "$id" >"$w/out" || return
    grep -qF "This is $subject." "$w/out" && grep -q u5@users.test "$w/out" || { complain "post show: $(cat "$w/out")"; return; }
    cl post --why "$message_id" >"$w/out" && grep -q persons "$w/out" || { complain "--why: $(cat "$w/out")"; return; }
    local qid
    qid=$(sql "SELECT queue_id FROM post WHERE id = $id")
    cl post --why "$qid" | grep -qF post || { complain "--why does not know the queue id"; return; }
    same "state in outbox --all" "$(cl outbox --all --json list | json 'print $j->[0]{state}')" sent &&
        same "group members" "$(cl group show both@users.test | grep -c users.test)" 7 &&
        cl person list | grep -q u1@users.test
}

searching() {
    local try
    for try in {1..50}; do
        cl search 'This is Message' >"$w/out" 2>&1 && grep -qF "$subject" "$w/out" && break
        sleep 0.2
    done
    grep -qF "$subject" "$w/out" || { complain "search: $(cat "$w/out")"; return; }
    status 1 search -c "$w/carbonless.conf" notawordinhere
}

releasing() {
    local id to=u11@users.test,u12@users.test,u13@users.test,u14@users.test,pat@customer.test person
    send u1@users.test "$to" && settled || return
    id=$(sql "SELECT id FROM post WHERE subject = '$subject'")
    same "copies before" "$(originals u12@users.test "$subject")" 0 || return
    cl release "$id" | grep -q '^4 copies' || { complain "not four copies were queued"; return; }
    settled || return
    for person in u11 u12 u13 u14; do
        delivered_untouched $person@users.test "$w/last.eml" || return
        same "copies of $person" "$(originals $person@users.test "$subject")" 1 || return
    done
    same "copies of the outsider" "$(originals pat@customer.test "$subject")" 1 || return
    cl release "$id" >/dev/null && settled && same "copies after a second release" "$(originals u12@users.test "$subject")" 1
}

backup() {
    local pid before
    before=$(posts)
    (for number in {1..15}; do send u1@users.test u2@users.test,u3@users.test,u4@users.test,u5@users.test; done) &
    pid=$!
    cl backup "$w/copy.db" >&2 || return
    wait "$pid"
    same "integrity" "$(sqlite3 "$w/copy.db" 'PRAGMA integrity_check')" ok || return
    [ "$(sqlite3 "$w/copy.db" 'SELECT count(*) FROM post')" -ge "$before" ] || { complain "posts are missing"; return; }
    sed "s!^database = .*!database = \"$w/copy.db\"!" "$w/carbonless.conf" >"$w/copy.conf"
    "$carbonless" post list -c "$w/copy.conf" >/dev/null || return
    status 2 backup -c "$w/carbonless.conf" "$w/copy.db"
}

people() {
    cl person set u1@users.test --name "Ursula One" --alias ursula@users.test >/dev/null &&
        cl person list --json | json 'exit !grep { $_->{address} eq "u1\@users.test" && $_->{name} eq "Ursula One" } @$j' ||
        { complain "the person was not changed"; return; }
    # Of one member it would be an alias.
    cl group add new@users.test u1@users.test >/dev/null && cl group add new@users.test u2@users.test && cl group show new@users.test | grep -q u1@users.test &&
        cl group remove new@users.test u1@users.test >/dev/null || { complain "the group was not changed"; return; }
    ! cl group show new@users.test 2>/dev/null | grep -q u1@users.test
}

# What would be kept and quietly not heeded is refused.
refuses() {
    status 2 person set u1@users.test --language tlh && status 2 person set u1@users.test --time-zone Mars/Base &&
        cl person set u1@users.test --language nl --time-zone Europe/Amsterdam >/dev/null &&
        status 1 group remove new@users.test nobody@users.test && status 2 export 1x &&
        status 2 stats --weeks 0
}

effects() { cl stats --json | json 'my ($w) = @$j; exit !($w->{posts} > 0 && $w->{copies} > $w->{notices})'; }

check_good() { cl check -p "$w/etc" >"$w/out" 2>&1 || complain "check: $(cat "$w/out")"; }

check_bad() {
    local line
    while IFS='|' read -r line words; do
        { sed "s!^database = .*!database = \"$w/bad.db\"!" "$w/carbonless.conf"; echo "$line"; } >"$w/bad.conf"
        "$carbonless" check --no-postfix -c "$w/bad.conf" >"$w/out" 2>&1 && { complain "check did not mind: $line"; return; }
        grep -q "bad.conf:$(wc -l <"$w/bad.conf")" "$w/out" || { complain "no file and line for '$line': $(cat "$w/out")"; return; }
        timeout 10 "$carbonless" serve -c "$w/bad.conf" >"$w/out" 2>&1 && { complain "serve started with: $line"; return; }
        grep -q "$words" "$w/out" || { complain "serve says for '$line': $(cat "$w/out")"; return; }
    done <<'END'
max_recipient = 3|max_recipient
max_recipients = many|max_recipients
mode = enforced|mode
max_recipients = 0|max_recipients
rule "x" { subject = "(" verdict = pass }|subject
END
}

check_postfix() {
    mkdir -p "$w/wrong" && cp "$w"/etc/* "$w/wrong/" && sed -i 's/^smtpd_milters = .*/smtpd_milters =/' "$w/wrong/main.cf" || return
    cl check -p "$w/wrong" >"$w/out" 2>&1 && { complain "check does not miss the milter: $(cat "$w/out")"; return; }
    grep -q smtpd_milters "$w/out" || complain "check says: $(cat "$w/out")"
}

check_transport() {
    rm -rf "$w/moved" && cp -r "$w/etc" "$w/moved" || return
    sed "/^lmtp_listen/d" "$w/carbonless.conf" >"$w/moved.conf"
    echo "lmtp_listen = \"unix:$w/lmtp.sock\"" >>"$w/moved.conf"
    postconf -c "$w/moved" -e "transport_maps = texthash:$w/moved/transport" || return
    echo "posts.users.test lmtp:unix:/elsewhere" >"$w/moved/transport"
    "$carbonless" check -c "$w/moved.conf" -p "$w/moved" >"$w/out" 2>&1 && { complain "check does not miss the transport: $(cat "$w/out")"; return; }
    grep -q '^WRONG *transport_maps' "$w/out" || { complain "check says: $(cat "$w/out")"; return; }
    echo "posts.users.test lmtp:unix:$w/lmtp.sock" >"$w/moved/transport"
    "$carbonless" check -c "$w/moved.conf" -p "$w/moved" >"$w/out" 2>&1
    grep -q '^ok *transport_maps' "$w/out" || complain "check says: $(cat "$w/out")"
}

check_pilot() {
    { cat "$w/carbonless.conf"; echo 'pilot = "team@users.test"'; } >"$w/pilot.conf"
    "$carbonless" check --no-postfix -c "$w/pilot.conf" | grep -q '^ok *pilot .* 5 members' || { complain "the pilot group is not counted"; return; }
    sed -i 's/^pilot = .*/pilot = "taem@users.test"/' "$w/pilot.conf"
    "$carbonless" check --no-postfix -c "$w/pilot.conf" | grep -q '^advice *pilot' || complain "check does not miss the pilot group"
}

inspecting() {
    local file=$w/eml/00001.eml command
    for command in decode classify; do
        status 0 $command "$file" && json 1 <"$w/out" || return
        "$carbonless" $command - <"$file" | cmp - "$w/out" >&2 || return
        status 2 $command "$w/nowhere" && status 2 $command && status 2 $command "$file" --nonsense || return
    done
    printf 'Yes, gladly.\n\nOn Mon, 1 Jan 2024, Anna wrote:\n> Lunch?\n' >"$w/answer.txt"
    status 0 trim "$w/answer.txt" && same "trimmed" "$(cat "$w/out")" "Yes, gladly." &&
        status 0 trim --elided "$w/answer.txt" && grep -q Lunch "$w/out" || return
    printf '<p onclick=x()>Hello <script>bad()</script><b>you</b></p>' >"$w/page.html"
    status 0 sanitize "$w/page.html" && ! grep -qE 'script|onclick' "$w/out" && grep -q '<b>you' "$w/out" ||
        { complain "sanitize: $(cat "$w/out")"; return; }
    status 2 trim "$w/nowhere" && status 2 sanitize "$w/nowhere" || return
    status 0 explain -c "$w/carbonless.conf" "$w/last.eml" && grep -q post "$w/out" || { complain "explain: $(cat "$w/out")"; return; }
    status 0 explain --json -c "$w/carbonless.conf" "$w/last.eml" && json 1 <"$w/out" || return
    status 1 explain -c "$w/carbonless.conf" "$w/nowhere" || return
    status 0 replay --json -c "$w/carbonless.conf" "$w/300.mbox" && json 1 <"$w/out"
}

# One act of each command that changes something, in the log with who ran it; older ones can be left out.
audited() {
    local act who dead
    who=admin:$(id -un)
    dead=$(sqlite3 -cmd ".timeout 20000" "$w/archive/carbonless.db" \
        "UPDATE notice SET state = 3 WHERE id = (SELECT max(id) FROM notice) RETURNING id")
    cl outbox retry "$dead" >/dev/null && cl withdraw 1 >/dev/null || return
    cl audit list >"$w/out" || return
    for act in withdraw release change add-member retry; do
        grep -qE "^ *[0-9]+  [0-9-]+ [0-9:]+  $who +$act +(post|person|group|mail) " "$w/out" ||
            complain "no $act in $(cat "$w/out")" || return
    done
    same "the newest of them" "$(cl audit -n 1 --json | json 1 && cl audit -n 1 | awk '{ print $5, $6, $7 }')" "withdraw post 1" &&
        same "those of the future" "$(cl audit list --since 2999-01-01 | wc -l)" 0 &&
        same "those since last year" "$(cl audit list --since "2020-12-31 23:59" | wc -l)" "$(wc -l <"$w/out")" &&
        status 2 audit --since yesterday -c "$w/carbonless.conf" && status 2 audit nonsense -c "$w/carbonless.conf"
}

helps() {
    local command
    for command in $("$carbonless" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
        timeout 10 "$carbonless" "$command" --help >"$w/out" 2>"$w/err" || { complain "$command --help fails"; return; }
        head -n 1 "$w/out" | grep -q '^Usage:' && [ ! -s "$w/err" ] || { complain "$command --help: $(head -n 2 "$w/out" "$w/err")"; return; }
        timeout 10 "$carbonless" "$command" --nonsense >"$w/out" 2>"$w/err" </dev/null
        same "status of $command --nonsense" $? 2 || return
    done
    status 2 nonsense && status 0 --version && status 0 --help
}

# What a mail says is no command to the terminal of who reads it.
no_commands() {
    subject="Terminal" message_id="<terminal@customer.test>"
    write_message u1@users.test u2@users.test >"$w/terminal.eml"
    printf "\302\2332J\033[2J\n" >>"$w/terminal.eml"
    cl import "$w/terminal.eml" >"$w/out" 2>&1 || complain "$(cat "$w/out")" || return
    cl post show "$(sql "SELECT id FROM post WHERE subject = 'Terminal'")" >"$w/out" && grep -q 2J "$w/out" ||
        complain "$(cat "$w/out")" || return
    same "what a terminal acts on" "$(LC_ALL=C grep -c $'\302\233\|\033' "$w/out")" 0
}

jsons() {
    local arguments
    for arguments in "post list" "post show 1" "person list" "group list" "stats" "outbox list" "outbox --all list" \
        "search Number" "audit list" "check -p $w/etc"; do
        # shellcheck disable=SC2086
        cl $arguments --json >"$w/out" 2>"$w/err"
        json 1 <"$w/out" || { complain "$arguments --json: $(head -c 300 "$w/out" "$w/err")"; return; }
    done
}

numbers() {
    status 1 post show 999999 -c "$w/carbonless.conf" && status 1 release 999999 -c "$w/carbonless.conf" &&
        status 1 outbox retry 999999 -c "$w/carbonless.conf" && status 1 export 999999 -c "$w/carbonless.conf" &&
        status 2 release -c "$w/carbonless.conf" && status 2 release nonsense -c "$w/carbonless.conf" &&
        status 2 post show nonsense -c "$w/carbonless.conf" &&
        status 1 post list -c "$w/nowhere.conf"
}

world || exit 1
it "import of an mbox, and export gives back each message byte for byte" mbox
it "what is there already is not added again, from mbox, Maildir or files" again
it "an export can be imported elsewhere, and is the same there" export_round
it "a new message is seen by post list, show and --why" looking
it "and found by search" searching
it "release delivers the original byte for byte, once, to those who did not get it" releasing
it "a backup while mail comes in is sound and complete" backup
it "persons and groups can be changed" people
it "settings that would not be heeded, and changes of nothing, are refused" refuses
it "the audit log tells who did what" audited
it "stats counts what was saved" effects
it "check is content with this configuration and this Postfix" check_good
it "check and serve name file and line of what is wrong" check_bad
it "check sees that Postfix does not ask us" check_postfix
it "check sees a pilot that is no group" check_pilot
it "check sees where Postfix sends mail to own addresses" check_transport
it "the commands that show what the program makes of a file" inspecting
it "what a mail says is no command to a terminal" no_commands
it "--json is JSON" jsons
it "each command has --help and refuses unknown options" helps
it "what is not there, and what is no number, is told by the exit status" numbers
it "an import of what is not there fails" bad_import
it "an import that is killed goes on where it was, and nothing is missing or twice" killed_import
done_testing
