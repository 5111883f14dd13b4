#!/usr/bin/perl
# same-mail.pl ORIGINAL EXPORT - prints how many messages of the first mbox (mboxrd) are not in the
# second byte for byte. Of those that came twice in the same bytes one is enough.
use strict;
use warnings;
use Digest::SHA qw(sha256);

# Calls back with each message, its lines unquoted, without the empty line that ends it.
sub each_message {
    my ($path, $take) = @_;
    open my $in, '<:raw', $path or die "$path: $!\n";
    my ($message, $empty) = (undef, 1);
    my $give = sub { return unless defined $message; $message =~ s/\r?\n\z// if $empty; $take->($message) };
    while (my $line = <$in>) {
        if ($empty && $line =~ /^From /) { $give->(); ($message, $empty) = ('', 0); next }
        $empty = $line =~ /^\r?\n\z/;
        next unless defined $message;
        $line =~ s/^>(>*From )/$1/;
        $message .= $line;
    }
    # The last message has no separator behind it.
    $empty = 1 if defined $message && $message =~ /\n\r?\n\z/;
    $give->();
}

sub key { my ($text) = @_; $text =~ s/[\r\n]+\z//; return sha256($text) }

my %whole;
each_message($ARGV[1], sub { $whole{key($_[0])} = 1 });
my $lost = 0;
each_message($ARGV[0], sub { $lost++ unless $whole{key($_[0])} });
print "$lost\n";
