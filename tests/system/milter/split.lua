-- split.lua - an outsider keeps their copy, the colleagues' are deleted by their original text.
dofile (folder .. "/talk.lua")
conn = open ()
envelope (conn, "SPLIT1", 5, "<Somebody@Outside.test>")
expect (conn, SMFIR_CONTINUE, "data")
content (conn, "split-1")
expect (conn, SMFIR_ACCEPT, "end of message")
for i = 2, 6 do
    if not mt.eom_check (conn, MT_RCPTDELETE, people[i]) then
        error (people[i] .. " was not deleted")
    end
end
if mt.eom_check (conn, MT_RCPTDELETE, "<Somebody@Outside.test>") then
    error ("the outsider was deleted")
end
mt.disconnect (conn)
