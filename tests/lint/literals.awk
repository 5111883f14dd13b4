# Prints FILE:LINE:TEXT for every string literal of C files, without comments and include lines.
FNR == 1 { comment = 0 }
/^[ \t]*#[ \t]*include/ { next }
{
  n = length ($0)
  for (i = 1; i <= n; i++) {
    c = substr ($0, i, 1)
    two = substr ($0, i, 2)
    if (comment) {
      if (two == "*/") { comment = 0; i++ }
    } else if (two == "/*") {
      comment = 1
      i++
    } else if (two == "//") {
      break
    } else if (c == "'") {
      i += substr ($0, i + 1, 1) == "\\" ? 2 : 1
      while (i < n && substr ($0, i, 1) != "'") i++
      if (substr ($0, i, 1) != "'") i++
    } else if (c == "\"") {
      text = ""
      for (i++; i <= n && (c = substr ($0, i, 1)) != "\""; i++) {
        if (c == "\\") { text = text c; i++; c = substr ($0, i, 1) }
        text = text c
      }
      print FILENAME ":" FNR ":" text
    }
  }
}
