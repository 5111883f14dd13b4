-- talk.lua - what the milter scripts share. They run as
--   miltertest -D socket=unix:/path -D folder=/path/of/these -s few.lua
-- against a daemon with internal_domains = { "example.test" }, max_recipients = 3, mode = enforce,
-- and persons that need not be known to it.
people = { "<anna@example.test>", "<bob@example.test>", "<carol@example.test>",
           "<dave@example.test>", "<erin@example.test>", "<frank@example.test>" }

function check (what, problem)
    if problem ~= nil then
        error (what .. ": " .. problem)
    end
end

function expect (conn, reply, what)
    local got = mt.getreply (conn)
    if got ~= reply then
        error (what .. ": answer is " .. string.char (got) .. ", not " .. string.char (reply))
    end
end

-- A connection with options agreed on. All arguments may be nil: everything is offered.
function open (version, actions, steps)
    local conn = mt.connect (socket, 40, 0.25)
    if conn == nil then
        error ("cannot connect to " .. socket)
    end
    check ("negotiate", mt.negotiate (conn, version, actions, steps))
    return conn
end

-- The envelope: from anna to the first `count` others and to `more`, then DATA.
function envelope (conn, queue_id, count, more)
    mt.macro (conn, SMFIC_MAIL, "i", queue_id, "{auth_authen}", "anna")
    check ("mail", mt.mailfrom (conn, people[1], "SIZE=1000"))
    for i = 2, count + 1 do
        check ("rcpt", mt.rcptto (conn, people[i]))
    end
    if more ~= nil then
        check ("rcpt", mt.rcptto (conn, more))
    end
    check ("data", mt.data (conn))
end

-- Headers and body of a message of a person, then its end.
function content (conn, id)
    check ("header", mt.header (conn, "From", "Anna <anna@example.test>"))
    check ("header", mt.header (conn, "To", "Bob <bob@example.test>,\n\tCarol <carol@example.test>"))
    check ("header", mt.header (conn, "Subject", "Plans for the week"))
    check ("header", mt.header (conn, "Message-ID", "<" .. id .. "@example.test>"))
    check ("header", mt.header (conn, "Date", "Mon, 01 Jan 2024 10:00:00 +0100"))
    if not mt.test_option (conn, SMFIP_NOEOH) then
        check ("end of headers", mt.eoh (conn))
    end
    check ("body", mt.bodystring (conn, "Dear colleagues,\r\n\r\n.hidden " .. id .. "\r\n"))
    check ("end", mt.eom (conn))
end
