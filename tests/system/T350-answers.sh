#!/bin/bash
# T350-answers.sh - the conversation by mail: answers through Postfix and LMTP become comments, those who
# follow hear of them in the same thread of their mail program, and one click ends it.
cd "$(dirname "$0")/../.." || exit 2
. tests/system/lib.sh

# As in lib.sh, and mail to our own addresses goes to the LMTP server.
configure_postfix() {
    PF_PORT=$smtp_port PF_REINJECT_PORT=$reinject_port PF_MILTER=unix:$w/milter.sock \
        PF_DOMAINS="users.test customer.test" PF_MAILBOXES=$w/mailboxes PF_ALIASES=$w/groups \
        PF_TRANSPORT="posts.users.test lmtp:unix:$w/lmtp.sock" \
        PF_EXTRA="relay_domains = posts.users.test" postfix_configure "$w"
}

start() {
    free_port && web_port=$REPLY || return
    # $w is not known yet: world makes it of $dir and its number.
    world "lmtp_listen=\"unix:$dir/1/lmtp.sock\"" "web_listen=\"127.0.0.1:$web_port\"" \
        "web_url=\"http://127.0.0.1:$web_port\"" bundle_seconds=0 'administrator="u20@users.test"'
}

# The value of a header, unfolded: header FILE NAME.
header() { perl -0777 -ne 's/\r?\n[ \t]+/ /g; print $1 if /^'"$2"':[ \t]*([^\r\n]*)/mi' "$1"; }
address_in() { sed 's/.*<//; s/>.*//'; }
# The newest mail of ours in a mailbox about this subject.
ours() { mail_files "$1" | xargs -r grep -lE "^Subject: (Re: )?$2\$" | xargs -r grep -lE '^List-Id:.*posts' | xargs -r ls -t | head -n 1; }

# say_to FROM FILE TEXT [CC]: an answer as a mail program makes it, to what FILE says; a copy stays in sent.
# reply_to waits until all is sent.
say_to() {
    local from=$1 file=$2 text=$3 cc=${4-} to
    sent=$((sent + 1))
    answer_id="<answer-$sent@users.test>"
    to=$(header "$file" Reply-To | address_in)
    {
        printf 'From: <%s>\nTo: %s\n' "$from" "$to"
        [ -z "$cc" ] || printf 'Cc: %s\n' "$cc"
        printf 'Subject: Re: %s\nMessage-ID: %s\nDate: %s\nIn-Reply-To: %s\nReferences: %s %s\n\n%s\n\n> %s\n' \
            "$subject" "$answer_id" "$(date -R)" "$(header "$file" Message-ID)" "$(header "$file" References)" \
            "$(header "$file" Message-ID)" "$text" "This is $subject."
    } >"$w/answer.eml"
    mkdir -p "$w/sent/$from" && cp "$w/answer.eml" "$w/sent/$from/$sent.eml"
    send_file "$from" "$to${cc:+,$cc}" "$w/answer.eml"
}
reply_to() { say_to "$@" && settled; }

comments() { sql "SELECT comments FROM post WHERE id = $post"; }

# u1 writes to five; u2, alone in To, has the notice.
post_made() {
    local header_to="u2@users.test
Cc: u3@users.test, u4@users.test, u5@users.test, u6@users.test"
    send u1@users.test u2@users.test,u3@users.test,u4@users.test,u5@users.test,u6@users.test && settled || return
    post=$(sql 'SELECT max(id) FROM post') notice=$(ours u2@users.test "$subject")
    [ -n "$notice" ] || complain "u2 has no notice"
}

answered() {
    reply_to u2@users.test "$notice" "Answer of u2." || return
    same comments "$(comments)" 1 && same "mails to u1" "$(mails u1@users.test)" 1 &&
        same "mails to u2" "$(mails u2@users.test)" 1 && same "mails to u3" "$(mails u3@users.test)" 0 || return
    news=$(ours u1@users.test "$subject")
    [ -n "$news" ] && grep -q '^Answer of u2\.' "$news" || complain "u1 was not told what u2 wrote"
}

