# private-postfix.sh - a Postfix of one's own on loopback, in one folder, for the quickstart, the
# tests and the benchmarks. Nothing of the system's Postfix is read or changed. To be sourced by bash;
# needs root, as Postfix does.
#
#   free_port                  sets REPLY to a TCP port that no other script of ours will take
#   free_ports_forget          gives them back; at the end of a script
#   postfix_configure DIR      writes DIR/etc; reads the variables below
#   postfix_start DIR          starts it and waits for its banner
#   postfix_stop DIR           stops it and waits until its last process is gone
#   postfix_queue DIR          prints the number of messages that are still in the queue
#   postfix_settle DIR [SECONDS]  waits until the queue is empty
#
# Variables for postfix_configure:
#   PF_PORT, PF_REINJECT_PORT  filtered and unfiltered SMTP port
#   PF_MILTER                  "unix:/path" or "inet:host:port"; empty: none
#   PF_MILTER_ACTION           milter_default_action (accept)
#   PF_DOMAINS                 domains with mailboxes (users.test)
#   PF_MAILBOXES               file with one address a line; each gets a Maildir
#   PF_ALIASES                 file in virtual(5) format, or empty
#   PF_TRANSPORT               lines for the transport map, or empty
#   PF_EXTRA                   further lines for main.cf, last word

port_locks=${TMPDIR:-/tmp}/carbonless-ports

# A port is free when nobody listens on it and no other script holds its lock. The lock lives as long
# as the script: master listens with SO_REUSEPORT, so two servers on a port would go unnoticed. Whoever
# got the lock of a file that was removed meanwhile has nothing.
ports_taken=()
free_port() {
    local port fd try
    for try in {1..200}; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        mkdir -p -m 1777 "$port_locks" 2>/dev/null
        { exec {fd}>>"$port_locks/$port"; } 2>/dev/null || continue
        if flock -n "$fd" && [ "/proc/$BASHPID/fd/$fd" -ef "$port_locks/$port" ] &&
            ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            ports_taken+=("$port")
            REPLY=$port
            return 0
        fi
        exec {fd}>&-
    done
    echo "no free port found" >&2
    return 1
}

free_ports_forget() {
    local port
    for port in "${ports_taken[@]}"; do rm -f "$port_locks/$port"; done
    ports_taken=()
    rmdir "$port_locks" 2>/dev/null
    return 0
}

pf_write_main() {
    local dir=$1
    cat >"$dir/etc/main.cf" <<EOF
compatibility_level = 3.6
queue_directory = ${PF_QUEUE:-$dir/spool}
data_directory = $dir/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = $dir/log/mail.log
maillog_file_prefixes = $dir
myhostname = gw.example.test
mydestination =
inet_interfaces = loopback-only
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = ${PF_DOMAINS:-users.test}
virtual_mailbox_base = $dir/mail
virtual_mailbox_maps = texthash:$dir/etc/mailboxes
virtual_alias_maps = ${PF_ALIASES:+texthash:$dir/etc/aliases}
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 1000
virtual_transport = virtual
transport_maps = ${PF_TRANSPORT:+texthash:$dir/etc/transport}
default_transport = ${PF_OUTSIDE:-error:no outside mail}
relay_transport = error:no outside mail
local_transport = error:no outside mail
disable_dns_lookups = yes
smtpd_peername_lookup = no
smtpd_authorized_xclient_hosts = 127.0.0.0/8
smtputf8_enable = yes
in_flow_delay = 0
service_throttle_time = 1s
queue_run_delay = 5s
minimal_backoff_time = 5s
maximal_backoff_time = 10s
smtpd_milters = ${PF_MILTER-}
non_smtpd_milters = \$smtpd_milters
milter_default_action = ${PF_MILTER_ACTION:-accept}
milter_command_timeout = 10s
milter_content_timeout = 30s
${PF_EXTRA-}
EOF
}

pf_write_master() {
    local dir=$1
    cat >"$dir/etc/master.cf" <<EOF
127.0.0.1:$PF_PORT inet n - n - ${PF_SMTPD_LIMIT:--} smtpd
127.0.0.1:$PF_REINJECT_PORT inet n - n - - smtpd
  -o smtpd_milters=
  -o content_filter=
  -o receive_override_options=no_milters,no_header_body_checks
  -o local_header_rewrite_clients=
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
local unix - n n - - local
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
EOF
}

postfix_configure() {
    local dir=$1
    mkdir -p "$dir"/{etc,spool,data,log,mail} || return
    chmod 755 "$dir" "$dir"/{etc,spool,log,mail}
    chown postfix "$dir/data" && chown nobody:nogroup "$dir/mail" || return
    awk '{ print $1, $1 "/" }' "$PF_MAILBOXES" >"$dir/etc/mailboxes"
    [ -z "${PF_ALIASES-}" ] || cp "$PF_ALIASES" "$dir/etc/aliases"
    [ -z "${PF_TRANSPORT-}" ] || printf '%s\n' "$PF_TRANSPORT" >"$dir/etc/transport"
    pf_write_main "$dir"
    pf_write_master "$dir"
}

postfix_start() {
    local dir=$1 try banner port
    [ -s "$dir/etc/master.cf" ] || { echo "$dir is not configured" >&2; return 1; }
    postfix -c "$dir/etc" start >>"$dir/log/start.log" 2>&1 || {
        cat "$dir/log/start.log" >&2
        return 1
    }
    port=$(awk -F'[: ]' 'NR == 1 { print $2 }' "$dir/etc/master.cf")
    [ -n "$port" ] || return 1
    for try in {1..100}; do
        if { exec 7<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null; then
            read -r -t 5 banner <&7
            printf 'QUIT\r\n' >&7
            exec 7>&-
            [[ $banner == 220* ]] && return 0
        fi
        sleep 0.1
    done
    echo "Postfix does not answer; see $dir/log" >&2
    return 1
}

postfix_stop() {
    local dir=$1 pid try
    [ -d "$dir/etc" ] || return 0
    pid=$(tr -d ' ' 2>/dev/null <"${PF_QUEUE:-$dir/spool}/pid/master.pid") 2>/dev/null
    postfix -c "$dir/etc" stop >/dev/null 2>&1
    [ -n "$pid" ] || return 0
    for try in {1..100}; do
        kill -0 "$pid" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -9 -- "-$pid" "$pid" 2>/dev/null
    return 0
}

postfix_queue() {
    find "${PF_QUEUE:-$1/spool}"/{incoming,active,deferred,maildrop} -type f 2>/dev/null | wc -l
}

postfix_settle() {
    local try
    for ((try = 0; try < ${2:-30} * 10; try++)); do
        [ "$(postfix_queue "$1")" -eq 0 ] && return 0
        sleep 0.1
    done
    echo "the queue of $1 is not empty after ${2:-30} s" >&2
    return 1
}
