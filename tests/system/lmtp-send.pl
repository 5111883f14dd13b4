#!/usr/bin/perl
# lmtp-send.pl SOCKET QUEUEID FROM TO[,TO...] FILE [drop] - one message over LMTP, as Postfix sends it. drop:
# hangs up after the last dot, without waiting for the answers, which are lost. Prints the last answer.
use strict;
use warnings;
use IO::Socket::UNIX;

my ($path, $queue_id, $from, $to, $file, $drop) = @ARGV;
my $socket = IO::Socket::UNIX->new(Peer => $path) or die "$path: $!\n";
$SIG{ALRM} = sub { die "no answer\n" };
alarm 30;

sub answer {
    my $line;
    do { $line = <$socket> // die "hung up\n" } while $line =~ /^\d\d\d-/;
    $line =~ s/\r?\n\z//;
    die "$line\n" unless $line =~ /^[23]/;
    return $line;
}

sub ask { print $socket "$_[0]\r\n"; return answer() }

answer();
ask("LHLO test");
ask("XFORWARD IDENT=$queue_id");
ask("MAIL FROM:<$from>");
my @recipients = split /,/, $to;
ask("RCPT TO:<$_>") for @recipients;
ask("DATA");
open my $mail, '<', $file or die "$file: $!\n";
while (my $line = <$mail>) {
    $line =~ s/\r?\n\z//;
    $line =~ s/^(?=\.)/./;
    print $socket "$line\r\n";
}
print $socket ".\r\n";
$socket->flush;
if ($drop) {
    close $socket;
    exit 0;
}
my $last;
$last = answer() for @recipients;
print "$last\n";
ask("QUIT");
