/* sample_mails.h - a working week in a bank, and some mails that want to break a page. */
#ifndef SAMPLE_MAILS_H
#define SAMPLE_MAILS_H

typedef struct {
    const char *name, *sender, *to, *cc, *subject, *references, *headers, *body;
} SampleMail;

#define HTML "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n"
#define PLAIN "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
#define MIXED "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
#define RELATED "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n"
#define CHART                                                                                      \
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAYAAACp8Z5+AAAAIElEQVR42mNkYPj/n4GBgYGRkZGRAQsA"             \
    "IcYGBiYGJBUAJ2cEB1nOmBcAAAAASUVORK5CYII="
#define WORD "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft"
#define ALL                                                                                        \
    "\"Carl Claassen\" <carl@example.test>, \"Dora Dijkstra\" <dora@example.test>, "               \
    "\"Emil Evers\" <emil@example.test>, \"Finn Faber\" <finn@example.test>"

static const SampleMail sample_mails[] = {
    {"rates", "Gina Groot <gina@example.test>", "\"Anna de Vries\" <anna@example.test>", ALL,
     "[mortgages] New interest rates from Monday", NULL, PLAIN,
     "Hello Anna,\r\n\r\nthe new rates are in force from Monday, 24 November:\r\n\r\n"
     "  10 years fixed   3.85 %\r\n  20 years fixed   4.10 %\r\n  30 years fixed   4.25 %\r\n\r\n"
     "Offers that are out keep their rate for three weeks. Please tell clients who have an "
     "appointment this week beforehand; the calculator has been updated: "
     "https://intranet.example.test/calculator?product=mortgage\r\n\r\nRegards,\r\nGina\r\n"},
    {"rates-2", "Anna de Vries <anna@example.test>", "\"Gina Groot\" <gina@example.test>", ALL,
     "Re: [mortgages] New interest rates from Monday", "rates", PLAIN,
     "Thanks. Does this hold for applications that came in on Friday evening, too?\r\n\r\n"
     "On Fri, 21 Nov 2025 at 09:59, Gina Groot wrote:\r\n> Hello Anna,\r\n>\r\n"
     "> the new rates are in force from Monday, 24 November:\r\n"},
    {"rates-3", "Gina Groot <gina@example.test>", "\"Anna de Vries\" <anna@example.test>", ALL,
     "Re: [mortgages] New interest rates from Monday", "rates-2", PLAIN,
     "What was complete by 23:59 has the old rate. I have added that to the instruction.\r\n"},
    {"minutes", "Dora Dijkstra <dora@example.test>", "\"Anna de Vries\" <anna@example.test>",
     "\"Bob Bakker\" <bob@example.test>, " ALL, "Minutes of Thursday's branch meeting", NULL, MIXED,
     "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<h2>Decisions</h2><ol><li>The counter "
     "opens at <b>9:30</b> from January.</li><li>Two trainees start in February; "
     "<span style=\"color:#00f\">Bob</span> looks after them.</li></ol><h2>Figures</h2><table>"
     "<tr><th>Team</th><th>New clients</th><th>Target</th></tr><tr><td>Business</td><td>41</td>"
     "<td>40</td></tr><tr><td>Private</td><td>118</td><td>120</td></tr></table><p>The whole text "
     "is <a href=\"https://intranet.example.test/minutes\">on the intranet</a>.</p>\r\n"
     "--b\r\nContent-Type: application/pdf; name=\"x\"\r\nContent-Disposition: attachment; "
     "filename=\"Minutes 2025-11-20 with a rather long name for a file of this kind.pdf\"\r\n"
     "Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQK\r\n"
     "--b\r\nContent-Type: application/vnd.ms-excel; name=\"figures.xlsx\"\r\n"
     "Content-Disposition: attachment; filename=\"figures.xlsx\"\r\n\r\nx\r\n--b--"},
    {"chart", "Bob Bakker <bob@example.test>", "\"Anna de Vries\" <anna@example.test>", ALL,
     "Client satisfaction in the third quarter", NULL, RELATED,
     "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<div><p>Good news: up by four "
     "points.</p><p><img src=\"cid:chart@x\" alt=\"Chart of the last four quarters\" width=\"900\" "
     "height=\"300\"></p><p>Details on Tuesday.</p></div>\r\n"
     "--b\r\nContent-Type: image/png; name=\"chart.png\"\r\nContent-ID: <chart@x>\r\n"
     "Content-Disposition: inline; filename=\"chart.png\"\r\nContent-Transfer-Encoding: base64\r\n"
     "\r\n" CHART "\r\n--b--"},
    {"private", "Gina Groot <gina@example.test>", "\"Anna de Vries\" <anna@example.test>", ALL,
     "[private] Bonus round", NULL, PLAIN,
     "For the six of us only: the round is closed on Friday.\r\n"},
    {"hostile", "Mallory <mallory@example.test>", "\"Anna de Vries\" <anna@example.test>", ALL,
     "<script>hit('subject')</script><img src=x onerror=hit('subject')>", NULL, HTML,
     "<style>body{display:none} .bar{background:url(https://tracker.test/s.gif)}</style>"
     "<script>hit('script')</script><img src=\"https://tracker.test/pixel.gif\" onerror=\"hit(1)\">"
     "<img src=x onerror=hit(2)><svg onload=hit(3)><a href=\"javascript:hit(4)\" onclick=hit(5)>"
     "click</a><iframe src=\"https://tracker.test/\"></iframe><form "
     "action=\"https://tracker.test/\">"
     "<input name=q autofocus onfocus=hit(6)></form><base href=\"https://tracker.test/\">"
     "<meta http-equiv=refresh content=\"0;url=https://tracker.test/\"><link rel=stylesheet "
     "href=\"https://tracker.test/a.css\"><div style=\"position:fixed;top:0;left:0;width:5000px;"
     "height:100%;background:url(https://tracker.test/b.gif)\">over everything</div>"
     "</div></main></body><h1>out of its place</h1><video src=\"https://tracker.test/v.mp4\" "
     "autoplay onloadstart=hit(7)></video><details open "
     "ontoggle=hit(8)><summary>s</summary></details>"},
    {"wide", "Finn Faber <finn@example.test>", "\"Anna de Vries\" <anna@example.test>",
     ALL ", \"" WORD "\" <" WORD "@example.test>", WORD WORD, NULL, HTML,
     "<p>" WORD WORD "</p><pre>" WORD WORD WORD
     "</pre><table width=\"2000\"><tr><td width=\"2000\">"
     "wide</td><td>" WORD "</td><td>" WORD "</td><td>" WORD "</td></tr></table>"
     "<blockquote><blockquote><blockquote><p>" WORD "</p></blockquote></blockquote></blockquote>"
     "<div style=\"width:3000px;min-width:3000px\">a box</div><p style=\"white-space:nowrap\">" WORD
     " " WORD " " WORD "</p>"},
    {"outlook", "Emil Evers <emil@example.test>", "\"Anna de Vries\" <anna@example.test>", ALL,
     "Colours of a mail program", NULL, HTML,
     "<div class=WordSection1><p class=MsoNormal><span style=\"color:black\">Black on purpose, "
     "as Outlook writes it.</span></p><p style=\"color:#1F497D\"><font color=\"#333333\">And dark "
     "blue.</font></p><table><tr><td bgcolor=\"#ffff99\"><font color=\"#000000\">a yellow "
     "cell</font></td></tr></table></div>"},
    {"empty", "ida@example.test", "anna@example.test", ALL, "", NULL, PLAIN, ""},
};

#endif
