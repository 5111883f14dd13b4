#!/usr/bin/perl
# account.pl DATABASE MAIL LIST [exact] - accounts for every message that a client was told is accepted.
# LIST has lines "MESSAGE-ID RECIPIENT,RECIPIENT...". Complains, and exits 1, unless
#  - no message is two posts;
#  - each recipient has the message in the mailbox, or is a reader of its post;
#  - nobody has the same message twice;
#  - each notice of the outbox was sent and is in its mailbox, once, or repeated with its Message-ID.
# With "exact" (nobody was killed): each message is a post, nobody has a copy, each notice came once.
use strict;
use warnings;

my ($database, $mail, $list, $exact) = @ARGV;
my (%posts, %reader, @notices, %copies, %seen);
sub rows { my @lines = qx(sqlite3 -cmd '.timeout 20000' -separator ' ' '$database' "$_[0]"); chomp @lines; return @lines }
$posts{$_}++ for rows('SELECT message_id FROM post');
$reader{$_} = 1 for rows('SELECT p.message_id, a.address FROM reader r JOIN post p ON p.id = r.post JOIN person a ON a.id = r.person');
@notices = rows('SELECT p.message_id, n.address, n.state FROM notice n JOIN post p ON p.id = n.post WHERE n.kind = 1');

for my $path (glob "$mail/*/new/*") {
    my ($person) = $path =~ m{/([^/]+)/new/};
    open my $in, '<', $path or next;
    my $head = '';
    while (<$in>) { last if /^\r?\n/; $head .= $_ }
    my ($id) = $head =~ /^Message-ID:\s*<([^>]*)>/im or next;
    my ($answered) = $head =~ /^In-Reply-To:\s*<([^>]*)>/im;
    if ($answered && $head =~ /^List-Id:/im) { $seen{"$answered $person"}{$id}++ }
    else { $copies{"$id $person"}++ }
}

my ($problems, $messages, $twice, $repeated) = (0, 0, 0, 0);
sub complain { print STDERR "@_\n" if $problems++ < 20 }

open my $in, '<', $list or die "$list: $!\n";
while (<$in>) {
    my ($id, $to) = /^<(\S+)> (\S+)/ or next;
    $messages++;
    my $posts = $posts{$id} || 0;
    complain("$id is $posts posts") if $posts > 1 || ($exact && $posts != 1);
    my $has_copy = 0;
    for my $person (split /,/, $to) {
        my $copies = $copies{"$id $person"} || 0;
        $has_copy ||= $copies;
        complain("$person lost $id") unless $copies || $reader{"$id $person"};
        complain("$person got $id $copies times") if $copies > 1 || ($exact && $copies);
    }
    $twice++ if $posts && $has_copy;
}
for (@notices) {
    my ($id, $address, $state) = split;
    my $mails = $seen{"$id $address"} || {};
    my ($count) = values %$mails;
    complain("the notice of $id for $address is in state $state") if $state != 2;
    complain("$address has no notice of $id") unless $count;
    complain("$address has notices of $id with different Message-IDs") if keys %$mails > 1;
    complain("$address has $count notices of $id") if $exact && ($count || 0) != 1;
    $repeated++ if ($count || 0) > 1;
}
complain("no message was accepted") unless $messages;
printf "# %d messages: %d posts, %d of them also delivered; %d notices, %d repeated after a crash\n",
    $messages, scalar(keys %posts), $twice, scalar(@notices), $repeated;
exit($problems ? 1 : 0);