# u1 answers that; u2 hears of it.
back_and_forth() {
    reply_to u1@users.test "$news" "And u1 again." || return
    same comments "$(comments)" 2 && same "mails to u2" "$(mails u2@users.test)" 2 || return
    second=$(mail_files u2@users.test | xargs grep -l '^And u1 again\.')
    [ -n "$second" ] || complain "u2 was not told what u1 wrote"
}

# Notice and comments are one thread, in a mail program's eyes, and begin with the original's Message-ID.
threaded() {
    same "what the notice refers to" "$(header "$notice" In-Reply-To)" "$message_id" || return
    header "$second" References | grep -qF -- "$message_id" ||
        complain "the second mail refers to $(header "$second" References) only" || return
    notmuch_sees u2@users.test 2
}

# notmuch_sees PERSON MAILS [SENT]: that many are in their mailbox (and in the folder of what they sent), and
# all are one thread.
notmuch_sees() {
    local folder=$w/notmuch/$2
    command -v notmuch >/dev/null || { echo "# no notmuch here" >&2; return 0; }
    mkdir -p "$folder"/mail/{cur,new,tmp}
    mail_files "$1" | xargs -I{} cp {} "$folder/mail/cur/"
    [ -z "${3-}" ] || cp "$3"/*.eml "$folder/mail/cur/"
    printf '[database]\npath=%s\n[user]\nname=x\nprimary_email=%s\n[new]\ntags=new\n' "$folder/mail" "$1" >"$folder/config"
    NOTMUCH_CONFIG=$folder/config timeout 30 notmuch new >/dev/null 2>&1
    same "mails that notmuch has" "$(NOTMUCH_CONFIG=$folder/config timeout 30 notmuch count '*')" "$2" &&
        same "threads that notmuch sees" \
            "$(NOTMUCH_CONFIG=$folder/config timeout 30 notmuch count --output=threads '*')" 1
}

# The whole of it in u2's folders: notice, two comments in one mail, the original on request, own answers.
whole_thread() {
    local before bundle
    before=$(mails u2@users.test)
    daemon_stop && sed -i 's/^bundle_seconds = .*/bundle_seconds = 3/' "$w/carbonless.conf" && daemon_start || return
    say_to u1@users.test "$news" "First of two." && say_to u1@users.test "$news" "Second of two." && settled || return
    same "mails for two comments" "$(($(mails u2@users.test) - before))" 1 || return
    bundle=$(mail_files u2@users.test | xargs grep -l '^First of two\.')
    grep -q '^Second of two\.' "$bundle" || complain "one mail does not hold both" || return
    same "originals of u2" "$(originals u2@users.test "$subject")" 1 &&
        notmuch_sees u2@users.test $((before + 1 + $(find "$w/sent/u2@users.test" -type f | wc -l))) "$w/sent/u2@users.test" || return
    daemon_stop && sed -i 's/^bundle_seconds = .*/bundle_seconds = 0/' "$w/carbonless.conf" && daemon_start
}

# A reply to all: colleagues on Cc get no copy, an outsider does, and it is one comment.
reply_all() {
    reply_to u2@users.test "$notice" "To all of you." u7@users.test,u8@users.test,u9@users.test,u10@users.test,pat@customer.test || return
    same comments "$(comments)" 3 && same "copies of u7" "$(originals u7@users.test "Re: $subject")" 0 &&
        same "copies of pat" "$(originals pat@customer.test "Re: $subject")" 1 &&
        same "comments with this Message-ID" "$(sql "SELECT count(*) FROM post WHERE message_id = '${answer_id//[<>]/}'")" 1
}

one_word() {
    reply_to u2@users.test "$notice" "+1" && same comments "$(comments)" 3 &&
        same "who agrees" "$(sql "SELECT count(*) FROM plus WHERE post = $post")" 1 || return
    reply_to u2@users.test "$notice" "mail" || return
    same "the original of u2" "$(originals u2@users.test "$subject")" 1
}

# Somebody else answers u2's notice: refused, told, kept.
not_you() {
    local before
    before=$(mails u3@users.test)
    reply_to u3@users.test "$notice" "May I?" && same comments "$(comments)" 5 &&
        same "letters to u3" "$(($(mails u3@users.test) - before))" 1 &&
        same "what is refused" "$(cl refused list | grep -c not-you)" 1 || return
    cl refused list | grep -q 'reply+…@' || complain "the list shows a key" || return
    same "the refused mail" "$(cl refused show 1 | grep -c '^May I?')" 1 &&
        same "looks that were recorded" "$(sql "SELECT count(*) FROM audit WHERE act = 'read'")" 1
}

