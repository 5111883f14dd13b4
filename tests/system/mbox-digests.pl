#!/usr/bin/perl
# mbox-digests.pl MBOX|FOLDER - the digest of each message in an mbox (mboxrd), or of each file of a
# folder, sorted: the same list means the same messages, byte for byte.
use strict;
use warnings;
use Digest::SHA 'sha256_hex';

local $/;
sub slurp { open my $in, '<:raw', $_[0] or die "$_[0]: $!\n"; return scalar <$in> }
my @mails = -d $ARGV[0] ? map { slurp($_) } glob "$ARGV[0]/*" : ();
if (!@mails) {
    @mails = split /^From [^\n]*\n/m, slurp($ARGV[0]);
    shift @mails;
    s/\n\z//, s/^>(>*From )/$1/mg for @mails;
}
print sort map { sha256_hex($_) . "\n" } @mails;
