// Emails with a faulty mail server that is busy, drops connections, stalls or loses its
// response.
import { type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";
import { expect, test } from "@playwright/test";
import { NOW, Server } from "./server.ts";

type Behaviour = "busy" | "drops" | "stalls" | "loses the response" | "accepts";

/** Each behaviour lasts for one email; the last one stays. */
const BEHAVIOURS: Behaviour[] = ["busy", "drops", "stalls", "loses the response", "accepts"];

test("an email is delivered despite mail server errors, and twice only if the response was lost", async ({ request }) => {
  const accepted: string[] = [];
  let tried = 0;
  const behaviour = () => BEHAVIOURS[Math.min(tried, BEHAVIOURS.length - 1)];
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    onMailFrom(_address, _session, done) {
      const busy = behaviour() === "busy";
      if (busy) tried += 1;
      done(busy ? Object.assign(new Error("try again later"), { responseCode: 451 }) : null);
    },
    onData(stream, _session, done) {
      const now = behaviour();
      void text(stream).then((mail) => {
        // The server may be killed as soon as this is counted.
        tried += 1;
        if (now === "accepts" || now === "loses the response") accepted.push(mail);
        if (now === "accepts") done();
        // The connection is closed before the response is sent.
        if (now === "drops" || now === "loses the response") smtp.connections.forEach((connection) => connection.close());
      });
    },
  });
  smtp.on("error", () => undefined);
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
  const { port } = smtp.server.address() as AddressInfo;
  const server = await Server.start(NOW, { smtp: `smtp://127.0.0.1:${port}` });
  const place = async (key: string) => {
    const placed = await request.post(`${server.url}/api/v1/orders`, {
      headers: { "Idempotency-Key": key },
      data: {
        locale: "cy",
        lines: [{ sku: "HEART-MUG-RED-EN", quantity: 1 }],
        customer: { name: "Tŷ Member", email: "member@branch.example" },
        delivery: { by: "collection", region: "wales" },
        payment: { by: "transfer" },
      },
    });
    expect(placed.status()).toBe(201);
  };
  try {
    await place("key-of-a-mailed-order");
    for (const [index] of BEHAVIOURS.entries()) {
      await expect.poll(() => tried, { timeout: 10_000 }).toBe(index + 1);
      if (index + 1 === BEHAVIOURS.length) break;
      // The retry delay is over; an email that is stalled is one that has failed.
      await server.killAndRestart(`2026-11-22T${12 + 2 * index}:00:00Z`);
    }
    await expect.poll(() => accepted.length).toBe(2);
    const id = /^Message-ID: (\S+)/m;
    expect(id.exec(accepted[0] ?? "")?.[1]).toBe(id.exec(accepted[1] ?? "")?.[1]);
    expect(accepted[1]).toContain("To: member@branch.example");
    // An email that is recorded as sent is not sent again: the next email belongs to another order.
    const states = async () => {
      const known = JSON.parse(await server.slowCommand("orders", "person", "member@branch.example")) as { mails: { state: string }[] };
      return known.mails.map(({ state }) => state);
    };
    await expect.poll(states).toEqual(["sent"]);
    await server.killAndRestart("2026-11-23T12:00:00Z");
    await place("key-of-another-order");
    await expect.poll(() => accepted.length).toBe(3);
    expect(tried).toBe(BEHAVIOURS.length + 1);
    expect(id.exec(accepted[2] ?? "")?.[1]).not.toBe(id.exec(accepted[0] ?? "")?.[1]);
  } finally {
    await server.stop();
    smtp.close();
  }
});
