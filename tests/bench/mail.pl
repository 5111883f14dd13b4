#!/usr/bin/perl
# mail.pl - mail for the benchmarks: makes it, sends it, takes an mbox apart.
#
#   mail.pl mbox COUNT                                    an mbox of made-up mail on standard output
#   mail.pl send HOST:PORT COUNT SESSIONS BYTES PEOPLE    over SMTP, from a1.. to u1..uPEOPLE@users.test
#   mail.pl split MBOX DIR                                one file a message
#   mail.pl head MBOX COUNT                               the first messages of an mbox
#
# Words are made of syllables and drawn as in language: the most common one ten times as often as the
# tenth. The same arguments give the same mail, but for Message-IDs, which differ at each run.
use strict;
use warnings;
use IO::Socket::INET;

my @syllables = qw(ba ce di fo gu ka le mi no pu ra se ti vo zu an er il ot um);
my @words = map { word($_) } 1 .. 20_000;

sub word {
    my ($n) = @_;
    my $word = '';
    for ($n *= 7; $n > 0; $n = int($n / @syllables)) { $word .= $syllables[$n % @syllables] }
    return $word;
}

sub some_words {
    my ($count) = @_;
    return join ' ', map { $words[int(@words ** rand()) - 1] } 1 .. $count;
}

sub text {
    my ($bytes) = @_;
    my $text = '';
    while (length $text < $bytes) {
        $text .= ucfirst(some_words(8 + int rand 4)) . (rand() < 0.2 ? ".\n\n" : "\n");
    }
    return $text;
}

my $run = sprintf '%x.%x', time, $$;
my @sent; # Message-ID and text of earlier messages, for answers

sub message {
    my ($n, $bytes, $author, @people) = @_;
    my $to = join ",\n ", map { "Person $_ <u$_\@users.test>" } @people;
    my $subject = some_words(5);
    my $id = sprintf '<%s.%d@users.test>', $run, $n;
    return "From: Author $author <a$author\@users.test>\nTo: $to\nSubject: $subject\n"
        . "Date: Mon, 6 Jan 2025 10:00:00 +0000\nMessage-ID: $id\nMIME-Version: 1.0\n"
        . "Content-Type: text/plain; charset=utf-8\n" . body_of($n, $id, $bytes);
}

# Half of an mbox are answers, with the quote of what they answer.
sub body_of {
    my ($n, $id, $bytes) = @_;
    my $text = text($bytes);
    return "\n$text" unless $main::with_answers;
    my $answer = @sent && rand() < 0.5 ? $sent[rand @sent] : undef;
    if ($answer) {
        my $quote = $answer->[1] =~ s/^/> /gmr;
        $text = "On Mon, 6 Jan 2025 Author wrote:\n$quote\n" . text($bytes / 2);
    }
    push @sent, [$id, $text];
    shift @sent if @sent > 50;
    return ($answer ? "In-Reply-To: $answer->[0]\n" : '') . "\n$text";
}

sub print_mbox {
    my ($count) = @_;
    srand 1;
    local $main::with_answers = 1;
    for my $n (1 .. $count) {
        my $mail = message($n, 1000 + int rand 6000, 1 + int rand 40, map { 1 + int rand 200 } 1 .. 3);
        $mail =~ s/^(>*From )/>$1/gm;
        print "From a\@users.test Mon Jan  6 10:00:00 2025\n$mail\n";
    }
}

sub say_smtp {
    my ($socket, $text, $want) = @_;
    print $socket $text;
    while (my $line = <$socket>) {
        next if $line =~ /^\d{3}-/;
        $line =~ /^$want/ or die "after " . substr($text, 0, 60) . ": $line";
        return;
    }
    die "the server closed the connection\n";
}

sub send_session {
    my ($server, $session, $count, $bytes, $people) = @_;
    srand 100 + $session;
    my $socket = IO::Socket::INET->new(PeerAddr => $server, Timeout => 10) or die "$server: $!\n";
    say_smtp($socket, '', 220);
    say_smtp($socket, "EHLO bench\r\n", 250);
    my $rcpt = join '', map { "RCPT TO:<u$_\@users.test>\r\n" } 1 .. $people;
    for my $n (1 .. $count) {
        my $mail = message($session * 1_000_000 + $n, $bytes, $session, 1 .. $people) =~ s/\n/\r\n/gr;
        say_smtp($socket, "MAIL FROM:<a$session\@users.test>\r\n", 250);
        print $socket $rcpt;
        say_smtp($socket, '', 250) for 1 .. $people;
        say_smtp($socket, "DATA\r\n", 354);
        say_smtp($socket, "$mail.\r\n", 250);
    }
    say_smtp($socket, "QUIT\r\n", 221);
}

sub send_all {
    my ($server, $count, $sessions, $bytes, $people) = @_;
    my $failed = 0;
    for my $session (1 .. $sessions) {
        my $mine = int($count / $sessions) + ($session <= $count % $sessions ? 1 : 0);
        next if fork;
        eval { send_session($server, $session, $mine, $bytes, $people); 1 } or do { warn $@; exit 1 };
        exit 0;
    }
    while (wait != -1) { $failed ||= $? }
    exit($failed ? 1 : 0);
}

# Calls back with the separator line and the text of each message, as they stand in the mbox.
sub each_of {
    my ($path, $take) = @_;
    open my $in, '<:raw', $path or die "$path: $!\n";
    my ($from, $text, $empty) = (undef, '', 1);
    while (my $line = <$in>) {
        if ($empty && $line =~ /^From /) {
            $take->($from, $text) or return if defined $from;
            ($from, $text, $empty) = ($line, '', 0);
            next;
        }
        $empty = $line =~ /^\r?\n\z/;
        $text .= $line;
    }
    $take->($from, $text) if defined $from;
}

sub split_mbox {
    my ($path, $dir) = @_;
    my $n = 0;
    each_of($path, sub {
        my (undef, $text) = @_;
        $text =~ s/^>(>*From )/$1/gm;
        open my $out, '>:raw', sprintf('%s/%06d.bench:2,S', $dir, ++$n) or die "$dir: $!\n";
        print $out $text;
    });
}

sub print_head {
    my ($path, $count) = @_;
    each_of($path, sub { print @_; --$count > 0 });
}

my ($deed, @arguments) = @ARGV;
my %deeds = (mbox => \&print_mbox, send => \&send_all, split => \&split_mbox, head => \&print_head);
my $do = $deeds{$deed // ''} or die "mail.pl: see its head\n";
$do->(@arguments);
