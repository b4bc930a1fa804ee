// Emails with a faulty mail server that is busy, drops connections, stalls or loses its
// response.
import { type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";
import { expect, test } from "@playwright/test";
import { NOW, Server } from "./server.ts";

type Mood = "busy" | "drops" | "stalls" | "says nothing" | "takes";

/** Each mood lasts for one email; the last one stays. */
const MOODS: Mood[] = ["busy", "drops", "stalls", "says nothing", "takes"];

test("an email is delivered despite mail server errors, and twice only if the response was lost", async ({ request }) => {
  const taken: string[] = [];
  let tried = 0;
  const mood = () => MOODS[Math.min(tried, MOODS.length - 1)];
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    onMailFrom(_address, _session, done) {
      const busy = mood() === "busy";
      if (busy) tried += 1;
      done(busy ? Object.assign(new Error("try again later"), { responseCode: 451 }) : null);
    },
    onData(stream, _session, done) {
      const now = mood();
      tried += 1;
      void text(stream).then((mail) => {
        if (now === "takes" || now === "says nothing") taken.push(mail);
        if (now === "takes") done();
        // The connection is closed before the response is sent.
        if (now === "drops" || now === "says nothing") smtp.connections.forEach((connection) => connection.close());
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
    for (const [index] of MOODS.entries()) {
      await expect.poll(() => tried, { timeout: 10_000 }).toBe(index + 1);
      if (index + 1 === MOODS.length) break;
      // The retry delay is over; an email that is stalled is one that has failed.
      await server.killAndRestart(`2026-11-22T${12 + 2 * index}:00:00Z`);
    }
    await expect.poll(() => taken.length).toBe(2);
    const id = /^Message-ID: (\S+)/m;
    expect(id.exec(taken[0] ?? "")?.[1]).toBe(id.exec(taken[1] ?? "")?.[1]);
    expect(taken[1]).toContain("To: member@branch.example");
    // An accepted email is not sent again: the next email belongs to another order.
    await server.killAndRestart("2026-11-23T12:00:00Z");
    await place("key-of-another-order");
    await expect.poll(() => taken.length).toBe(3);
    expect(tried).toBe(MOODS.length + 1);
    expect(id.exec(taken[2] ?? "")?.[1]).not.toBe(id.exec(taken[0] ?? "")?.[1]);
  } finally {
    await server.stop();
    smtp.close();
  }
});
