#!/usr/bin/perl
# mailbox-table.pl - who got what: reads Maildirs and asks carbonless about each message.
#
#   mailbox-table.pl CARBONLESS CONF MAILDIR-ROOT [--expect FILE] MESSAGE.eml...
#
# Prints a row a person and a column a message: mail (the original, untouched), notice with its
# reason, receipt (the author's), blog (to be read there), or nothing. With --expect the cells are
# compared with the lines "address number word" of FILE, all other cells must be empty or blog, and
# the exit status is 1 when something differs. Without, it says in numbers what came, and the exit status
# is 1 when a message is neither a post nor in a mailbox.
use strict;
use warnings;
use JSON::PP;
binmode STDOUT, ":encoding(UTF-8)";

my ($binary, $conf, $root, @args) = @ARGV;
my $expect = @args && $args[0] eq '--expect' ? (splice @args, 0, 2)[1] : undef;

sub run_json {
    open my $pipe, '-|', $binary, @_ or die "$binary: $!\n";
    local $/;
    my $text = <$pipe>;
    close $pipe;
    return $text ? eval { JSON::PP->new->utf8->decode($text) } : undef;
}

# The header of a file, unfolded.
sub header_of {
    my ($path) = @_;
    open my $file, '<', $path or die "$path: $!\n";
    local $/;
    my ($header) = split /\r?\n\r?\n/, <$file>, 2;
    $header =~ s/\r?\n[ \t]+/ /g;
    return $header;
}

my (@ids, @labels);
for my $path (@args) {
    my $mail = run_json('decode', $path) or die "$path: cannot be decoded\n";
    my $id = $mail->{message_id} // '';
    $id =~ s/^<|>$//g;
    push @ids, $id;
    push @labels, $mail->{subject} // '';
}
my %number = map { $ids[$_] => $_ } 0 .. $#ids;

# What the archive says: who is a reader of which message, and why they got a notice.
my (%reason, %reader);
my $posts = run_json('post', 'list', '-c', $conf, '-n', 1000, '--json') // [];
for my $post (@$posts) {
    next unless defined $post->{message_id} && defined $number{ $post->{message_id} };
    my $n = $number{ $post->{message_id} };
    my $whole = run_json('post', 'show', $post->{post}, '-c', $conf, '--json') or next;
    for my $row (@{ $whole->{readers} }) {
        $reader{ $row->{address} }[$n] = 1;
        $reason{ $row->{address} }[$n] = $row->{must_read};
    }
}

# What came to the mailboxes.
my %cell;
opendir my $dir, $root or die "$root: $!\n";
my @people = sort grep { /\@/ } readdir $dir;
for my $person (@people) {
    for my $path (glob "$root/$person/new/*") {
        my $header = header_of($path);
        my $is_ours = $header =~ /^X-Carbonless-Hop:/mi;
        my ($id) = $header =~ ($is_ours ? qr/^In-Reply-To:\s*<([^>]*)>/mi : qr/^Message-ID:\s*<([^>]*)>/mi);
        next unless defined $id && defined $number{$id};
        my $n = $number{$id};
        my $why = $reason{$person}[$n];
        push @{ $cell{$person}[$n] },
          !$is_ours ? 'mail' : defined $why ? "notice:$why" : 'receipt';
    }
}

my %wanted;
if (defined $expect) {
    open my $file, '<', $expect or die "$expect: $!\n";
    while (<$file>) {
        next if /^\s*(#|$)/;
        my ($person, $n, @words) = split;
        $wanted{$person}[ $n - 1 ] = join ' ', @words;
    }
}

my ($wrong, $width) = (0, 17);
my %seen = map { $_ => 1 } @people, keys %reader, keys %wanted;
print "\n";
printf "%3d. %s\n", $_ + 1, $labels[$_] for 0 .. $#labels;
printf "\n%-22s" . ("%-${width}s" x @ids) . "\n", 'person', map { $_ + 1 . '.' } 0 .. $#ids;
for my $person (sort keys %seen) {
    printf '%-22s', $person;
    for my $n (0 .. $#ids) {
        my $got = join ' ', sort @{ $cell{$person}[$n] // [] };
        my $shown = $got ne '' ? $got : $reader{$person}[$n] ? 'blog' : '-';
        printf "%-${width}s", $shown;
        next unless defined $expect;
        my $want = $wanted{$person}[$n] // '';
        next if $got eq $want;
        $wrong++;
        print STDERR "wrong: $person, message ", $n + 1, ": got '$got', not '$want'\n";
    }
    print "\n";
}
print <<'EOT';

mail     the original, untouched          notice:WHY  one notice, and the reason for it
blog     nothing: to be read on the blog  receipt     tells the author where it was posted
EOT
unless (defined $expect) {
    my ($posts, $notices, $originals, $unknown) = (0) x 4;
    for my $n (0 .. $#ids) {
        my @cells = map { @{ $cell{$_}[$n] // [] } } keys %cell;
        my $copies = grep { $_ eq 'mail' } @cells;
        my $is_post = grep { $reader{$_}[$n] } keys %reader;
        $posts++ if $is_post;
        $originals += $copies;
        $notices += grep { /^notice/ } @cells;
        if ($ids[$n] eq '') {
            $unknown++;
        } elsif (!$is_post && !$copies) {
            $wrong++;
            print STDERR "wrong: message ", $n + 1, " is neither a post nor in a mailbox\n";
        }
    }
    printf "\nOf %d messages %d became posts. %d copies were delivered untouched, and %d notices sent.\n",
      scalar @ids, $posts, $originals, $notices;
    print "$unknown have no Message-ID, and cannot be followed.\n" if $unknown;
    print "\n";
}
exit($wrong ? 1 : 0);

