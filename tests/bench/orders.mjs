// Places orders concurrently for some seconds, and prints how many were acknowledged.
const [, , site, seconds, buyers] = process.argv;
const order = (email) =>
  JSON.stringify({
    lines: [{ sku: "HEART-BADGE-RED-EN", quantity: 1 }],
    customer: { name: "A member", email },
    delivery: { by: "collection", region: "wales" },
    payment: { by: "transfer" },
  });
const times = [];
const end = performance.now() + Number(seconds) * 1000;

async function buy(buyer) {
  for (let number = 0; performance.now() < end; number += 1) {
    // Each order comes from another client because of the rate limits.
    const client = `10.${buyer}.${number >> 8}.${number & 255}`;
    const started = performance.now();
    const answer = await fetch(`${site}/api/v1/orders`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "idempotency-key": `key-of-${site.length}-${Date.now()}-${buyer}-${number}`,
        "x-forwarded-for": client,
      },
      body: order(`member-${buyer}-${number}@branch.example`),
    });
    const placed = await answer.json();
    if (answer.status !== 201) throw new Error(JSON.stringify(placed));
    times.push(performance.now() - started);
  }
}

const started = performance.now();
await Promise.all(Array.from({ length: Number(buyers) }, (_, buyer) => buy(buyer)));
times.sort((one, other) => one - other);
const at = (share) => times[Math.floor((times.length - 1) * share)];
console.log(JSON.stringify({
  perSecond: times.length / ((performance.now() - started) / 1000),
  p50: at(0.5),
  p99: at(0.99),
}));
