// Places the order whose writes the bare database repeats.
const answer = await fetch(`${process.argv[2]}/api/v1/orders`, {
  method: "POST",
  headers: { "content-type": "application/json", "idempotency-key": "key-of-the-model-order" },
  body: JSON.stringify({
    lines: [{ sku: "HEART-BADGE-RED-EN", quantity: 1 }],
    customer: { name: "A member", email: "member@branch.example" },
    delivery: { by: "collection", region: "wales" },
    payment: { by: "transfer" },
  }),
});
if (answer.status !== 201) throw new Error(await answer.text());
