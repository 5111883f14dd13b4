-- taken.lua - mail to five colleagues is archived and delivered to nobody; again and again.
dofile (folder .. "/talk.lua")
conn = open ()
for i = 1, 3 do
    envelope (conn, "TAKEN" .. i, 5)
    expect (conn, SMFIR_CONTINUE, "data")
    content (conn, "taken-" .. i)
    expect (conn, SMFIR_DISCARD, "end of message " .. i)
    mt.abort (conn)
end
mt.disconnect (conn)
