-- 005-names.sql - whose word the name of a person is: 0 somebody's To or Cc, 1 their own From, 2 what they or an
-- administrator set. A better word replaces a lesser one: nobody is called what one other wrote in jest.
ALTER TABLE person ADD COLUMN name_rank INTEGER NOT NULL DEFAULT 0;
