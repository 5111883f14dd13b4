# page.sh - what a page costs, against a static file of the same size from the same server. Sourced by
# run.
#
# An archive of made-up mail with threads. Pages are fetched over 8 kept connections by a person who is
# logged in. The post pages are those nearest in size to the style sheet, which is the static file.

# page_load PATH...: sets used_us and rate.
page_load() {
    local before took
    before=$(cpu_settled ours)
    took=$(perl "$bench/fetch.pl" load "$web_listen" "$cookie" "$page_count" 8 "$@") || return 1
    used_us=$(($(cpu_settled ours) - before))
    rate=$(quotient $((page_count * 1000000)) "$took")
}

# page_measure NAME PATH...: results, with the static file's CPU in static_us if it is known.
page_measure() {
    local name=$1 used_us rate
    shift
    page_load "$1" && page_load "$@" || return 1
    result page "$name: a second" "$rate"
    result page "$name: CPU" "$(quotient "$used_us" "$page_count")" µs
    [ -z "$static_us" ] || result page "$name: CPU / static file" "$(ratio "$used_us" "$static_us")" ""
    [ -n "$static_us" ] || static_us=$used_us
}

bench_page() {
    local dir=$disk/work/page web_listen cookie static_us= size paths page_count=20000
    [ -z "$quick" ] || page_count=800
    mkdir -p "$dir"
    free_port && web_listen=127.0.0.1:$REPLY || return 1
    reinject_port= write_conf "$dir" "web_url = \"http://$web_listen\""
    perl "$bench/mail.pl" mbox 2000 >"$dir/mbox" &&
        "$program" import -q -c "$dir/carbonless.conf" "$dir/mbox" >/dev/null || return 1
    daemon_start "$dir"
    cookie=$(perl "$bench/fetch.pl" login \
        "$("$program" token u1@users.test -c "$dir/carbonless.conf")") || return 1
    size=$(perl "$bench/fetch.pl" size "$web_listen" "$cookie" /static/style.css | awk '{ print $2 }')
    mapfile -t paths < <(perl "$bench/fetch.pl" size "$web_listen" "$cookie" $(printf '/p/%s\n' {1..500}) |
        awk -v size="$size" '$1 == 200 { d = $2 - size; print d < 0 ? -d : d, $3 }' |
        sort -n | head -n 50 | awk '{ print $2 }')
    [ ${#paths[@]} -gt 0 ] || fail "no post page can be read"
    page_measure "static file of $size bytes" /static/style.css &&
        page_measure "post page of $(perl "$bench/fetch.pl" size "$web_listen" "$cookie" "${paths[0]}" |
            awk '{ print $2 }') bytes" "${paths[@]}" &&
        page_measure "stream of $(perl "$bench/fetch.pl" size "$web_listen" "$cookie" / |
            awk '{ print $2 }') bytes" /
}
