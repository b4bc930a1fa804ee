-- Asks for another query each time, so that no answer comes from a cache.
local number = 0
local thread = tostring(math.random(1, 1000000))

function init()
  math.randomseed(os.time())
end

function request()
  number = number + 1
  return wrk.format("GET", wrk.path .. "+" .. thread .. "x" .. number)
end
