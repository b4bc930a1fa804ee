-- Places orders with wrk, and prints how many were acknowledged. Each comes from another client
-- and has another email address, because of the rate limits.
local number = 0

function request()
  number = number + 1
  local headers = {
    ["content-type"] = "application/json",
    ["idempotency-key"] = string.format("key-of-order-%d-%d", os.time(), number),
    ["x-forwarded-for"] = string.format("10.%d.%d.%d", number / 65536 % 256, number / 256 % 256, number % 256),
  }
  local body = string.format([[{
    "lines": [{ "sku": "HEART-BADGE-RED-EN", "quantity": 1 }],
    "customer": { "name": "A member", "email": "member-%d@branch.example" },
    "delivery": { "by": "collection", "region": "wales" },
    "payment": { "by": "transfer" }
  }]], number)
  return wrk.format("POST", "/api/v1/orders", headers, body)
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"perSecond": %f, "p50": %f, "p99": %f, "refused": %d}',
    summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000,
    latency:percentile(99) / 1000,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout
  ))
end
