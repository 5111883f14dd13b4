-- old.lua - an MTA that knows only the older steps waits for an answer to MAIL, RCPT and the body.
-- (miltertest 1.5 mixes up actions and steps, so both are the same number here.)
dofile (folder .. "/talk.lua")
conn = open (6, 0x1ff, 0x1ff)
check ("mail", mt.mailfrom (conn, people[1]))
expect (conn, SMFIR_CONTINUE, "mail")
for i = 2, 6 do
    check ("rcpt", mt.rcptto (conn, people[i]))
    expect (conn, SMFIR_CONTINUE, "rcpt")
end
check ("data", mt.data (conn))
expect (conn, SMFIR_CONTINUE, "data")
content (conn, "old-1")
expect (conn, SMFIR_DISCARD, "end of message")
mt.disconnect (conn)
