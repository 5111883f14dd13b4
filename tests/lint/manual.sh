#!/bin/bash
# manual.sh PROGRAM SOURCE - the committed manual pages are what the program says of itself.
set -u
made=$(mktemp -d) || exit 2
trap 'rm -rf "$made"' EXIT
"$2/contrib/man/generate" "$1" "$made" || exit 1
status=0
for page in carbonless.1 carbonless.conf.5; do
    if ! diff -u "$2/contrib/man/$page" "$made/$page"; then
        echo "$page is out of step: run contrib/man/generate PROGRAM contrib/man" >&2
        status=1
    fi
done
exit $status
