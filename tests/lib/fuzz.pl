#!/usr/bin/perl
# fuzz.pl FOLDER SOURCE SECONDS [VARIABLE=VALUE...] - prints one test for each libFuzzer program in
# FOLDER/tests/fuzz: it searches for SECONDS, starting from the seeds. What it finds new stays in
# FOLDER, beside the input that made it fail.
use strict;
use warnings;

my ($folder, $source, $seconds, @environment) = @ARGV;
my @programs = grep { -x && -f } glob "$folder/tests/fuzz/fuzz_*";
die "no fuzz targets in $folder\n" unless @programs;
for my $program (@programs) {
    my ($parser) = $program =~ /fuzz_(\w+)$/;
    my $found = "$folder/fuzz/$parser";
    system('mkdir', '-p', $found) == 0 or die "$found\n";
    my $seeds = "$source/tests/fuzz/corpus/$parser";
    printf "add_test([==[fuzz-search/%s]==] \"%s\" -max_total_time=%d -timeout=20 -rss_limit_mb=2048 "
        . "-print_final_stats=1 -verbosity=0 \"-artifact_prefix=%s/\" \"%s\" \"%s\")\n",
        $parser, $program, $seconds, $found, $found, $seeds;
    printf "set_tests_properties([==[fuzz-search/%s]==] PROPERTIES TIMEOUT %d ENVIRONMENT [==[%s]==])\n",
        $parser, 120 + 3 * $seconds, join ';', @environment;
}
