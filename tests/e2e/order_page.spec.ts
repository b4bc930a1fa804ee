// An order's page in the app: its forms are submitted without reloading the page.
import { type Page } from "@playwright/test";
import { appReady, expect, hold } from "./hub_test.ts";
import { type Server } from "./server.ts";
import { summary, test } from "./buying.ts";

const CHANGES = "**/api/v1/orders/*/changes*";
const status = (page: Page) => page.locator("#order-status");

/** Places an order for a mug, with these changes, and opens its page; returns its reference. */
async function openOrder(page: Page, server: Server, changes: object = {}): Promise<string> {
  const placed = await page.request.post(`${server.url}/api/v1/orders`, {
    headers: { "Idempotency-Key": "key-of-an-order-page" },
    data: {
      lines: [{ sku: "HEART-MUG-RED-EN", quantity: 1 }],
      customer: { name: "A Member", email: "member@branch.example" },
      delivery: { by: "post", address: { line_1: "1 Union Street", town: "Leeds", postcode: "LS1 1AA" } },
      payment: { by: "transfer" },
      ...changes,
    },
  });
  const { reference, token } = (await placed.json()) as { reference: string; token: string };
  await page.goto(`${server.url}/orders/${token}`);
  await appReady(page);
  return reference;
}

async function openAddress(page: Page) {
  await page.getByText("Change the delivery address", { exact: true }).click();
}

test("a change is sent once, and the status has the focus", async ({ page, server }) => {
  await openOrder(page, server);
  let sent = 0;
  page.on("request", (request) => (sent += request.url().includes("/changes") ? 1 : 0));
  const release = await hold(page, CHANGES);
  const cancel = page.getByRole("button", { name: "Cancel order" });
  await cancel.click();
  await expect(cancel).toHaveAttribute("aria-busy", "true");
  // Playwright does not click disabled elements, but a visitor may.
  await cancel.press("Enter");
  release();
  await expect(status(page)).toContainText("Cancelled");
  await expect(status(page)).toBeFocused();
  await expect(page.locator("#announcer")).toHaveText("Order cancelled.");
  await expect(cancel).toHaveCount(0);
  expect(sent).toBe(1);
});

test("a request for a code soon after the last one says what is true", async ({ page, server }) => {
  server.command("branch", "Leeds General", "--officer", "officer@branch.example");
  await openOrder(page, server, {
    customer: { kind: "branch", branch: "Leeds General", name: "A Member", email: "member@branch.example" },
  });
  await page.getByRole("button", { name: "Send the officer a new code" }).click();
  await expect(status(page)).toBeFocused();
  await expect(page.locator("#announcer")).toHaveText(
    "We have emailed the officer an approval code in the last 10 minutes. Ask them to check their inbox and spam folder. We send a new code at most once every 10 minutes.",
  );
});

test("validation errors are found before anything is sent, and the input stays", async ({ page, server }) => {
  await openOrder(page, server);
  await openAddress(page);
  await page.getByLabel("Town or city").fill("");
  await page.getByLabel("Postcode").fill("LS1");
  await page.getByRole("button", { name: "Save address" }).click();
  await expect(summary(page)).toBeFocused();
  await expect(summary(page).getByRole("listitem")).toHaveText(["Enter your town or city", "Enter the full postcode, like LS1 1AA"]);
  await expect(page.getByLabel("Town or city")).toHaveAccessibleDescription("Enter your town or city");
  await expect(page).toHaveTitle(/^Error: Order /);
  await expect(page.getByLabel("Postcode")).toHaveValue("LS1");
  await page.getByLabel("Town or city").fill("York");
  await page.getByLabel("Postcode").fill("yo1 7hh");
  await page.getByRole("button", { name: "Save address" }).click();
  await expect(status(page)).toBeFocused();
  await expect(page).toHaveTitle(/^Order /);
  await expect(page.locator(".order__aside")).toContainText("1 Union Street, York, YO1 7HH");
});

test("an address typed before the app is ready is saved", async ({ page, server }) => {
  await openOrder(page, server);
  const release = await hold(page, "**/*.wasm");
  await page.reload();
  await openAddress(page);
  await page.getByLabel("Town or city").fill("York");
  release();
  await appReady(page);
  await expect(page.getByLabel("Town or city")).toHaveValue("York");
  await page.getByRole("button", { name: "Save address" }).click();
  await expect(page.locator(".order__aside")).toContainText("1 Union Street, York, LS1 1AA");
});

