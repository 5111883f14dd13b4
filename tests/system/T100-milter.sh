#!/bin/bash
# T100-milter.sh - mail through a real Postfix and the daemon: what becomes a post, what stays mail.
cd "$(dirname "$0")/../.." || exit 2
. tests/system/lib.sh

few() {
    send u1@users.test u2@users.test,u3@users.test && settled || return
    same "posts" "$(posts)" 0 &&
        delivered_untouched u2@users.test "$w/last.eml" && delivered_untouched u3@users.test "$w/last.eml"
}

many() {
    local person
    send u1@users.test u2@users.test,u3@users.test,u4@users.test,u5@users.test,u6@users.test && settled || return
    same "posts" "$(posts)" 1 || return
    # Five names in To: only the first of them must read.
    same "notices of u2" "$(notices u2@users.test)" 1 || return
    for person in u3 u4 u5 u6; do
        same "new mail of $person" "$(originals $person@users.test "$subject")$(notices $person@users.test)" 00 || return
    done
}

few_in_to() {
    local header_to="u10@users.test, u11@users.test
Cc: u12@users.test, u13@users.test, u14@users.test"
    send u1@users.test u10@users.test,u11@users.test,u12@users.test,u13@users.test,u14@users.test && settled &&
        same "notices in To" "$(notices u10@users.test)$(notices u11@users.test)" 11 &&
        same "mails in Cc" "$(mails u12@users.test)$(mails u13@users.test)$(mails u14@users.test)" 000
}

group() {
    local before
    before=$(posts)
    send u9@users.test both@users.test && settled || return
    same "new posts" "$(($(posts) - before))" 1 &&
        same "originals of this in all mailboxes" "$(grep -rlxF "Subject: $subject" "$w/mail" |
            xargs -r grep -L '^List-Id:.*posts' | wc -l)" 0 &&
        same "what post show says of u8" "$(cl post show "$(sql 'SELECT max(id) FROM post')" | grep -c u8@users.test)" 1
}

outsider() {
    send u1@users.test u15@users.test,u16@users.test,u17@users.test,u18@users.test,pat@customer.test && settled || return
    delivered_untouched pat@customer.test "$w/last.eml" &&
        same "originals of colleagues" "$(originals u15@users.test)$(originals u16@users.test)$(originals u18@users.test)" 000
}

twice() {
    local before
    send u1@users.test u15@users.test,u16@users.test,u17@users.test,u18@users.test && settled || return
    before=$(posts)
    same "the first notice of u15" "$(notices_of u15@users.test)" 1 || return
    send_file u1@users.test u15@users.test,u16@users.test,u17@users.test,u18@users.test "$w/last.eml" && settled || return
    same "more posts" "$(($(posts) - before))" 0 && same "notices of u15" "$(notices_of u15@users.test)" 1
}
# Notices about the message that was sent last.
notices_of() { mail_files "$1" | xargs -r grep -lF "In-Reply-To: $message_id" | wc -l; }

split_in_two() {
    local header_to="u15@users.test, u16@users.test, u17@users.test
Cc: u18@users.test, u19@users.test, u20@users.test, u1@users.test, u2@users.test" before
    before=$(posts)
    send u3@users.test u15@users.test,u16@users.test,u17@users.test,u18@users.test &&
        send_file u3@users.test u19@users.test,u20@users.test,u1@users.test,u2@users.test "$w/last.eml" && settled || return
    same "new posts" "$(($(posts) - before))" 1 &&
        same "readers" "$(sql 'SELECT count(*) FROM reader WHERE post = (SELECT max(id) FROM post)')" 8
}

by_sendmail() {
    local before
    before=$(posts)
    subject="By sendmail" message_id="<by-sendmail@users.test>"
    write_message u1@users.test u2@users.test,u3@users.test,u4@users.test,u5@users.test |
        MAIL_CONFIG=$w/etc timeout 20 sendmail -i -f u1@users.test u2@users.test u3@users.test u4@users.test u5@users.test || return
    settled && same "new posts" "$(($(posts) - before))" 1 &&
        same "originals" "$(originals u3@users.test "By sendmail")" 0
}

