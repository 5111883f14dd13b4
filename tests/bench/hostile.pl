#!/usr/bin/perl
# hostile.pl DIR - mail and HTML made to kill or stall parsers, one file each: NAME.eml and NAME.html.
use strict;
use warnings;

my $mega = 1 << 20;
my $from = "From: a <a1\@users.test>\nTo: u1\@users.test\nMessage-ID: <NAME\@users.test>\nSubject: NAME\n";
my $mime = "MIME-Version: 1.0\n";
my $text = "${mime}Content-Type: text/plain; charset=utf-8\n";

my %html = (
    'divs'        => '<div>' x 100_000,
    'fonts'       => '<font>' x 50_000 . '<p>x' x 20_000,
    'formatting'  => '<b><i><u><a>' x 20_000 . '</b>' x 20_000,
    'attributes'  => '<p ' . join(' ', map { "a$_=1" } 1 .. 100_000) . '>x',
    'same-attributes' => '<p ' . 'a=1 ' x 200_000 . '>x',
    'attribute'   => '<a href="' . 'x' x (4 * $mega) . '">y</a>',
    'tables'      => '<table><tr><td>' x 30_000,
    'table-text'  => '<table>x' x 50_000,
    'entities'    => '&amp;' x 500_000,
    'bad-entities' => '&' x $mega,
    'less-than'   => '<' x $mega,
    'comments'    => '<!--' x 200_000,
    'comment'     => '<!--' . '-' x $mega,
    'scripts'     => '<script>' x 100_000,
    'styles'      => '<style>' . '{' x $mega . '</style>',
    'inline-css'  => '<p style="' . 'color:red;' x 100_000 . '">x',
    'svg'         => '<svg><g>' x 50_000,
    'math'        => '<math><mi><annotation-xml>' x 30_000,
    'selects'     => '<select><option>' x 50_000,
    'templates'   => '<template>' x 50_000,
    'blockquotes' => '<blockquote>a' x 50_000,
    'lists'       => '<ul><li>' x 50_000,
    'headings'    => '<h1><p>' x 50_000,
    'nul'         => "\0" x $mega,
    'cdata'       => '<![CDATA[' x 100_000,
    'end-tags'    => '</p>' x 250_000,
    'frameset'    => '<frameset>' x 100_000,
    'images'      => '<img src="data:image/png;base64,AAAA">' x 30_000,
);

sub nested_multiparts {
    my ($depth) = @_;
    my $mail = $mime;
    $mail .= "Content-Type: multipart/mixed; boundary=b$_\n\n--b$_\n" for 1 .. $depth;
    return $mail . "\nx\n";
}