test("a quote is accepted with the payment method chosen before the app is ready", async ({ page, server }) => {
  await openOrder(page, server, {
    quote: true,
    customer: { kind: "branch", branch: "Leeds General", name: "A Member", email: "member@branch.example" },
    payment: { by: "purchase-order", number: "" },
  });
  const release = await hold(page, "**/*.wasm");
  await page.reload();
  const transfer = page.getByRole("radio", { name: /^Bank transfer/ });
  await transfer.check();
  release();
  await appReady(page);
  await expect(transfer).toBeChecked();
  await page.getByRole("button", { name: /^Place order/ }).click();
  await expect(status(page)).toContainText("Awaiting payment");
});

test.describe("without a connection", () => {
  test.use({ expectedConsole: /Failed to load resource|ERR_/ });

  test("the page says so, and the same is sent again", async ({ page, server }) => {
    await openOrder(page, server);
    await openAddress(page);
    await page.getByLabel("Address line 1").fill("2 Union Street");
    await page.route(CHANGES, (route) => route.abort());
    await page.getByRole("button", { name: "Save address" }).click();
    await expect(summary(page)).toBeFocused();
    await expect(summary(page)).toContainText("We could not send this. You may be offline.");
    await expect(page.getByLabel("Address line 1")).toHaveValue("2 Union Street");
    await page.unroute(CHANGES);
    await page.getByRole("button", { name: "Save address" }).click();
    await expect(page.locator(".order__aside")).toContainText("2 Union Street, Leeds");
    await expect(summary(page)).toHaveCount(0);
  });

  test("Back does not show the order from before a change", async ({ page, server, context }) => {
    await openOrder(page, server);
    await page.getByRole("button", { name: "Cancel order" }).click();
    await expect(status(page)).toContainText("Cancelled");
    const heading = page.getByRole("heading", { level: 1 });
    await page.getByRole("contentinfo").getByRole("link", { name: "Past years" }).click();
    await expect(heading).toHaveText("What unions did in past years");
    await context.setOffline(true);
    await page.goBack();
    await expect(heading).toHaveText("We could not load this page");
  });
});

test.describe("when the order has changed meanwhile", () => {
  test.use({ expectedConsole: /409|ERR_FAILED/ });

  test("the page says so, and shows the order as it is now", async ({ page, server }) => {
    const reference = await openOrder(page, server);
    for (const step of ["confirmed", "packed"]) server.command("orders", "move", reference, step);
    await page.getByRole("button", { name: "Cancel order" }).click();
    await expect(summary(page)).toBeFocused();
    await expect(summary(page)).toContainText("Your order has changed since you opened this page");
    await expect(status(page)).toContainText("Packed");
    await expect(page.getByRole("button", { name: "Cancel order" })).toHaveCount(0);
  });

  test("without a connection, the page does not go back to an order from before", async ({ page, server }) => {
    await openOrder(page, server);
    const problem = { type: "/problems/order-moved-on", title: "The order has changed", status: 409 };
    const refuse = () =>
      page.route(CHANGES, (route) =>
        route.fulfill({ status: 409, contentType: "application/problem+json", body: JSON.stringify(problem) }),
      );
    const save = async (line: string) => {
      await page.getByLabel("Address line 1").fill(line);
      await page.getByRole("button", { name: "Save address" }).click();
    };
    await openAddress(page);
    // The order is requested, and is the one from before the change that follows.
    await refuse();
    await save("2 Union Street");
    await expect(summary(page)).toBeFocused();
    await page.unroute(CHANGES);
    await save("2 Union Street");
    await expect(page.locator(".order__aside")).toContainText("2 Union Street, Leeds");
    await refuse();
    await page.route("**/api/v1/orders/*", (route) => route.abort());
    await openAddress(page);
    await save("3 Union Street");
    await expect(summary(page)).toBeFocused();
    await expect(page.locator(".order__aside")).toContainText("2 Union Street, Leeds");
  });
});

test.describe("when unpaid orders would hold too much of an item", () => {
  test.use({ expectedConsole: /409/ });

  test("the page says so, and the quote stays", async ({ page, server }) => {
    await openOrder(page, server, {
      lines: [{ sku: "HEART-T-SHIRT-RED-L", quantity: 21 }],
      customer: { kind: "branch", branch: "Leeds General", name: "A Steward", email: "steward@branch.example" },
      quote: true,
    });
    await page.locator("[name=by][value=transfer]").check();
    await page.locator(".order__approval").getByRole("button").click();
    await expect(summary(page)).toBeFocused();
    await expect(summary(page)).toContainText("We cannot hold this many of one item for you at the moment.");
    await expect(status(page)).toContainText("Quote");
  });
});
