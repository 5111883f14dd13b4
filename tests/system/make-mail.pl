#!/usr/bin/perl
# make-mail.pl COUNT MBOX [FOLDER] - COUNT messages of all sorts in an mbox (mboxrd), and each as a file
# of its own in FOLDER: plain ones, answers, attachments that several carry, lines that begin with From,
# other character sets, no Message-ID, no newline at the end of a part. The same ones each time.
use strict;
use warnings;
use MIME::Base64;

my ($count, $path, $folder) = @ARGV;
my $file = encode_base64(join '', map { chr(($_ * 7919) % 251) } 1 .. 30000);
open my $mbox, '>:raw', $path or die "$path: $!\n";
for my $n (1 .. $count) {
    my @more = $n % 5 == 2 ? "In-Reply-To: <mail-@{[$n - 1]}\@users.test>" : ();
    push @more, "Message-ID: <mail-$n\@users.test>" unless $n % 50 == 49;
    my $body = "Message number $n, about topic" . ($n % 13) . ".\n\nFrom here on it is quoted.\n>From there too.\n";
    my ($type, $encoding) = ('text/plain; charset=utf-8', '8bit');
    $body .= "Gr\xc3\xbc\xc3\x9fe aus K\xc3\xb6ln\n" if $n % 3 == 0;
    ($type, $body) = ('text/plain; charset=iso-8859-1', "caf\xe9 number $n\n") if $n % 7 == 0;
    if ($n % 10 == 1) {
        $type = 'multipart/mixed; boundary="=_b"';
        $body = "--=_b\nContent-Type: text/plain\n\nSee the file, number $n.\n--=_b\nContent-Type: application/pdf; "
            . "name=report.pdf\nContent-Disposition: attachment; filename=report.pdf\nContent-Transfer-Encoding: "
            . "base64\n\n$file--=_b--\n";
    }
    my $date = sprintf 'Mon, %d Jan 2024 10:%02d:%02d +0100', 1 + $n % 28, ($n / 60) % 60, $n % 60;
    my $mail = join "\n", "From: Person $n <u" . (1 + $n % 20) . '@users.test>', 'To: team@users.test',
        "Subject: Number $n", "Date: $date", @more, 'MIME-Version: 1.0', "Content-Type: $type",
        "Content-Transfer-Encoding: $encoding", '', $body;
    if ($folder) {
        open my $out, '>:raw', sprintf('%s/%05d.eml', $folder, $n) or die "$folder: $!\n";
        print $out $mail;
    }
    $mail =~ s/^(>*From )/>$1/mg;
    print $mbox "From u1\@users.test Mon Jan  1 10:00:00 2024\n$mail\n";
}
