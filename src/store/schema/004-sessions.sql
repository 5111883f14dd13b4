-- 004-sessions.sql - sessions of browsers that were logged out before their cookie expires.
CREATE TABLE session_ended (
    session INTEGER PRIMARY KEY,
    expires_ms INTEGER NOT NULL
);
CREATE INDEX session_ended_expires ON session_ended (expires_ms);
