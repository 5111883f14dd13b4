-- 003-verdict-post.sql - the verdicts about a post are found by its readers; verdict_person holds the
-- others only: a taken mail to ten changed ten pages for it.

CREATE INDEX verdict_post ON verdict (post) WHERE post IS NOT NULL;
