#!/bin/bash
# T310-looking.sh - commands that only look: they make nothing, change nothing and leave nothing of root's
# behind; and errors about files say which line of the configuration names them.
cd "$(dirname "$0")/../.." || exit 2
. tests/system/lib.sh

# What is in a folder: owner, name and content of each file.
picture() { find "$1" -type f ! -name '*.lock' -printf '%u %P ' -exec sha256sum {} \; | sed 's/  .*//' | sort; }

looks() {
    local before command
    header_to=team@users.test send u1@users.test u3@users.test,u4@users.test,u5@users.test,u6@users.test && settled && daemon_stop || return
    rm -f "$w"/archive/*.lock
    chown -R nobody:nogroup "$w/archive"
    before=$(picture "$w/archive")
    for command in "explain $w/last.eml" "check --no-postfix" "stats" "search Message" "export"; do
        # shellcheck disable=SC2086
        cl $command >"$w/out" 2>&1 || complain "$command: $(cat "$w/out")" || return
        same "the archive after $command" "$(picture "$w/archive")" "$before" || return
    done
    cl explain "$w/last.eml" | grep -q '^verdict *post' || complain "explain: $(cat "$w/out")"
}

# Before the first start there is neither key nor database.
fresh() {
    mkdir -p "$w/new/spool"
    sed -e "s|$w/archive|$w/new|" "$w/carbonless.conf" >"$w/new.conf"
    "$carbonless" explain -c "$w/new.conf" "$w/last.eml" >"$w/out" 2>&1 && grep -q '^verdict *post' "$w/out" &&
        "$carbonless" check -c "$w/new.conf" --no-postfix >>"$w/out" 2>&1 || complain "$(cat "$w/out")" || return
    "$carbonless" stats -c "$w/new.conf" >"$w/out" 2>&1 && { complain "stats without a database"; return; }
    grep -q "there is no database $w/new/carbonless.db" "$w/out" || complain "stats: $(cat "$w/out")" || return
    same "what was made" "$(find "$w/new" -type f)" ""
}

# What root's commands make is the daemon's.
makes() {
    chown -R nobody:nogroup "$w/new"
    "$carbonless" person set -c "$w/new.conf" u1@users.test --name One >"$w/out" 2>&1 &&
        "$carbonless" token -c "$w/new.conf" u1@users.test >"$w/out" 2>&1 || complain "$(cat "$w/out")" || return
    same "files" "$(find "$w/new" -type f -printf '%u %f\n' | sort)" "nobody carbonless.db
nobody key"
}

says() {
    "$carbonless" check -c "$w/new.conf" --no-postfix >"$w/out" 2>&1
    same "status of check" $? "$1" && grep -q "^$2 *database .*$3" "$w/out" || complain "check says: $(cat "$w/out")"
}

versions() {
    local db=$w/new/carbonless.db before
    rm "$db"
    { cat src/store/schema/001-*.sql; echo "PRAGMA application_id = 0x43424c53; PRAGMA user_version = 1;"; } |
        sqlite3 "$db" || return
    before=$(picture "$w/new")
    says 0 advice 'has schema 1; the daemon brings it to [0-9]* when it starts' &&
        same "the old database" "$(picture "$w/new")" "$before" || return
    "$carbonless" person list -c "$w/new.conf" >"$w/out" 2>&1 || complain "$(cat "$w/out")" || return
    says 0 ok '' && sqlite3 "$db" 'PRAGMA user_version = 99' && says 1 WRONG 'has schema 99.*newer program'
}

missing() {
    local option line command
    for option in alias_files virtual_files; do
        sed "/^virtual_files/d" "$w/carbonless.conf" >"$w/missing.conf"
        printf '# a comment\n%s = {\n    "%s/nowhere"\n}\n' "$option" "$w" >>"$w/missing.conf"
        line=$(grep -n nowhere "$w/missing.conf" | sed 's/:.*//')
        for command in "explain $w/last.eml" "serve --" "check --no-postfix"; do
            # shellcheck disable=SC2086
            timeout 20 "$carbonless" ${command%% *} -c "$w/missing.conf" ${command#* } >"$w/out" 2>&1 </dev/null
            grep -q "missing.conf:$line: $option: .*$w/nowhere" "$w/out" || complain "$command: $(cat "$w/out")" || return
        done
    done
}

# filter_says STATUS REGEX: what check says of $w/filter, a Postfix with content_filter.
filter_says() {
    "$carbonless" check -c "$w/filter.conf" -p "$w/filter" >"$w/out" 2>&1
    same "status of check" $? "$1" && grep -q "$2" "$w/out" || complain "check says: $(cat "$w/out")"
}

content_filter() {
    cp -r "$w/etc" "$w/filter" && sed '/^lmtp_listen/d' "$w/carbonless.conf" >"$w/filter.conf" || return
    printf 'lmtp_listen = "unix:%s/lmtp.sock"\nlmtp_filter = yes\n' "$w" >>"$w/filter.conf"
    echo "posts.users.test lmtp:unix:$w/lmtp.sock" >"$w/filter/transport"
    postconf -c "$w/filter" -e "transport_maps = texthash:$w/filter/transport" smtpd_milters= || return
    filter_says 1 "^WRONG *content_filter .*must be lmtp:unix:$w/lmtp.sock" || return
    postconf -c "$w/filter" -e "content_filter = lmtp:unix:$w/lmtp.sock" || return
    filter_says 0 '^ok *content_filter' && grep -q '^advice *lmtp_send_xforward_command' "$w/out" || complain "$(cat "$w/out")" || return
    postconf -c "$w/filter" -e "smtpd_milters = unix:$w/milter.sock" && filter_says 1 '^WRONG *smtpd_milters' || return
    postconf -c "$w/filter" -e smtpd_milters= && sed -i '/content_filter=/d' "$w/filter/master.cf" &&
        filter_says 1 '^WRONG *smtp_url .*-o content_filter='
}

world || exit 1
it "explain, check and stats change nothing, also as root" looks
it "without key and database explain and check work, and make none" fresh
it "what root makes belongs to the owner of the folder" makes
it "check tells an older database from a newer one, and leaves it alone" versions
it "a group file that is missing is told with the option and its line" missing
it "check knows what Postfix needs for the content filter" content_filter
done_testing
