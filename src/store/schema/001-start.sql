-- 001-start.sql - the archive. Times are UTC in milliseconds since 1970. Ids of posts and notices are
-- never used again: the full-text index and Message-IDs of notices hang on them.

CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- Everybody who wrote or was written to, under the canonical address in normal form.
CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    address TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT '',
    time_zone TEXT NOT NULL DEFAULT '',
    is_suppressed INTEGER NOT NULL DEFAULT 0,
    receipts INTEGER NOT NULL DEFAULT 0
);

-- Further addresses of a person.
CREATE TABLE person_address (
    address TEXT NOT NULL PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES person (id)
) WITHOUT ROWID;
CREATE INDEX person_address_person ON person_address (person);

CREATE TABLE group_member (
    group_address TEXT NOT NULL,
    member TEXT NOT NULL,
    PRIMARY KEY (group_address, member)
) WITHOUT ROWID;

-- Addresses as written, each spelling once: what pages show, and RCPT texts (with an empty name).
CREATE TABLE mailbox (
    id INTEGER PRIMARY KEY,
    address TEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (address, name)
);

-- thread: id of its first post. parent: the post that is answered, NULL for a first post.
-- id_key: 64 bits of a digest of message_id (of identity where there is none).
-- parent_rank: how near the parent stands in References; 0 none, or a stand-in: another answer to what
-- is not here. is_top: begins a thread, or is an answer that may have readers who cannot see the first post.
-- variant_of: not a post, but the same message with other trace headers (see variants.c): a thread of its own,
-- without Message-ID, seen by nobody; only its bytes count.
CREATE TABLE post (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    thread INTEGER NOT NULL REFERENCES post (id),
    parent INTEGER REFERENCES post (id),
    author INTEGER NOT NULL REFERENCES person (id),
    visibility INTEGER NOT NULL,
    is_top INTEGER NOT NULL,
    sent_ms INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    last_ms INTEGER NOT NULL,
    comments INTEGER NOT NULL,
    attachments INTEGER NOT NULL,
    deliveries_avoided INTEGER NOT NULL,
    bytes_avoided INTEGER NOT NULL,
    id_key INTEGER NOT NULL,
    parent_rank INTEGER NOT NULL,
    identity BLOB NOT NULL,
    message_id TEXT,
    queue_id TEXT,
    envelope_sender INTEGER NOT NULL REFERENCES mailbox (id),
    subject TEXT NOT NULL,
    preview TEXT NOT NULL,
    variant_of INTEGER REFERENCES post (id)
);
CREATE INDEX post_variant ON post (variant_of) WHERE variant_of IS NOT NULL;
CREATE INDEX post_id_key ON post (id_key);
CREATE INDEX post_thread ON post (thread, sent_ms);
CREATE INDEX post_author ON post (author);
CREATE INDEX post_parent ON post (parent) WHERE parent IS NOT NULL;
CREATE INDEX post_queue_id ON post (queue_id) WHERE queue_id IS NOT NULL;
CREATE INDEX post_top ON post (is_top) WHERE is_top = 1;

-- Message-IDs (as id_key) that a post refers to and that are not here, or were not when it came.
-- A higher rank is nearer.
CREATE TABLE awaited (
    id_key INTEGER NOT NULL,
    post INTEGER NOT NULL REFERENCES post (id),
    rank INTEGER NOT NULL,
    PRIMARY KEY (id_key, post)
) WITHOUT ROWID;

-- The envelope's colleagues, Bcc included. reason: why they must read, NULL for the others.
CREATE TABLE reader (
    post INTEGER NOT NULL REFERENCES post (id),
    person INTEGER NOT NULL REFERENCES person (id),
    role INTEGER NOT NULL,
    via INTEGER REFERENCES mailbox (id),
    reason TEXT,
    PRIMARY KEY (post, person)
) WITHOUT ROWID;
CREATE INDEX reader_person ON reader (person, post);

-- To and Cc as written.
CREATE TABLE shown (
    post INTEGER NOT NULL REFERENCES post (id),
    number INTEGER NOT NULL,
    role INTEGER NOT NULL,
    mailbox INTEGER NOT NULL REFERENCES mailbox (id),
    PRIMARY KEY (post, number)
) WITHOUT ROWID;

CREATE TABLE part (
    post INTEGER NOT NULL REFERENCES post (id),
    number INTEGER NOT NULL,
    name TEXT,
    type TEXT NOT NULL,
    content_id TEXT,
    is_inline INTEGER NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (post, number)
) WITHOUT ROWID;

CREATE TABLE topic (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);
CREATE TABLE post_topic (
    post INTEGER NOT NULL REFERENCES post (id),
    topic INTEGER NOT NULL REFERENCES topic (id),
    PRIMARY KEY (post, topic)
) WITHOUT ROWID;
CREATE INDEX post_topic_topic ON post_topic (topic, post);

-- What a person wants to hear of a thread. level: 0 every comment, 1 digest, 2 nothing.
CREATE TABLE follow (
    person INTEGER NOT NULL REFERENCES person (id),
    thread INTEGER NOT NULL REFERENCES post (id),
    level INTEGER NOT NULL,
    PRIMARY KEY (person, thread)
) WITHOUT ROWID;
CREATE INDEX follow_thread ON follow (thread);

-- Who agreed with a post by answering +1.
CREATE TABLE plus (
    post INTEGER NOT NULL REFERENCES post (id),
    person INTEGER NOT NULL REFERENCES person (id),
    PRIMARY KEY (post, person)
) WITHOUT ROWID;

-- What a person told us by mail. digest: daily, weekly, off.
CREATE TABLE setting (
    person INTEGER NOT NULL REFERENCES person (id),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (person, name)
) WITHOUT ROWID;

