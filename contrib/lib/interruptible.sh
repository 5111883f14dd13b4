# interruptible.sh - to be sourced by bash as the first thing, with "$@": a shell that was started in the
# background ignores SIGINT for good, and could not clean up after it. It begins again without that.
if (($((0x$(sed -n 's/^SigIgn:[[:space:]]*//p' "/proc/$$/status"))) & 2)); then
    exec perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV or die "$ARGV[0]: $!\n"' "$0" "$@"
fi
