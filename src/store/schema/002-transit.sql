-- 002-transit.sql - which copies of mail in transit were taken, for some days: one whose answer was lost on
-- its way back to Postfix comes again, and is not delivered twice. digest: of its bytes and envelope.
CREATE TABLE transit_taken (
    digest BLOB NOT NULL PRIMARY KEY,
    time_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX transit_taken_time ON transit_taken (time_ms);
