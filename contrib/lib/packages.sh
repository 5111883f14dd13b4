# packages.sh - the Debian packages that building, running and testing need. To be sourced by bash.
#
#   packages_install build|run|test ...   installs what is missing, and starts no daemon

packages_build="gcc cmake ninja-build pkg-config libc6-dev libglib2.0-dev libglib2.0-bin libconfuse-dev
    libetpan-dev libcurl4-gnutls-dev libsqlite3-dev libpcre2-dev libmicrohttpd-dev libgumbo-dev libuchardet-dev
    libzstd-dev"
packages_run="postfix swaks perl procps"
packages_test="strace systemd clang libclang-rt-14-dev miltertest chromium valgrind cppcheck clang-tidy
    universal-ctags libxml2-utils sqlite3 curl"

packages_missing() {
    local name
    for name in "$@"; do
        dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed ||
            printf '%s ' "$name"
    done
}

packages_install() {
    local set missing lock root=() policy=/usr/sbin/policy-rc.d made_policy=
    missing=$(for set in "$@"; do
        local list="packages_$set"
        # shellcheck disable=SC2086
        packages_missing ${!list}
    done)
    [ -n "${missing// /}" ] || return 0
    [ "$(id -u)" -eq 0 ] || root=(sudo)
    echo "installing: $missing"
    # One at a time: a second run must not find the first one's policy, and lose it in the middle.
    exec {lock}</var/lib/dpkg && flock "$lock"
    # A fresh Postfix would start on port 25: tell the package that no service may be started. Where
    # Postfix is at work already, neither its answers nor the rules for services are touched.
    if [[ " $missing " == *" postfix "* ]]; then
        echo "postfix postfix/main_mailer_type select No configuration" |
            "${root[@]}" debconf-set-selections
    fi
    if [[ " $missing " == *" postfix "* ]] && [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null
        "${root[@]}" chmod 755 "$policy"
        made_policy=yes
    fi
    "${root[@]}" apt-get update -qq
    # shellcheck disable=SC2086
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends \
        $missing >/tmp/carbonless-packages.$$ 2>&1
    local status=$?
    [ -z "$made_policy" ] || "${root[@]}" rm -f "$policy"
    [ "$status" -eq 0 ] || tail -n 20 /tmp/carbonless-packages.$$ >&2
    rm -f /tmp/carbonless-packages.$$
    exec {lock}<&-
    return "$status"
}
