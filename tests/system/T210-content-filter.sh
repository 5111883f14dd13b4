#!/bin/bash
# T210-content-filter.sh - behind a real Postfix' queue: mail comes over LMTP from content_filter, and what
# does not become a post goes back to the unfiltered port as it came.
cd "$(dirname "$0")/../.." || exit 2
. tests/system/lib.sh

configure_postfix() {
    PF_PORT=$smtp_port PF_REINJECT_PORT=$reinject_port PF_MILTER='' PF_DOMAINS="users.test customer.test" \
        PF_MAILBOXES=$w/mailboxes PF_ALIASES=$w/groups \
        PF_EXTRA="content_filter = lmtp:unix:$w/lmtp.sock
lmtp_send_xforward_command = yes" postfix_configure "$w"
}
filter_world() { world lmtp_filter=yes "lmtp_listen=\"unix:$dir/$((worlds + 1))/lmtp.sock\""; }

few() {
    send u1@users.test u2@users.test,pat@customer.test && settled || return
    same "posts" "$(posts)" 0 && delivered_untouched u2@users.test "$w/last.eml" &&
        delivered_untouched pat@customer.test "$w/last.eml" &&
        same "mails" "$(mails u2@users.test)$(mails pat@customer.test)" 11 &&
        same "what is kept of it" "$(sql 'SELECT count(*) FROM transit')$(sql 'SELECT count(*) FROM notice')" 00
}

many() {
    local person
    send u1@users.test u3@users.test,u4@users.test,u5@users.test,u6@users.test,kim@customer.test && settled || return
    same "posts" "$(posts)" 1 && same "notices of u3" "$(notices u3@users.test)" 1 &&
        delivered_untouched kim@customer.test "$w/last.eml" || return
    for person in u4 u5 u6; do
        same "mail of $person" "$(mails $person@users.test)" 0 || return
    done
}

why() {
    cl post --why ' <U1+x@USERS.test> ' | grep -q -- '-> post 1' || complain "not found by its sender" || return
    cl post --why U5@users.TEST | grep -q -- '-> post 1' || complain "not found by a recipient"
}

# Ten mails while the daemon is killed and started again: each is there, nothing runs in circles.
killed() {
    local i ids=() id copies
    for i in {1..10}; do
        send u1@users.test u7@users.test,u8@users.test || return
        ids+=("$message_id")
        if [ $((i % 3)) = 0 ]; then daemon_kill && daemon_start || return; fi
    done
    settled 60 || return
    for id in "${ids[@]}"; do
        copies=$(mail_files u7@users.test | xargs -r grep -lxF "Message-ID: $id" | wc -l)
        [ "$copies" -ge 1 ] || complain "u7 lost $id" || return
        [ "$copies" -le 2 ] || complain "u7 has $id $copies times" || return
    done
}

# While the filter is away mail waits in Postfix' queue.
away() {
    daemon_kill
    send u1@users.test u9@users.test || return
    sleep 2
    same "mails while it is away" "$(mails u9@users.test)" 0 || return
    daemon_start && settled 60 && delivered_untouched u9@users.test "$w/last.eml"
}

# Postfix does not hear our answer, and sends the same queue file again; then somebody sends the same
# text once more, which is another mail.
answer_lost() {
    local try id again="perl tests/system/lmtp-send.pl $w/lmtp.sock"
    message_id="<lost@users.test>" subject="Answer lost"
    write_message u1@users.test u10@users.test >"$w/last.eml"
    $again 4LOST u1@users.test u10@users.test,u11@users.test "$w/last.eml" drop || return
    settled || return
    for id in 4LOST 4LOST 4OTHER; do
        $again $id u1@users.test u10@users.test,u11@users.test "$w/last.eml" >/dev/null || return
    done
    settled && same "mails" "$(mails u10@users.test)$(mails u11@users.test)" 22 &&
        delivered_untouched u10@users.test "$w/last.eml" || return
    grep -q 'message.transit.*qid=4LOST.*reason=repeated' "$w/log/carbonless.log" || complain "it is not in the log"
}

# Postfix does not take a mail back (a recipient was removed meanwhile): its sender hears of it.
returned() {
    local report
    message_id="<returned@users.test>" subject="Returned"
    write_message u1@users.test u2@users.test >"$w/last.eml"
    perl tests/system/lmtp-send.pl "$w/lmtp.sock" 4RET u1@users.test u2@users.test,nobody@users.test "$w/last.eml" \
        >/dev/null && settled || return
    delivered_untouched u2@users.test "$w/last.eml" || return
    report=$(mail_files u1@users.test | xargs -r grep -l '^Content-Type: message/delivery-status')
    [ -n "$report" ] || complain "u1 was not told" || return
    grep -qx 'Final-Recipient: rfc822; nobody@users.test' "$report" || complain "$(cat "$report")" || return
    grep -qx "Message-ID: $message_id" "$report" || complain "the mail is not in the report" || return
    same "what is kept of it" "$(sql 'SELECT count(*) FROM transit')" 0
}

# A notice of success is asked for (RFC 3461): whoever asked is not left waiting.
success() {
    local report
    header_to=u12@users.test send u1@users.test "u12@users.test NOTIFY=SUCCESS ORCPT=rfc822;u12@users.test" && settled || return
    same "mails" "$(mails u12@users.test)" 1 || return
    report=$(mail_files u1@users.test | xargs -r grep -l '^Action: relayed')
    [ -n "$report" ] && grep -qx 'Final-Recipient: rfc822; u12@users.test' "$report" ||
        complain "no notice that it was relayed: $(mail_files u1@users.test | xargs -r cat)"
}

it "Postfix, with the daemon as content_filter" filter_world || done_testing
it "mail to few goes through untouched, and nothing is kept of it" few
it "mail to many becomes a post, an outsider has the original" many
it "the verdict log finds people in any spelling" why
it "nothing is lost when the daemon is killed" killed
it "a copy whose answer was lost is delivered once, the same text as another mail once more" answer_lost
it "what Postfix does not take back is returned to its sender" returned
it "who asks for a notice of success hears from Postfix that it was relayed" success
it "mail waits while the daemon is away" away
done_testing
