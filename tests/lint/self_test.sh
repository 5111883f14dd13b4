#!/bin/sh
# self_test.sh SOURCE_DIR - each check of lint.sh finds a fault that is put into a small tree, and
# nothing in the tree without it.
set -u
lint=$1/tests/lint
tree=$(mktemp -d) || exit 2
trap 'rm -rf "$tree"' EXIT
failed=0

fresh () {
  rm -rf "$tree"/*
  mkdir -p "$tree"/src/base "$tree"/src/store "$tree"/src/message "$tree"/include/base \
    "$tree"/include/store "$tree"/tests/lint "$tree"/conf "$tree"/contrib
  cp "$lint"/*.awk "$lint"/*.allow "$tree"/tests/lint/
  printf 'layer(base NEEDS X)\nlayer(store USES base)\nlayer(message USES base)\n' \
    > "$tree"/src/CMakeLists.txt
  echo '/* base.h - x */' > "$tree"/include/base/base.h
  echo '/* store.h - x */' > "$tree"/include/store/store.h
  printf '/* base.c - x <b> SELECT a FROM b */\n#include "base.h"\nint x;\n' > "$tree"/src/base/base.c
  printf '/* store.c - x */\n#include "base.h"\n#include "store.h"\nconst char *s = "SELECT a FROM b";\n' \
    > "$tree"/src/store/store.c
  printf '/* sanitize.c - x */\n#include "safehtml_make.h"\nconst char *m = "<b>";\n' \
    > "$tree"/src/message/sanitize.c
  echo '/* safehtml_make.h - x */' > "$tree"/include/base/safehtml_make.h
  for layer in base store message; do echo x > "$tree/src/$layer/README.md"; done
  touch "$tree"/CMakeLists.txt "$tree"/README.md
}

expect () { # CHECK STATUS WHAT
  "$lint"/lint.sh "$1" "$tree" > "$tree"/out 2>&1
  status=$?
  if [ $status -ne "$2" ]; then
    echo "$1, $3: status $status instead of $2"; cat "$tree"/out; failed=1
  fi
}

fault () { # CHECK FILE TEXT
  fresh
  expect "$1" 0 "sound tree"
  printf '%b' "$3" >> "$tree/$2"
  expect "$1" 1 "$3"
}

fault layers src/base/base.c '#include "store.h"\n'
fault layers src/base/base.c '#include "nowhere.h"\n'
fault layers include/store/base.h '/* base.h - twice */\n'
fault sql src/base/base.c 'const char *q = "DELETE FROM post";\n'
fault sql src/base/base.c '#include <sqlite3.h>\n'
fault markup src/base/base.c 'const char *q = "a <b>";\n'
fault markup src/store/store.c 'char c = \0047"\0047; const char *q = "</p>";\n'
fault safehtml src/store/store.c '#include "safehtml_make.h"\n'
fault words src/base/base.c '/* TO''DO */\n'
fault heads src/base/other.c 'int y;\n'
fresh && rm "$tree"/src/base/README.md && expect heads 1 "no README"
fault sizes src/base/base.c "$(awk 'BEGIN { print "int f (void)"; print "{"
  for (i = 0; i < 60; i++) print "    x++;"; print "}" }')\n"
fault sizes src/base/base.c "$(awk 'BEGIN { for (i = 0; i < 510; i++) print "/* x */" }')\n"
fault sizes src/base/base.c "/* $(printf '%0120d' 0) */\n"
[ $failed -eq 0 ] && echo "all checks find their faults"
exit $failed
