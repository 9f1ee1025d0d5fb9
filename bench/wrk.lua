-- Requests are built once, in setup: what wrk itself costs must not depend on the length of a token.
-- BENCH_TOKENS names a file with one token per line; the connections take turns over them.
local requests = {}
local turn = 0

function init(_)
  for token in io.lines(os.getenv("BENCH_TOKENS")) do
    local headers = {
      ["Host"] = os.getenv("BENCH_HOST"),
      ["Origin"] = os.getenv("BENCH_ORIGIN"),
      ["Accept"] = "application/json",
      ["Authorization"] = "Bearer " .. token,
    }
    requests[#requests + 1] = wrk.format("GET", os.getenv("BENCH_PATH"), headers)
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

-- The only line that the harness reads. Durations are in microseconds.
function done(summary, latency, _)
  local failed = summary.errors
  io.write(string.format(
    '{"requests":%d,"durationMicros":%d,"p50Micros":%d,"p99Micros":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    failed.status, failed.connect + failed.read + failed.write + failed.timeout))
end