my %mail = (
    'parentheses-from'   => "From: a " . '(' x $mega . " <a1\@users.test>\n\nx\n",
    'parentheses-to'     => "${from}Cc: " . '(' x $mega . "\n\nx\n",
    'parentheses-closed' => "${from}Cc: " . '()' x ($mega / 2) . " a\@users.test\n\nx\n",
    'parentheses-date'   => "${from}Date: Mon, 6 Jan 2025 10:00:00 +0000 " . '(' x $mega . "\n\nx\n",
    'parentheses-type'   => "$from${mime}Content-Type: text/plain " . '(' x $mega . "\n\nx\n",
    'parentheses-body'   => "$from$text\n" . '(' x $mega . "\n",
    'parts-nested'       => $from . nested_multiparts(50_000),
    'parts-flat'         => "$from${mime}Content-Type: multipart/mixed; boundary=b\n\n" . "--b\n\nx\n" x 100_000,
    'parts-files'        => "$from${mime}Content-Type: multipart/mixed; boundary=b\n\n"
        . "--b\nContent-Type: image/png; name=a.png\nContent-Disposition: attachment\n\nx\n" x 20_000,
    'parts-one-boundary' => "$from$mime" . "Content-Type: multipart/mixed; boundary=b\n\n--b\n" x 50_000 . "x\n",
    'messages-nested'    => "$from$mime" . "Content-Type: message/rfc822\n\n" x 50_000 . "x\n",
    'boundaries-almost'  => "$from${mime}Content-Type: multipart/mixed; boundary=" . '-' x 70 . "\n\n"
        . ('-' x 71 . "\n") x 50_000,
    'headers-many'       => $from . join('', map { "X-$_: y\n" } 1 .. 100_000) . "\nx\n",
    'headers-same'       => $from . "To: u2\@users.test\n" x 100_000 . "\nx\n",
    'headers-no-colon'   => $from . "nonsense\n" x 200_000 . "\nx\n",
    'headers-empty'      => $from . ":\n" x 300_000 . "\nx\n",
    'header-long'        => "${from}X-Long: " . 'y' x (5 * $mega) . "\n\nx\n",
    'header-folded'      => "${from}X-Long: y\n" . " y\n" x 300_000 . "\nx\n",
    'recipients'         => "${from}Cc: " . join(",\n ", map { "u$_\@users.test" } 1 .. 100_000) . "\n\nx\n",
    'recipients-commas'  => "${from}Cc: " . ',' x $mega . "\n\nx\n",
    'recipients-groups'  => "${from}Cc: " . 'g:' x ($mega / 2) . "\n\nx\n",
    'recipients-angles'  => "${from}Cc: " . '<' x $mega . "\n\nx\n",
    'recipients-quotes'  => "${from}Cc: " . '"' x $mega . "\n\nx\n",
    'recipients-route'   => "${from}Cc: <" . '@a,' x ($mega / 3) . ":u\@users.test>\n\nx\n",
    'references'         => "${from}References: " . join("\n ", map { "<$_\@users.test>" } 1 .. 100_000) . "\n\nx\n",
    'encoded-words'      => "From: a <a1\@users.test>\nSubject: " . "=?utf-8?Q?=C3?=\n " x 100_000 . "\n\nx\n",
    'encoded-words-open' => "From: a <a1\@users.test>\nSubject: " . '=?' x ($mega / 2) . "\n\nx\n",
    'parameters'         => "$from${mime}Content-Type: text/plain" . join('', map { ";\n name*$_=x" } 0 .. 50_000) . "\n\nx\n",
    'parameters-same'    => "$from${mime}Content-Type: text/plain" . "; name*0=x" x 100_000 . "\n\nx\n",
    'date-digits'        => "${from}Date: " . '9' x $mega . "\n\nx\n",
    'quoted-printable'   => "$from${text}Content-Transfer-Encoding: quoted-printable\n\n" . "=\n" x 1_000_000,
    'base64'             => "$from${text}Content-Transfer-Encoding: base64\n\n" . ('QUFB' x 19 . "\n") x 70_000,
    'base64-noise'       => "$from${text}Content-Transfer-Encoding: base64\n\n" . '!' x (4 * $mega),
    'uuencode'           => "$from$text\n" . "begin 644 a\n" x 100_000,
    'line-long'          => "$from$text\n" . 'word ' x $mega . "\n",
    'lines-empty'        => "$from$text\n" . "\n" x 2_000_000,
    'quotes-deep'        => "$from$text\n" . '>' x $mega . "\nx\n",
    'quotes-lines'       => "$from$text\n" . ">\n" x 500_000,
    'quotes-mixed'       => "$from$text\n" . "> a\nb\n" x 200_000,
    'quotes-attributed'  => "$from$text\n" . "On Mon, 6 Jan 2025 at 10:00, Anna <a\@b.example> wrote:\n" x 30_000,
    'quotes-originals'   => "$from$text\n" . "-----Original Message-----\n" x 60_000,
    'quotes-headers'     => "$from$text\n" . "From: a\nTo: b\n" x 100_000,
    'signatures'         => "$from$text\n" . "-- \nx\n" x 200_000,
    'mentions'           => "$from$text\n" . '@u1 ' x 300_000,
    'combining'          => "$from$text\n" . "e" . "\xCC\x81" x 500_000 . "\n",
    'bad-utf8'           => "$from$text\n" . "\xFF\xC3" x $mega . "\n",
    'unknown-charset'    => "$from${mime}Content-Type: text/plain; charset=x-none\n\n" . "\xE9" x $mega . "\n",
    'utf7'               => "$from${mime}Content-Type: text/plain; charset=utf-7\n\n" . '+AGE-' x 200_000 . "\n",
    'iso2022'            => "$from${mime}Content-Type: text/plain; charset=iso-2022-jp\n\n" . "\e\$B" x 300_000 . "\n",
    'tnef'               => "$from${mime}Content-Type: application/ms-tnef; name=winmail.dat\n\n"
        . "\x78\x9f\x3e\x22\x00\x00" . "\x01\x09\x00\x04\x00\x00\x00\x00\x00\x00\x00" x 100_000,
    'delivery-status'    => "$from${mime}Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
        . "Final-Recipient: rfc822; a\@b\n\n" x 50_000,
    'no-header-end'      => 'x' x (4 * $mega),
    'nothing'            => '',
);

sub write_file {
    my ($path, $content) = @_;
    open my $out, '>:raw', $path or die "$path: $!\n";
    print $out $content;
    close $out or die "$path: $!\n";
}

my ($dir) = @ARGV;
for my $name (keys %mail) {
    write_file("$dir/$name.eml", $mail{$name} =~ s/NAME/$name/gr);
}
for my $name (keys %html) {
    write_file("$dir/html-$name.html", $html{$name});
    my $head = $from =~ s/NAME/html-$name/gr;
    write_file("$dir/html-$name.eml", "$head${mime}Content-Type: text/html; charset=utf-8\n\n$html{$name}\n");
}
