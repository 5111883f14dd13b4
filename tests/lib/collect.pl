#!/usr/bin/perl
# collect.pl FOLDER NAME PATTERN [VARIABLE=VALUE...] - prints the tests of the build in FOLDER whose
# names match, in the language of CTestTestfile.cmake, as NAME/test and with more environment.
use strict;
use warnings;
use JSON::PP;

my ($folder, $name, $pattern, @more) = @ARGV;
open my $list, '-|', 'ctest', '--test-dir', $folder, '--show-only=json-v1' or die "ctest: $!\n";
my $tests = do { local $/; decode_json(scalar <$list>) }->{tests};

sub quoted { return "[==[$_[0]]==]" }

my $count = 0;
for my $test (@$tests) {
    next unless $test->{name} =~ /$pattern/ && $test->{command};
    my %property = map { $_->{name} => $_->{value} } @{ $test->{properties} };
    my $new = quoted("$name/$test->{name}");
    printf "add_test(%s %s)\n", $new, join ' ', map { quoted($_) } @{ $test->{command} };
    my @environment = (@{ $property{ENVIRONMENT} || [] }, @more);
    printf "set_tests_properties(%s PROPERTIES ENVIRONMENT %s TIMEOUT %d WORKING_DIRECTORY %s)\n", $new,
        quoted(join ';', @environment), 5 * ($property{TIMEOUT} || 120), quoted($property{WORKING_DIRECTORY});
    printf "set_tests_properties(%s PROPERTIES SKIP_RETURN_CODE %d)\n", $new, $property{SKIP_RETURN_CODE}
        if $property{SKIP_RETURN_CODE};
    $count++;
}
die "no test of $folder matches $pattern\n" unless $count;
