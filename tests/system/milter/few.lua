-- few.lua - mail to few people is accepted at DATA, message after message.
dofile (folder .. "/talk.lua")
conn = open ()
for i = 1, 5 do
    envelope (conn, "FEW" .. i, 2)
    expect (conn, SMFIR_ACCEPT, "two people, message " .. i)
    mt.abort (conn)
end
envelope (conn, "FEW6", 2, "<somebody@outside.test>")
expect (conn, SMFIR_ACCEPT, "two people and an outsider")
mt.disconnect (conn)
