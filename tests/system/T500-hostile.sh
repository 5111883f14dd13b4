#!/bin/bash
# T500-hostile.sh - mail, peers and operators with bad intentions: nothing falls over, nothing leaks,
# and nothing is lost: each message is a post or in the mailboxes.
cd "$(dirname "$0")/../.." || exit 2
. tests/system/lib.sh

four=u16@users.test,u17@users.test,u18@users.test,u19@users.test

# Parentheses, nested parts, headers without end, HTML of a megabyte: one after the other.
bombs() {
    local file count=0 before
    mkdir "$w/bombs" && perl tests/bench/hostile.pl "$w/bombs" || return
    before=$(($(posts) + $(originals u19@users.test)))
    for file in "$w"/bombs/*.eml; do
        # Postfix gives a message without any header one of its own, and could not tell two of them apart.
        grep -qa '^Message-ID:' "$file" || continue
        count=$((count + 1))
        send_file u1@users.test "$four" "$file" || complain "$file was not accepted" || return
        kill -0 "$daemon" 2>/dev/null || complain "the daemon ended after $file" || return
    done
    settled 120 && same "posts and ordinary mails" "$(($(posts) + $(originals u19@users.test) - before))" "$count"
}

# What a notice's header may hold after a mail whose subject, author and names break lines.
injection() {
    local lines
    cat >"$w/last.eml" <<'END'
From: =?utf-8?q?An=0D=0ABcc:_u20@users.test=0D=0A?= <u1@users.test>
To: =?utf-8?q?x=0AX-Evil:_1?= <u16@users.test>
Cc: u17@users.test, u18@users.test, u19@users.test
Subject: =?utf-8?q?hello=0D=0ABcc:_u20@users.test=0D=0AX-Evil:_1=0D=0A=0D=0Abody?= {{text}}
Message-ID: <a=0D=0AX-Evil:_1@users.test>
References: <r1@users.test>
 <r2>X-Evil: 1@users.test>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html

<script>alert(1)</script><img src="http://evil.example/x.gif"><p onclick=x>text
--b
Content-Disposition: attachment; filename*=utf-8''../%0d%0aX-Evil:%201%0d%0a%0d%0a<script>.html

x
--b--
END
    send_file u1@users.test "$four" "$w/last.eml" && settled || return
    same "mails to u20" "$(mails u20@users.test)" 0 || return
    local notice
    notice=$(mail_files u16@users.test | xargs -r grep -la '^Subject: hello Bcc' | head -n 1)
    [ -n "$notice" ] || { complain "u16 got no notice"; return; }
    lines=$(tr -d '\r' <"$notice" | sed '/^$/q' | grep -ciE '^(Bcc|X-Evil|Set-Cookie)')
    same "injected header lines" "$lines" 0 &&
        same "markup of others" "$(sed -n '/^Content-Type: text.html/,$p' "$notice" |
            grep -ciE '<script|onclick|src=(3D)?"http')" 0
}

# More peers than are let in, all silent: what was let in is served, and mail flows again after them.
idle_peers() {
    local before
    before=$(posts)
    perl -MIO::Socket::UNIX -e '$SIG{PIPE} = "IGNORE"; my @peers;
        for (1 .. 400) { my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or last; push @peers, $s }
        syswrite $_, "\0\0\0" for @peers; sleep 3' "$w/milter.sock" || return
    send u1@users.test "$four" && settled && same "new posts" "$(($(posts) - before))" 1
}

# A storm of SIGHUP while mail comes in.
reload_storm() {
    local before storm
    before=$(posts)
    (for _ in {1..300}; do kill -HUP "$daemon"; sleep 0.02; done) &
    storm=$!
    timeout 100 smtp-source -s 4 -m 40 -r 5 -l 2000 -f u1@users.test -t u@users.test "127.0.0.1:$smtp_port" >&2 || return
    wait "$storm"
    settled 60 && same "new posts" "$(($(posts) - before))" 40
}

# Two daemons on one archive, a copy over a file that is there, a pipe to import.
operators() {
    local said
    said=$(cl serve 2>&1) && { complain "a second daemon runs"; return; }
    [[ $said == *"another carbonless serves this database"* ]] || { complain "$said"; return; }
    echo precious >"$w/file"
    cl backup "$w/file" 2>/dev/null && { complain "a backup replaced a file"; return; }
    same "what was there" "$(cat "$w/file")" precious || return
    cl backup "$w/archive/carbonless.db" 2>/dev/null && { complain "a backup replaced the archive"; return; }
    mkfifo "$w/pipe"
    timeout 10 "$carbonless" import -c "$w/carbonless.conf" "$w/pipe" 2>/dev/null
    same "the status of importing a pipe" "$?" 2 && kill -0 "$daemon"
}

extra_mailboxes="$(printf '%du@users.test ' {1..5}) u@users.test"
world intake_connections_max=200 || exit 1
it "line breaks in subjects, names and ids stay within their header" injection
it "bombs are posts or ordinary mail, none is lost" bombs
it "silent and malformed peers, more than are let in, do no harm" idle_peers
it "three hundred reloads lose no mail" reload_storm
it "a second daemon, a careless backup and a pipe are refused" operators
it "the daemon still stops when it is told to" daemon_stop
done_testing
