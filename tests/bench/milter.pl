#!/usr/bin/perl
# milter.pl SOCKET FILE - hands one message to the daemon over its Unix socket, as Postfix would: from one
# colleague to ten. Prints the letter of the daemon's last answer ("d": taken) and the milliseconds it took.
use strict;
use warnings;
use IO::Socket::UNIX;
use Time::HiRes qw(time);

# Steps that the daemon may wish to be silent about, or not to be told (include of libmilter: mfdef.h).
my %silent = (C => 0x1000, H => 0x2000, M => 0x4000, R => 0x8000, L => 0x80, N => 0x40000, B => 0x80000, T => 0x10000);
my %unwanted = (C => 0x1, H => 0x2, N => 0x40, B => 0x10, L => 0x20, M => 0x4, R => 0x8, T => 0x200);

my ($path, $file) = @ARGV;
my $socket = IO::Socket::UNIX->new(Peer => $path) or die "$path: $!\n";
my $wishes = 0;

sub send_packet {
    my ($command, $data) = @_;
    print $socket pack('N', 1 + length $data), $command, $data;
}

sub read_bytes {
    my ($count) = @_;
    my $data = '';
    while (length $data < $count) {
        read($socket, $data, $count - length $data, length $data) or die "the daemon closed the connection\n";
    }
    return $data;
}

# The next answer that is more than "still at it" or a change of recipients.
sub answer {
    for (;;) {
        my $data = read_bytes(unpack 'N', read_bytes(4));
        my $letter = substr $data, 0, 1;
        return $data unless $letter eq 'p' || $letter eq '-';
    }
}

sub step {
    my ($command, $data) = @_;
    return 'c' if $wishes & ($unwanted{$command} // 0);
    send_packet($command, $data);
    return 'c' if $wishes & ($silent{$command} // 0);
    $socket->flush;
    return substr answer(), 0, 1;
}

sub content {
    my ($header, $body) = @_;
    my ($name, $value);
    my $give = sub {
        return 'c' unless defined $name;
        return step('L', "$name\0" . substr($value, 0, 60_000) . "\0");
    };
    for my $line (split /\r?\n/, $header) {
        if ($line =~ /^[ \t]/ && defined $name) { $value .= "\n$line"; next }
        my $reply = $give->();
        return $reply if $reply ne 'c';
        ($name, $value) = $line =~ /^([^:]*):(.*)$/s or die "no header: $line\n";
    }
    for my $reply ($give->(), step('N', '')) { return $reply if $reply ne 'c' }
    $body =~ s/\r?\n/\r\n/g;
    for (my $at = 0; $at < length $body; $at += 65535) {
        my $reply = step('B', substr $body, $at, 65535);
        return $reply if $reply ne 'c';
    }
    send_packet('E', '');
    $socket->flush;
    return substr answer(), 0, 1;
}

sub converse {
    my ($text) = @_;
    $socket->autoflush(0);
    send_packet('O', pack 'NNN', 6, 0x1FF, 0x1FFFFF);
    $socket->flush;
    (undef, undef, undef, $wishes) = unpack 'aNNN', answer();
    step('C', "localhost\x004" . pack('n', 25) . "127.0.0.1\0");
    step('H', "bench\0");
    for my $reply (step('M', "<a1\@users.test>\0"), map { step('R', "<u$_\@users.test>\0") } 1 .. 10) {
        return $reply if $reply ne 'c';
    }
    send_packet('D', "Ti\0BENCH$$\0");
    my $reply = step('T', '');
    return $reply if $reply ne 'c';
    # A line that is no header begins the body, as it does for Postfix.
    my $end = 0;
    $end = pos $text while $text =~ /\G(?:[\x21-\x39\x3b-\x7e]{1,1000}:|[ \t])[^\n]*\n/gc;
    my ($header, $body) = (substr($text, 0, $end), substr($text, $end));
    return content($header, $body =~ s/\A\r?\n//r);
}

my $text = do { local $/; open my $in, '<:raw', $file or die "$file: $!\n"; <$in> };
my $start = time;
my $reply = converse($text);
printf "%s %.0f\n", $reply, (time - $start) * 1000;