authenticated() {
    local before
    before=$(posts)
    send u1@users.test u2@users.test,u3@users.test,u4@users.test,u5@users.test \
        "ADDR=203.0.113.5 NAME=client.users.test LOGIN=u1@users.test" && settled || return
    same "new posts" "$(($(posts) - before))" 1
}

# stays_mail WHAT FROM [HEADER...]: five colleagues, all of them get it, and no post is made.
stays_mail() {
    local from=$1 before person
    shift
    before=$(posts)
    sent=$((sent + 1)) subject="Stays mail $sent" message_id="<stays-$sent@users.test>"
    {
        [ $# -eq 0 ] || printf '%s\n' "$@"
        write_message "${from:-mailer-daemon@users.test}" u11@users.test,u12@users.test,u13@users.test,u14@users.test
    } >"$w/last.eml"
    send_file "${from:-<>}" u11@users.test,u12@users.test,u13@users.test,u14@users.test "$w/last.eml" && settled || return
    for person in u11 u12 u13 u14; do
        delivered_untouched $person@users.test "$w/last.eml" || return
    done
    same "new posts" "$(($(posts) - before))" 0
}

keep_tag() {
    local before
    before=$(posts)
    subject="[mail] Only for your eyes" message_id="<keep-tag@users.test>"
    write_message u1@users.test u11@users.test,u12@users.test,u13@users.test,u14@users.test >"$w/last.eml"
    send_file u1@users.test u11@users.test,u12@users.test,u13@users.test,u14@users.test "$w/last.eml" && settled &&
        delivered_untouched u14@users.test "$w/last.eml" && same "new posts" "$(($(posts) - before))" 0
}

from_outside() {
    local before
    before=$(posts)
    send pat@customer.test u11@users.test,u12@users.test,u13@users.test,u14@users.test \
        "ADDR=203.0.113.5 NAME=mail.customer.test" && settled &&
        delivered_untouched u13@users.test "$w/last.eml" && same "new posts" "$(($(posts) - before))" 0
}

# A message of several megabytes in odd shapes: long lines, lines of dots, 8-bit, tabs in folds.
odd_bytes() {
    local to=u15@users.test,u16@users.test,u17@users.test,u18@users.test,pat@customer.test
    perl -e 'print "From: u1\@users.test\nTo: u15\@users.test,\n\tu16\@users.test,  u17\@users.test\nSubject:odd\n  bytes\n";
        print "Message-ID: <odd\@users.test>\nX-Empty:\nX-Long: ", "x" x 900, "\nDate: Mon, 1 Jan 2024 10:00:00 +0100\nX-Eight: caf\xe9\nMIME-Version: 1.0\n";
        print "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n\n.\x2e\n..two\n \n\xe9\xff\n";
        print "line $_ ", "abc" x 20, "\n" for 1 .. 30000; print "last\n"' >"$w/last.eml"
    send_file u1@users.test "$to" "$w/last.eml" && settled && delivered_untouched pat@customer.test "$w/last.eml" || return
    cl post show --raw "$(sql 'SELECT max(id) FROM post')" >"$w/raw" || return
    sed 's/\r$//' "$w/raw" | perl -0777 -pe '1 while s/\A(?:Received|Return-Path):[^\n]*\n(?:[ \t][^\n]*\n)*//' >"$w/raw.lf"
    perl -0777 -pe 's/\r\n/\n/g; s/\z/\n/ unless /\n\z/' "$w/last.eml" | cmp - "$w/raw.lf" >&2
}

thousand() {
    local before to=() number
    for number in {1..1200}; do to+=("p$number@users.test"); done
    before=$(posts)
    subject="To a thousand" message_id="<thousand@users.test>"
    header_to="all@users.test" write_message u1@users.test "" >"$w/last.eml"
    # More recipients than one transaction may have: the client sends the rest in a second one.
    send_file u1@users.test "$(IFS=,; echo "${to[*]:0:1000}")" "$w/last.eml" &&
        send_file u1@users.test "$(IFS=,; echo "${to[*]:1000}")" "$w/last.eml" && settled || return
    same "new posts" "$(($(posts) - before))" 1 &&
        same "readers" "$(sql 'SELECT count(*) FROM reader WHERE post = (SELECT max(id) FROM post)')" 1200 &&
        same "notices" "$(sql 'SELECT count(*) FROM notice WHERE post = (SELECT max(id) FROM post)')" 6 &&
        same "originals" "$(find "$w/mail" -path '*/p*@users.test/*' -type f 2>/dev/null | xargs -r grep -L '^List-Id:.*posts' | wc -l)" 0
}

many_clients() {
    local before
    before=$(posts)
    timeout 100 smtp-source -s 8 -m 60 -r 5 -l 3000 -f u1@users.test -t u@users.test "127.0.0.1:$smtp_port" >&2 || return
    settled 60 || return
    # smtp-source gives each message a Message-ID of its own, and five recipients 1u@, 2u@ ...
    same "new posts" "$(($(posts) - before))" 60
}

observe() {
    local person
    send u1@users.test u2@users.test,u3@users.test,u4@users.test,u5@users.test && settled || return
    same "posts" "$(posts)" 0 || return
    for person in u2 u3 u4 u5; do delivered_untouched $person@users.test "$w/last.eml" || return; done
    local try
    for try in {1..50}; do # the verdict log is written a moment later
        [ "$(sql "SELECT count(*) FROM verdict WHERE verdict = 'observe'")" = 1 ] && break
        sleep 0.2
    done
    same "observed" "$(cl stats --json | perl -MJSON::PP -0777 -ne '
        my $w = decode_json($_); $w = $w->{weeks} if ref $w eq "HASH"; print $w->[0]{observed}')" 1
}

pilot() {
    send u1@users.test u2@users.test,u3@users.test,u4@users.test,u5@users.test && settled || return
    same "posts of somebody else" "$(posts)" 0 && delivered_untouched u4@users.test "$w/last.eml" || return
    send u7@users.test u2@users.test,u3@users.test,u4@users.test,u5@users.test && settled || return
    same "posts of the pilot" "$(posts)" 1 && same "originals" "$(originals u4@users.test "$subject")" 0
}

reload() {
    echo "crowd@users.test u2@users.test, u3@users.test, u4@users.test, u5@users.test" >>"$w/groups"
    cp "$w/groups" "$w/etc/aliases" && postfix -c "$w/etc" reload >/dev/null 2>&1
    kill -HUP "$daemon"
    local try
    for try in {1..50}; do grep -q daemon.reload "$w/log/carbonless.log" && break; sleep 0.1; done
    send u7@users.test crowd@users.test && settled && same "originals" "$(originals u4@users.test "$subject")" 0
}

extra_mailboxes="$(printf 'p%d@users.test ' {1..1200}) $(printf '%du@users.test ' {1..5}) u@users.test"
world 'author_receipt="never"' || exit 1
it "a message to two colleagues is ordinary mail, untouched" few
it "a message to five colleagues becomes a post, one notice, and nothing for the others" many
it "two colleagues in To get notices, three in Cc nothing" few_in_to
it "a group counts its members, those of groups in it too" group
it "an outsider gets the original byte for byte, the colleagues do not" outsider
it "the same message sent twice is one post and one notice" twice
it "a message that comes in two transactions is one post with all its readers" split_in_two
it "what sendmail submits is treated alike" by_sendmail
it "a client that logged in is treated alike" authenticated
it "a bounce stays mail" stays_mail ""
it "an invitation stays mail" stays_mail u1@users.test "MIME-Version: 1.0" "Content-Type: text/calendar; method=REQUEST"
it "mail through a list stays mail" stays_mail u1@users.test "List-Id: <talk.users.test>"
it "an automatic answer stays mail" stays_mail u1@users.test "Auto-Submitted: auto-replied"
it "what is marked private stays mail" stays_mail u1@users.test "Sensitivity: Private"
it "an encrypted message stays mail" stays_mail u1@users.test "MIME-Version: 1.0" \
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b'
it "the sender's tag [mail] keeps it mail" keep_tag
it "mail from outside stays mail" from_outside
it "odd bytes reach the outsider and the archive as they were sent" odd_bytes
it "1,200 recipients in two transactions are one post" thousand
it "sixty messages from eight clients at once are sixty posts" many_clients
it "the daemon stops when it is told to" daemon_stop

world mode=observe || exit 1
it "in observe mode nothing changes, and it is counted" observe

world 'pilot="pair@users.test"' || exit 1
it "with a pilot group only its members' messages become posts" pilot
it "a group that is added counts after SIGHUP" reload
done_testing
