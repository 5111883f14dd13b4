#!/usr/bin/perl
# milter-relay.pl LISTEN DAEMON ORDER PIDFILE - stands between Postfix and the milter (Unix sockets) and
# hands everything on, until the file ORDER says what to do: "STAGE cut" ends both connections when a
# packet of that stage comes by, "STAGE kill" sends SIGKILL to the process that PIDFILE names as well.
# STAGE is mail, rcpt, data, header, body, end, or answer: the daemon's answer to the end of the message,
# which Postfix then never sees. An order is carried out once; its file is removed.
use strict;
use warnings;
use IO::Socket::UNIX;
use IO::Select;

my ($listen, $daemon, $order, $pidfile) = @ARGV;
my %stage = (M => 'mail', R => 'rcpt', T => 'data', L => 'header', B => 'body', E => 'end');
unlink $listen;
my $server = IO::Socket::UNIX->new(Local => $listen, Listen => 50) or die "$listen: $!\n";
chmod 0666, $listen;
$SIG{CHLD} = 'IGNORE';
$SIG{PIPE} = 'IGNORE';

# Whether an order for this stage was there, and has been carried out.
sub obey {
    my ($now) = @_;
    open my $in, '<', $order or return 0;
    my ($when, $what) = split ' ', scalar <$in>;
    return 0 unless $when eq $now && unlink $order;
    return 1 unless $what eq 'kill';
    open my $pid, '<', $pidfile or return 1;
    kill 'KILL', int <$pid>;
    return 1;
}

sub serve {
    my ($mta) = @_;
    my $milter = IO::Socket::UNIX->new(Peer => $daemon) or return;
    my $select = IO::Select->new($mta, $milter);
    my ($pending, $last) = ('', '');
    while (my @ready = $select->can_read) {
        for my $from (@ready) {
            sysread $from, my $bytes, 65536 or return;
            if ($from == $milter) {
                return if $last eq 'end' && obey('answer');
                syswrite $mta, $bytes;
                next;
            }
            $pending .= $bytes;
            while (length $pending >= 5 && length $pending >= 4 + unpack 'N', $pending) {
                my $packet = substr $pending, 0, 4 + unpack('N', $pending), '';
                $last = $stage{ substr $packet, 4, 1 } || $last;
                # Killed at the end of a message: it has the packet, and may be anywhere in its work.
                syswrite $milter, $packet if $last eq 'end';
                return if obey($last);
                syswrite $milter, $packet unless $last eq 'end';
            }
        }
    }
}

while (1) {
    my $mta = $server->accept or next;
    next if fork;
    close $server;
    serve($mta);
    exit 0;
}
