#!/bin/sh
# cppcheck.sh SOURCE_DIR BUILD_DIR - cppcheck finds nothing in src and include.
set -u
cd "$1" || exit 2
exec cppcheck --library=gtk --library=posix --enable=warning,portability --std=c11 --quiet \
  --inline-suppr --error-exitcode=1 -j "$(nproc)" --suppressions-list=contrib/lint/cppcheck.supp \
  $(find include -mindepth 1 -maxdepth 1 -type d | sed 's/^/-I /') -I "$2/src" src
