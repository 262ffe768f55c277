-- wrk's script: each request is the next turn of the next session. SESSIONS names a file with a session id a line, of
-- which each thread takes its share; REPLIES one with a message a line.

local function lines(path)
  local found = {}
  for line in io.lines(path) do found[#found + 1] = line end
  return found
end

local threads = {}

function setup(thread)
  thread:set("number", #threads)
  threads[#threads + 1] = thread
end

function init()
  replies = lines(os.getenv("REPLIES"))
  sessions, turn = {}, 0
  for at, id in ipairs(lines(os.getenv("SESSIONS"))) do
    if at % tonumber(os.getenv("THREADS")) == number then sessions[#sessions + 1] = id end
  end
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
end

function request()
  local id = sessions[turn % #sessions + 1]
  local reply = replies[math.floor(turn / #sessions) % #replies + 1]
  turn = turn + 1
  local body = string.format('{"message": "%s", "client_message_id": "bench-%d-%d"}', reply, number, turn)
  return wrk.format(nil, "/api/v1/sessions/" .. id .. "/message", nil, body)
end
