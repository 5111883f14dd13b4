#!/usr/bin/perl
# fetch.pl - a web client for the benchmark of pages.
#
#   fetch.pl login LINK                              logs in; prints the cookie
#   fetch.pl size HOST:PORT COOKIE PATH...           prints status, bytes of the body and path of each
#   fetch.pl load HOST:PORT COOKIE COUNT CONNECTIONS PATH...    fetches them in turn over kept
#                                                    connections; prints the microseconds it took
use strict;
use warnings;
use IO::Socket::INET;
use Time::HiRes qw(time);

sub connect_to {
    my ($server) = @_;
    return IO::Socket::INET->new(PeerAddr => $server, Timeout => 5) // die "$server: $!\n";
}

# One answer: status, header, body.
sub answer {
    my ($socket) = @_;
    my $header = '';
    while (my $line = <$socket>) {
        last if $line eq "\r\n";
        $header .= $line;
    }
    my ($status) = $header =~ m{^HTTP/1\.[01] (\d+)} or die "no answer\n";
    my ($length) = $header =~ /^content-length: *(\d+)/im;
    my $body = '';
    read $socket, $body, $length if $length;
    return ($status, $header, $body);
}

sub ask {
    my ($socket, $server, $cookie, $path) = @_;
    print $socket "GET $path HTTP/1.1\r\nHost: $server\r\nCookie: $cookie\r\n\r\n";
    return answer($socket);
}

sub login {
    my ($server, $key) = $_[0] =~ m{^http://([^/]+)/login\?key=(.*)$} or die "what link is $_[0]?\n";
    my $socket = connect_to($server);
    my $form = "key=$key";
    print $socket "POST /login HTTP/1.1\r\nHost: $server\r\nOrigin: http://$server\r\n"
        . "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " . length($form)
        . "\r\n\r\n$form";
    my ($status, $header) = answer($socket);
    my ($cookie) = $header =~ /^set-cookie: *([^;\r\n]+)/im or die "no cookie, status $status\n";
    print "$cookie\n";
}

sub size {
    my ($server, $cookie, @paths) = @_;
    my $socket = connect_to($server);
    for my $path (@paths) {
        my ($status, undef, $body) = ask($socket, $server, $cookie, $path);
        printf "%d %d %s\n", $status, length $body, $path;
    }
}

sub load {
    my ($server, $cookie, $count, $connections, @paths) = @_;
    my $start = time;
    for my $mine (1 .. $connections) {
        next if fork;
        my $socket = connect_to($server);
        for my $n (1 .. $count / $connections) {
            my ($status) = ask($socket, $server, $cookie, $paths[($n + $mine) % @paths]);
            if ($status != 200) { warn "status $status\n"; exit 1 }
        }
        exit 0;
    }
    my $failed = 0;
    while (wait != -1) { $failed ||= $? }
    printf "%d\n", (time - $start) * 1_000_000;
    exit($failed ? 1 : 0);
}

my ($deed, @arguments) = @ARGV;
my %deeds = (login => \&login, size => \&size, load => \&load);
my $do = $deeds{$deed // ''} or die "fetch.pl: see its head\n";
$do->(@arguments);
