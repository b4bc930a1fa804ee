// Helpers for the shop: a server for each test, and a completed form.
import { randomUUID } from "node:crypto";
import { type Page } from "@playwright/test";
import { type Locale, address, appReady, expect, test as base } from "./hub_test.ts";
import { NOW, Server } from "./server.ts";
import { Stripe } from "./stripe.ts";

/** Each test has its own server, because orders stay in its database. */
export const test = base.extend<{ server: Server }>({
  server: async ({ page }, use) => {
    const server = await Server.start(NOW);
    await use(server);
    // Pending requests of the page would fail.
    await page.close();
    await server.stop();
  },
});

export const order = (page: Page) => page.locator(".checkout__finish").getByRole("button");
/** The placed orders, a line each. */
export const placed = (server: Server) => server.command("orders", "list").trim().split("\n").filter(Boolean);
export const summary = (page: Page) => page.locator("#error-summary");

export async function fillBasket(page: Page, server: Server, lines: Record<string, number>, locale: Locale = "en") {
  await page.goto(server.url + address("/checkout", locale));
  await page.evaluate((lines) => {
    for (const [sku, quantity] of Object.entries(lines)) localStorage.setItem(`basket-1-${sku}`, `${quantity} 1`);
  }, lines);
  await page.reload();
  await appReady(page);
  await expect(page.locator(".checkout__items")).toBeVisible();
}

export async function fillMember(page: Page) {
  await page.locator("#name").fill("A Member");
  await page.locator("#email").fill("member@branch.example");
  await page.locator("#line-1").fill("1 Union Street");
  await page.locator("#town").fill("Leeds");
  await page.locator("#postcode").fill("ls11aa");
}

/** Places an order on the shared server without the app; returns the path of its page. */
export async function orderByApi(page: Page): Promise<string> {
  const placed = await page.request.post("/api/v1/orders", {
    headers: { "Idempotency-Key": randomUUID() },
    data: {
      lines: [{ sku: "HEART-BADGE-RED-EN", quantity: 1 }],
      customer: { name: "A Member", email: `${randomUUID()}@branch.example` },
      delivery: { by: "collection", region: "wales" },
      payment: { by: "transfer" },
    },
  });
  expect(placed.status()).toBe(201);
  const { token } = (await placed.json()) as { token: string };
  return `/orders/${token}`;
}

/** A test with a server that accepts cards. */
export const cardTest = base.extend<{ stripe: Stripe; server: Server }>({
  stripe: async ({}, use) => {
    const stripe = await Stripe.start(NOW);
    await use(stripe);
    await stripe.stop();
  },
  server: async ({ page, stripe }, use) => {
    const server = await Server.start(NOW, { stripe });
    await use(server);
    await page.close();
    await server.stop();
  },
});

/** Waits for the order's page; returns its reference. */
export async function orderPage(page: Page): Promise<string> {
  // The payment provider's page has such a heading too.
  const heading = page.locator("#page-heading", { hasText: /^(Order|Archeb) H26-/ });
  await expect(heading).toBeVisible();
  return /(H26-\S+)/.exec((await heading.textContent()) ?? "")?.[1] ?? "";
}
