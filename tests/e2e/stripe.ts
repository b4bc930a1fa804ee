// A fake payment provider on the loopback interface that implements the part of Stripe's API
// that the shop uses, with a payment page, and webhooks that tests trigger.
import { createHmac } from "node:crypto";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import { type AddressInfo } from "node:net";

export const STRIPE_KEY = "sk_test_e2e";
export const STRIPE_WEBHOOK_SECRET = "whsec_e2e";

/** The start of each page; without its own icon, the browser requests one and reports a 404. */
const HEAD = '<!doctype html><html lang="en"><link rel="icon" href="data:,">';

interface Session {
  id: string;
  object: "checkout.session";
  url: string;
  expires_at: number;
  status: "open" | "complete" | "expired";
  payment_status: "unpaid" | "paid";
  payment_intent: string | null;
  currency: string;
  amount_total: number;
  success_url: string;
  cancel_url: string;
  title: string;
}

export class Stripe {
  readonly sessions: Session[] = [];
  readonly refunds: { payment_intent: string; amount: number; mark: string }[] = [];
  /** Whether it is down. */
  isDown = false;
  /** Whether its page redirects back to the shop after payment; otherwise the customer stays
      there. */
  redirectsBack = true;
  private readonly answers = new Map<string, unknown>();
  private readonly server = createServer((request, response) => void this.answer(request, response));

  /** Starts on a free port; payment pages stay open until a day after `now`. */
  static async start(now: string): Promise<Stripe> {
    const stripe = new Stripe(now);
    await new Promise<void>((resolve) => stripe.server.listen(0, "127.0.0.1", resolve));
    return stripe;
  }

  private constructor(private readonly now: string) {}

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Sends the shop a webhook with the status of the last page, signed at a given time, and
      returns the response. */
  async sendWebhook(shop: string, at = this.now): Promise<number> {
    const session = this.sessions.at(-1);
    const type = `checkout.session.${session?.status === "expired" ? "expired" : "completed"}`;
    const body = JSON.stringify({ id: "evt_1", type, data: { object: session } });
    const seconds = Math.floor(Date.parse(at) / 1000);
    const signature = createHmac("sha256", STRIPE_WEBHOOK_SECRET).update(`${seconds}.${body}`).digest("hex");
    const headers = { "content-type": "application/json", "stripe-signature": `t=${seconds},v1=${signature}` };
    return (await fetch(`${shop}/webhooks/stripe`, { method: "POST", headers, body })).status;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.url);
    if (!url.pathname.startsWith("/v1/")) return this.page(url, request, response);
    let body = "";
    for await (const part of request) body += String(part);
    const form = new URLSearchParams(body);
    const key = String(request.headers["idempotency-key"] ?? "");
    const [, , object, kind, id, action] = url.pathname.split("/");
    const reply = (status: number, answer: unknown) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
    };
    if (this.isDown) return reply(503, {});
    if (request.headers.authorization !== `Bearer ${STRIPE_KEY}`) {
      return reply(401, { error: { message: "Invalid API Key" } });
    }
    if (this.answers.has(key)) return reply(200, this.answers.get(key));
    let answer: unknown;
    if (object === "refunds" && request.method === "GET") {
      const data = this.refunds.filter((made) => made.payment_intent === url.searchParams.get("payment_intent"));
      answer = { object: "list", data: data.map(({ mark }) => ({ status: "succeeded", metadata: { campaign_hub_refund: mark } })) };
    } else if (object === "refunds") {
      const mark = form.get("metadata[campaign_hub_refund]") ?? "";
      this.refunds.push({ payment_intent: form.get("payment_intent") ?? "", amount: Number(form.get("amount")), mark });
      answer = { object: "refund", status: "succeeded" };
    } else if (kind === "sessions" && id) {
      const session = this.sessions.find((session) => session.id === id);
      if (session && action === "expire") session.status = "expired";
      answer = session;
    } else {
      answer = this.open(form);
    }
    if (request.method === "POST" && key) this.answers.set(key, answer);
    reply(200, answer);
  }

  private open(form: URLSearchParams): Session {
    const id = `cs_test_${this.sessions.length}`;
    const session: Session = {
      id,
      object: "checkout.session",
      url: `${this.url}/c/${id}`,
      expires_at: Date.parse(this.now) / 1000 + 86_400,
      status: "open",
      payment_status: "unpaid",
      payment_intent: null,
      currency: form.get("line_items[0][price_data][currency]") ?? "",
      amount_total: Number(form.get("line_items[0][price_data][unit_amount]")),
      success_url: form.get("success_url") ?? "",
      cancel_url: form.get("cancel_url") ?? "",
      title: form.get("line_items[0][price_data][product_data][name]") ?? "",
    };
    this.sessions.push(session);
    return session;
  }

  /** The payment page. */
  private page(url: URL, request: IncomingMessage, response: ServerResponse): void {
    const session = this.sessions.find((session) => url.pathname === `/c/${session.id}`);
    if (!session) return void response.writeHead(404).end();
    if (request.method === "POST") {
      session.payment_status = "paid";
      session.status = "complete";
      session.payment_intent = `pi_${session.id}`;
      if (this.redirectsBack) return void response.writeHead(303, { location: session.success_url }).end();
      return void response.writeHead(200, { "content-type": "text/html" }).end(`${HEAD}<title>Paid</title>Paid`);
    }
    response.writeHead(200, { "content-type": "text/html" }).end(
      `${HEAD}<title>Pay</title><h1>${session.title}</h1>` +
        `<p>£${(session.amount_total / 100).toFixed(2)}</p><form method="post"><button>Pay</button></form>` +
        `<a href="${session.cancel_url}">Back</a></html>`,
    );
  }
}
