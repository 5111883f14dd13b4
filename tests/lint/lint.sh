#!/bin/sh
# lint.sh CHECK SOURCE_DIR [BUILD_DIR] - one rule of the house, by grep and awk. Prints what breaks it,
# with file and line, and fails. DESIGN and src/README.md say why each rule is there.
set -u
export LC_ALL=C
check=$1
build=${3:-}
cd "$2" || exit 2

c_files () { find src include tests -name '*.[ch]' -not -path '*/corpus/*' | sort; }
source_files () { find src include -name '*.[ch]' | sort; }
literals () { source_files | xargs awk -f tests/lint/literals.awk; }

# Includes go down the tree of layers only, as src/CMakeLists.txt draws it.
layers () {
  awk '
    FILENAME == "src/CMakeLists.txt" && /^layer\(/ {
      sub (/^layer\(/, ""); sub (/NEEDS.*/, ""); sub (/\)/, "")
      for (i = 3; i <= NF; i++) uses[$1, $i] = 1
      uses[$1, $1] = 1; next }
    FILENAME == "src/CMakeLists.txt" { next }
    /^#[ \t]*include[ \t]+"/ {
      split (FILENAME, part, "/"); layer = part[2]
      split ($0, quoted, "\""); name = quoted[2]
      if (layer == "app" || name == "resources.h") next
      owner = ""
      for (l in known) if ((l, name) in has) owner = l
      if (owner == "" && ("src/" layer "/" name) in private) next
      if (owner == "") print FILENAME ":" FNR ": " name " is neither public nor beside this file"
      else if (!((layer, owner) in uses))
        print FILENAME ":" FNR ": " layer " must not use " owner " (" name ")" }
    BEGIN {
      while (("find include -name \"*.h\" -o -name \"*.def\"" | getline path) > 0) {
        split (path, part, "/"); has[part[2], part[3]] = 1; known[part[2]] = 1
        if (part[3] in seen) print path ": there is another header of this name"
        seen[part[3]] = 1 }
      while (("find src -name \"*.h\" -o -name \"*.def\"" | getline path) > 0) private[path] = 1 }
  ' src/CMakeLists.txt $(source_files)
}

# Files of at most 500 lines, functions of at most 60 (tests: 120, for their tables), lines of at most 110 bytes (clang-format breaks
# code at 100; a word more in a comment does no harm). A file that is a table may be listed in
# sizes.allow, with its reason.
sizes () {
  awk '
    FILENAME == "tests/lint/sizes.allow" { if ($0 !~ /^#/ && NF) allowed[$1] = 1; next }
    FNR == 1 { if (file != "" && lines > 500 && !(file in allowed))
                 print file ": " lines " lines, 500 are allowed"
               file = FILENAME; begin = 0; head = "" }
    { lines = FNR }
    length ($0) > 110 && !(FILENAME in allowed) && $0 !~ /https?:/ {
      print FILENAME ":" FNR ": " length ($0) " columns, 110 are allowed" }
    /^[a-zA-Z].*\(/ { head = $0 }
    /^\{/ { begin = FNR }
    /^\}/ { most = FILENAME ~ /^tests/ ? 120 : 60
            if (begin && FNR - begin + 1 > most)
              print FILENAME ":" begin ": " FNR - begin + 1 " lines, " most " are allowed: " head
            begin = 0 }
    END { if (lines > 500 && !(file in allowed)) print file ": " lines " lines, 500 are allowed" }
  ' tests/lint/sizes.allow $(c_files)
}

# SQL lives in src/store.
sql () {
  literals | grep -v '^src/store/' | grep -E \
    ':.*(SELECT .* FROM|INSERT (OR [A-Z]+ )?INTO|UPDATE [a-z_]+ SET|DELETE FROM|CREATE (TABLE|INDEX|VIRTUAL)|PRAGMA )'
  grep -nE '#include <(sqlite3|libpq-fe)\.h>' $(source_files) | grep -v '^src/store/'
}

# Markup lives in templates. sanitize and mailout make it from parsed input, html and totext read it.
# (MAIL FROM:<address> and the like are no markup.)
markup () {
  elements='a|b|i|p|u|s|br|hr|em|li|ol|ul|dl|dt|dd|td|th|tr|h[1-6]|div|img|pre|nav|svg|sub|sup|bdi'
  elements="$elements|html|head|body|link|meta|main|form|span|time|code|mark|abbr|cite|feed|entry"
  elements="$elements|title|style|table|thead|tbody|input|label|button|select|option|textarea|script"
  elements="$elements|strong|small|section|article|header|footer|aside|details|summary|blockquote"
  literals | grep -vE '^src/message/(sanitize|mailout|html|totext)[a-z_]*\.c:' |
    grep -E ":[0-9]+:.*(</?($elements)[ />]|<!--|<!doctype)"
}

# Only the sanitiser may say that HTML is safe.
safehtml () {
  grep -n 'safehtml_make\.h' $(source_files) |
    grep -vE '^(src/message/sanitize[a-z_]*\.c|src/base/safehtml\.c|include/base/safehtml(_make)?\.h):'
}

# What is left to do stands in the tracker.
words () {
  git_files=$(find src include tests conf contrib CMakeLists.txt README.md -type f 2>/dev/null |
    grep -vE '/corpus/|\.eml$')
  grep -nE '\b(TO''DO|FIX''ME|XX''X)\b' $git_files
}

# Each file of src and include begins with a comment that says what it is; each layer has a README.
heads () {
  awk 'FNR == 1 && FILENAME !~ /empty\.c$/ {
    name = FILENAME; sub (/.*\//, "", name)
    if (index ($0, "/* " name) != 1)
      print FILENAME ":1: the opening comment must begin with the name of the file" }
  ' $(source_files)
  for folder in $(find src -mindepth 1 -maxdepth 1 -type d); do
    readme=$folder/README.md
    if [ ! -s "$readme" ]; then
      echo "$readme is missing"
    elif [ "$(wc -l < "$readme")" -gt 60 ]; then
      echo "$readme: more than 60 lines"
    fi
  done
}

# No writable globals: state travels in structs. globals.allow names the few that are left.
globals () {
  for library in "$build"/src/liblayer_*.a; do
    objdump -t "$library" | awk -v library="$(basename "$library")" '
      /:     file format/ { object = $1; sub (/:$/, "", object) }
      / O \.(data|bss)[ \t]/ { if ($NF !~ /^\.L/) print object " " $NF }'
  done | sed 's/\.[0-9]*$//' | sort | grep -vxFf tests/lint/globals.allow
}

case $check in
  layers|sizes|sql|markup|safehtml|words|heads|globals) ;;
  *) echo "lint.sh: no check $check" >&2; exit 2 ;;
esac
found=$($check)
[ -z "$found" ] && exit 0
printf '%s\n' "$found"
exit 1
