#!/usr/bin/perl
# smtp-send.pl PORT FROM TO[,TO...] FILE [XCLIENT-ATTRIBUTES] - one message over SMTP, its bytes as
# they are in FILE (lines end with LF there); options may follow a recipient, after blanks. Prints the
# last answer. Exit status: 0 accepted, 75 try again (4xx, or the connection ended), 1 refused (5xx).
use strict;
use warnings;
use IO::Socket::INET;

my ($port, $from, $to, $file, $xclient) = @ARGV;
local $SIG{ALRM} = sub { finish(75, "no answer in 60 s") };
alarm 60;
$from = '' if $from eq '<>';
open my $in, '<:raw', $file or die "$file: $!\n";
my $data = do { local $/; <$in> };
$data =~ s/\r?\n/\r\n/g;
$data .= "\r\n" unless $data =~ /\r\n\z/;
$data =~ s/^\./../mg;

sub finish { my ($status, $text) = @_; print "$text\n"; exit $status }

my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port, Timeout => 20)
    or finish(75, "cannot connect: $!");
sub answer {
    my ($wanted, $what) = @_;
    my $line;
    do { $line = <$socket>; finish(75, "$what: the connection ended") unless defined $line }
        while $line =~ /^\d\d\d-/;
    $line =~ s/\r\n//;
    return $line if $line =~ /^$wanted/;
    finish($line =~ /^5/ ? 1 : 75, "$what: $line");
}
sub command { my ($line, $wanted) = @_; print $socket "$line\r\n"; return answer($wanted, $line) }

$SIG{PIPE} = 'IGNORE';
answer(2, 'banner');
if ($xclient) {
    command('EHLO test.example', 2);
    command("XCLIENT $xclient", 2);
}
command('EHLO test.example', 2);
command("MAIL FROM:<$from>", 2);
for (split /,/, $to) {
    my ($address, @options) = split / /;
    command(join(" ", "RCPT TO:<$address>", @options), 2);
}
command('DATA', 3);
print $socket "$data.\r\n";
my $last = answer(2, 'end of data');
print $socket "QUIT\r\n";
finish(0, $last);
