-- 003-faster.sql - indexes for what is asked with every message.

-- The verdicts about a post are found by its readers; verdict_person holds the others only: a taken mail to
-- ten changed ten pages for it.

CREATE INDEX verdict_post ON verdict (post) WHERE post IS NOT NULL;

-- An author's last posts are asked for with every message: from the index alone.
DROP INDEX post_author;
CREATE INDEX post_author ON post (author) WHERE variant_of IS NULL;