CREATE TABLE alert (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person INTEGER NOT NULL REFERENCES person (id),
    query TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    UNIQUE (person, query)
);

-- Which kind of answer of ours an address had on which day (days since 1970, UTC): one a day.
CREATE TABLE told (
    address TEXT NOT NULL,
    kind TEXT NOT NULL,
    day INTEGER NOT NULL,
    PRIMARY KEY (address, kind, day)
) WITHOUT ROWID;
CREATE INDEX told_day ON told (day);

-- Mail to own addresses that was not accepted, for the administrator.
CREATE TABLE refused (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    time_ms INTEGER NOT NULL,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    reason TEXT NOT NULL,
    raw BLOB NOT NULL
);
CREATE INDEX refused_time ON refused (time_ms);

-- RCPT texts whose copy was replaced by the post: who gets the original when it is released.
CREATE TABLE kept (
    post INTEGER NOT NULL REFERENCES post (id),
    mailbox INTEGER NOT NULL REFERENCES mailbox (id),
    PRIMARY KEY (post, mailbox)
) WITHOUT ROWID;

-- Where the bytes of a message are: its skeleton (the message without its large parts) stands in a
-- pack from `start` on, `length` long. pack: id of the first post in it. size and digest: of the whole
-- message as it came.
CREATE TABLE raw (
    post INTEGER PRIMARY KEY REFERENCES post (id),
    pack INTEGER NOT NULL,
    start INTEGER NOT NULL,
    length INTEGER NOT NULL,
    size INTEGER NOT NULL,
    digest INTEGER NOT NULL
);

-- A pack is one zstd frame that is never ended, and its segments are what each transaction added.
-- id: the first post whose bytes are in the segment.
CREATE TABLE segment (
    id INTEGER PRIMARY KEY,
    pack INTEGER NOT NULL,
    bytes BLOB NOT NULL
);

-- Large parts, each content once.
CREATE TABLE blob (
    id INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    bytes BLOB NOT NULL
);

-- Where in the message an encoded part of `size` bytes was cut out. Its content, `length` bytes, is a
-- blob, or stands in the skeleton at its place (blob NULL). line_length 0: the content as it is, else
-- base64 in lines of that length. line_end: see blobs.c.
CREATE TABLE cut (
    post INTEGER NOT NULL REFERENCES post (id),
    position INTEGER NOT NULL,
    blob INTEGER REFERENCES blob (id),
    line_length INTEGER NOT NULL,
    line_end INTEGER NOT NULL,
    size INTEGER NOT NULL,
    length INTEGER NOT NULL,
    PRIMARY KEY (post, position)
) WITHOUT ROWID;
CREATE INDEX cut_blob ON cut (blob) WHERE blob IS NOT NULL;

CREATE VIRTUAL TABLE post_words USING fts5 (
    text, subject, names,
    content = '', columnsize = 0, detail = full,
    tokenize = 'unicode61 remove_diacritics 2'
);

-- Posts whose words are not in the index yet.
CREATE TABLE unindexed (
    post INTEGER PRIMARY KEY REFERENCES post (id)
);

-- Mail that only goes through us (content_filter), as it came; forgotten with its last notice.
CREATE TABLE transit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sender TEXT NOT NULL,
    raw BLOB NOT NULL
);

-- Mail to be sent. state: 0 waiting, 1 being sent until due_ms, 2 sent, 3 given up.
CREATE TABLE notice (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind INTEGER NOT NULL,
    state INTEGER NOT NULL,
    post INTEGER REFERENCES post (id),
    person INTEGER REFERENCES person (id),
    address TEXT NOT NULL,
    reason TEXT,
    text TEXT,
    tries INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    due_ms INTEGER NOT NULL,
    sent_ms INTEGER NOT NULL,
    last_error TEXT,
    transit INTEGER REFERENCES transit (id)
);
CREATE UNIQUE INDEX notice_once ON notice (post, kind, address) WHERE post IS NOT NULL;
CREATE INDEX notice_transit ON notice (transit) WHERE transit IS NOT NULL;
CREATE INDEX notice_due ON notice (due_ms) WHERE state < 2;
CREATE INDEX notice_open ON notice (id) WHERE state <> 2;
CREATE INDEX notice_person ON notice (person);

CREATE TABLE verdict (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    time_ms INTEGER NOT NULL,
    queue_id TEXT,
    message_id TEXT,
    sender TEXT NOT NULL,
    verdict TEXT NOT NULL,
    reason TEXT NOT NULL,
    rule TEXT,
    persons INTEGER NOT NULL,
    deliveries_avoided INTEGER NOT NULL,
    notices INTEGER NOT NULL,
    bytes_avoided INTEGER NOT NULL,
    post INTEGER
);
CREATE INDEX verdict_queue_id ON verdict (queue_id) WHERE queue_id IS NOT NULL;
CREATE INDEX verdict_message_id ON verdict (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX verdict_time ON verdict (time_ms);

-- Whom a verdict is about, in normal form: sender, author, recipients, members of groups.
CREATE TABLE verdict_person (
    address TEXT NOT NULL,
    entry INTEGER NOT NULL REFERENCES verdict (id),
    PRIMARY KEY (address, entry)
) WITHOUT ROWID;
CREATE INDEX verdict_person_entry ON verdict_person (entry);

-- Effects, kept apart so that they outlive the verdict log.
CREATE TABLE week (
    start_ms INTEGER PRIMARY KEY,
    messages INTEGER NOT NULL,
    posts INTEGER NOT NULL,
    observed INTEGER NOT NULL,
    deliveries_avoided INTEGER NOT NULL,
    bytes_avoided INTEGER NOT NULL,
    notices INTEGER NOT NULL
);

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    time_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    subject TEXT NOT NULL
);