outsider() {
    local to
    to=$(header "$notice" Reply-To | address_in)
    subject="Outside" message_id="<outside@customer.test>"
    write_message pat@customer.test "$to" >"$w/outside.eml"
    subject=$old_subject message_id=$old_id
    send_file pat@customer.test "$to" "$w/outside.eml" && settled || return
    same comments "$(comments)" 5 && mail_files pat@customer.test | xargs grep -l 5.7.1 | grep -q . ||
        complain "the outsider was not told by a bounce" || return
    grep -q 'own.mail .*what=external' "$w/log/carbonless.log" || complain "the log does not say why"
}

# RFC 8058: the POST that a mail program makes of List-Unsubscribe; a GET, as scanners make, does nothing.
one_click() {
    local url before
    url=$(header "$notice" List-Unsubscribe | sed 's/^<//; s/>.*//')
    same "what allows one click" "$(header "$notice" List-Unsubscribe-Post)" "List-Unsubscribe=One-Click" || return
    timeout 20 curl -s -o /dev/null "$url"
    same "muted by looking" "$(sql 'SELECT count(*) FROM follow WHERE level = 2')" 0 || return
    same "status" "$(timeout 20 curl -s -o /dev/null -w '%{http_code}' -d List-Unsubscribe=One-Click "$url")" 200 || return
    before=$(mails u2@users.test)
    reply_to u1@users.test "$news" "Does u2 hear this?" && same comments "$(comments)" 6 &&
        same "more mail to u2" "$(($(mails u2@users.test) - before))" 0
}

# A notice to a mailbox that is gone comes back to its envelope sender, not to where answers go.
bounced() {
    local notice to forged
    post_made || return
    notice=$(ours u2@users.test "$subject")
    to=$(header "$notice" Return-Path | address_in)
    forged=$(header "$notice" Reply-To | address_in)
    cat >"$w/bounce.eml" <<END
From: MAILER-DAEMON@mx.users.test
To: $to
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.users.test

Final-Recipient: rfc822; u2@users.test
Action: failed
Status: 5.1.1

--b--
END
    send_file '<>' "$forged" "$w/bounce.eml" && settled || return
    same "suppressed by who saw an answer" "$(sql "SELECT address FROM person WHERE is_suppressed")" "" || return
    send_file '<>' "$to" "$w/bounce.eml" && send_file '<>' "$to" "$w/bounce.eml" && settled || return
    same "suppressed" "$(sql "SELECT address FROM person WHERE is_suppressed")" u2@users.test &&
        same "letters to the administrator" "$(mails u20@users.test)" 1
}

# The author's wish by mail, in one word, and an administrator's by command.
withdrawn() {
    same "what the command says" "$(cl withdraw "$post")" "post $post is withdrawn" &&
        same "who withdrew" "$(sql "SELECT count(*) FROM audit WHERE act = 'withdraw' AND subject = 'post $post'")" 1 &&
        same "its visibility" "$(sql "SELECT visibility FROM post WHERE id = $post")" 2 || return
    cl release "$post" >/dev/null && settled && same "its original" "$(originals u6@users.test "$subject")" 1
}

start || { echo "Bail out! Postfix or the daemon did not start"; exit 1; }
it "a message to five becomes a post with one notice" post_made || { done_testing; }
old_subject=$subject old_id=$message_id
it "the answer to a notice is a comment, and the author hears of it" answered
it "an answer to that is told to who wrote before" back_and_forth
it "a mail program sees one thread" threaded
it "an answer to all is one comment; only outsiders get copies" reply_all
it "one word does something" one_word
it "notice, comments, original and own answers are one thread" whole_thread
it "a notice can be answered by its reader only; what is refused can be read" not_you
it "outsiders are refused in the dialogue" outsider
it "one click mutes the thread, a look does not" one_click
it "a bounce suppresses, and the administrator hears of it once" bounced
it "an administrator withdraws a post, and releases it all the same" withdrawn
done_testing
