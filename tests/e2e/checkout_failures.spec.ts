// Orders despite failures of the connection and the shop: each is placed once, or refused.
import { readFile } from "node:fs/promises";
import { type Page } from "@playwright/test";
import { fillBasket, fillMember, order, orderPage, placed, summary, test } from "./buying.ts";
import { appReady, expect } from "./hub_test.ts";

test.describe("when the connection fails", () => {
  test.use({ expectedConsole: /Failed to load resource|ERR_/ });

  test("an order waits for the connection, and is placed once", async ({ page, server, context }) => {
    await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
    await fillMember(page);
    await context.setOffline(true);
    await order(page).click();
    await expect(page.getByRole("region", { name: "We have not confirmed your order yet" })).toBeVisible();
    await expect(page.locator("#name")).toHaveValue("A Member");
    expect(placed(server)).toEqual([]);
    await context.setOffline(false);
    await orderPage(page);
    expect(placed(server)).toHaveLength(1);
  });

  test("prices that failed to load are requested again", async ({ page, server, context }) => {
    await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
    await context.route("**/api/v1/prices", (route) => route.abort());
    await page.reload();
    await appReady(page);
    const again = page.getByRole("button", { name: "Try again" });
    await expect(again).toBeVisible();
    await page.getByRole("radio", { name: "I am ordering for a branch" }).check();
    await expect(page.getByText("Your basket is still saved on this device.")).toBeVisible();
    await context.unroute("**/api/v1/prices");
    await again.focus();
    await page.keyboard.press("Enter");
    await expect(order(page)).toHaveText("Place order (£11.45 to pay)");
    await expect(page.locator("#checkout-lines")).toBeFocused();
  });

  test("two tabs with one basket make one order", async ({ page, server, context }) => {
    await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
    await fillMember(page);
    const other = await context.newPage();
    await other.goto(page.url());
    await appReady(other);
    await fillMember(other);
    await expect(order(other)).toBeEnabled();
    await page.route("**/api/v1/orders", (route) => route.abort());
    await order(page).click();
    const waits = page.getByRole("region", { name: "We have not confirmed your order yet" });
    await expect(waits).toBeVisible();
    await order(other).click();
    await orderPage(other);
    expect(placed(server)).toHaveLength(1);
    await expect(waits).toBeHidden();
    await expect(page.getByText("Your basket is empty")).toBeVisible();
    await expect(page.locator(".checkout__status")).toBeEmpty();
    await other.close();
  });

  test("a lost response makes no second order, even after a reload", async ({ page, server, context }) => {
    await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
    await fillMember(page);
    await context.route("**/api/v1/orders", async (route) => {
      await route.fetch();
      await route.abort();
    });
    await order(page).click();
    await expect(page.getByRole("region", { name: "We have not confirmed your order yet" })).toBeVisible();
    expect(placed(server)).toHaveLength(1);
    await context.unroute("**/api/v1/orders");
    await page.reload();
    await orderPage(page);
    expect(placed(server)).toHaveLength(1);
    await expect(page.locator("[data-basket-link]")).not.toHaveAttribute("data-count");
  });
});

test.describe("while the shop has a problem", () => {
  test.use({ expectedConsole: /50[23]/ });

  const pending = (page: Page) => page.getByRole("region", { name: "We have not confirmed your order yet" });
  /** Every order gets this response. */
  const answerOrders = (page: Page, status: number, contentType: string, body: string) =>
    page.route("**/api/v1/orders", (route) => route.fulfill({ status, contentType, body }));
  const unavailable = JSON.stringify({ type: "/problems/unavailable", title: "Unavailable", status: 503 });

  test("an order can be saved and discarded, and its items stay in the basket", async ({ page, server }) => {
    await fillBasket(page, server, { "HEART-MUG-RED-EN": 2 });
    await fillMember(page);
    await page.locator("#membership").fill("1234567");
    await answerOrders(page, 503, "application/problem+json", unavailable);
    await order(page).click();
    const notice = pending(page);
    await expect(notice).toContainText("Sorry, there is a problem with our shop.");
    await expect(notice.getByRole("listitem")).toHaveText(["2 × Heart mug Red, English (HEART-MUG-RED-EN)"]);

    const download = page.waitForEvent("download");
    await notice.getByRole("button", { name: "Save order as a text file" }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe("order.txt");
    const text = await readFile(await file.path(), "utf8");
    expect(text).toContain("2 × Heart mug Red, English (HEART-MUG-RED-EN)");
    expect(text).toContain("1 Union Street, Leeds, LS1 1AA");
    expect(text).not.toContain("1234567");
    await expect(notice.getByRole("status")).toHaveText("Order saved as a text file.");

    const discard = notice.getByRole("button", { name: "Discard order", exact: true });
    await discard.click();
    await expect(notice.getByRole("heading", { name: "Discard this order?" })).toBeFocused();
    await expect(notice).toContainText("We may have received this order");
    await notice.getByRole("button", { name: "Keep order" }).click();
    await expect(discard).toBeFocused();
    await discard.click();
    await notice.getByRole("button", { name: "Yes, discard order" }).click();
    await expect(notice).toBeHidden();
    await expect(page.locator("#checkout-lines")).toBeFocused();
    await expect(page.locator(".checkout__status")).toHaveText("Order discarded. Your items are still in your basket.");
    await expect(page.locator("[data-basket-link]")).toHaveAttribute("data-count", "2");
    await expect(page.locator("#name")).toHaveValue("A Member");
    await expect(page.locator("#membership")).toHaveValue("1234567");
    expect(placed(server)).toEqual([]);

    // The same order can be placed again.
    await page.unroute("**/api/v1/orders");
    await order(page).click();
    await orderPage(page);
    expect(placed(server)).toHaveLength(1);
  });

  test("an order answered by a proxy's page stays pending, in all tabs", async ({ page, server, context }) => {
    await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
    await fillMember(page);
    await answerOrders(page, 502, "text/html", "<h1>Bad gateway</h1>");
    await order(page).click();
    await expect(pending(page)).toContainText("Sorry, there is a problem with our shop.");
    await expect(pending(page)).toContainText("It will only be placed once.");
    await pending(page).getByRole("button", { name: "Try again now" }).click();
    await expect(pending(page).getByRole("button", { name: "Try again now" })).toBeFocused();

    // If another tab discards the order, it disappears here too.
    const other = await context.newPage();
    await answerOrders(other, 502, "text/html", "<h1>Bad gateway</h1>");
    await other.goto(page.url());
    await pending(other).getByRole("button", { name: "Discard order", exact: true }).click();
    await pending(other).getByRole("button", { name: "Yes, discard order" }).click();
    await expect(pending(page)).toBeHidden();
    await expect(page.locator(".checkout__status")).toBeEmpty();
    await expect(order(page)).toHaveText("Place order (£11.45 to pay)");
    await other.close();
    expect(placed(server)).toEqual([]);
  });

  test("an order is sent again by itself, later each time", async ({ page, server }) => {
    await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
    await fillMember(page);
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 60_000);
    let tries = 0;
    await page.route("**/api/v1/orders", (route) => {
      tries += 1;
      return route.fulfill({ status: 503, contentType: "application/problem+json", body: unavailable });
    });
    await order(page).click();
    await expect(pending(page)).toBeVisible();
    await page.clock.runFor(10_500);
    await expect.poll(() => tries).toBe(2);
    await expect(order(page)).toBeEnabled();
    await page.clock.runFor(10_500);
    expect(tries).toBe(2);
    await page.clock.runFor(10_000);
    await expect.poll(() => tries).toBe(3);
    await page.unroute("**/api/v1/orders");
    await pending(page).getByRole("button", { name: "Try again now" }).click();
    await orderPage(page);
    expect(placed(server)).toHaveLength(1);
  });
});

test.describe("when the shop refuses an order", () => {
  test.use({ expectedConsole: /404|409|422/ });

  test("an item is out of stock between basket and checkout", async ({ page, server }) => {
    await fillBasket(page, server, { "HEART-MUG-PLUM-CY": 3 });
    const priced = page.waitForResponse("**/api/v1/prices");
    await fillMember(page);
    await priced;
    server.command("stock", "HEART-MUG-PLUM-CY", "--add", "-2");
    await order(page).click();
    await expect(summary(page)).toContainText("We no longer have enough stock of an item in your basket.");
    await expect(page.locator(".checkout__items")).toContainText("Only 2 left in stock.");
    expect(placed(server)).toEqual([]);
    await page.getByRole("main").getByRole("link", { name: "Your basket", exact: true }).click();
    await expect(page).toHaveURL(/\/basket$/);
    await expect(page.locator(".basket-line")).toContainText("Only 2 left in stock. Reduce the quantity");
  });

  test("a withdrawn product and an unavailable payment method show errors", async ({ page, server, context }) => {
    await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
    await fillMember(page);
    for (const [change, message] of [
      [{ lines: [{ sku: "NOTHING", quantity: 1 }] }, "An item in your basket is no longer available."],
      [{ payment: { by: "card" } }, "You cannot pay this way at the moment."],
    ] as const) {
      await context.route("**/api/v1/orders", async (route) => {
        const sent = route.request().postDataJSON() as object;
        await route.continue({ postData: JSON.stringify({ ...sent, ...change }) });
      });
      await order(page).click();
      await expect(summary(page)).toContainText(message);
      await context.unroute("**/api/v1/orders");
    }
    await expect(page.getByRole("group", { name: "How do you want to pay?" })).toHaveAccessibleDescription(/You cannot pay this way/);
    await page.getByRole("radio", { name: /^Purchase order/ }).check();
    await page.getByLabel("Purchase order number").fill("7");
    await order(page).click();
    await expect(page.getByRole("group", { name: "Who are you ordering for?" })).toHaveAccessibleDescription(/Purchase orders and quotes are for branches and officers/);
    expect(placed(server)).toEqual([]);
  });

  test("a changed price is shown before the order is placed", async ({ page, server, context }) => {
    await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
    await fillMember(page);
    // The total shown is a penny less than the current one.
    await context.route("**/api/v1/orders", async (route) => {
      const sent = route.request().postDataJSON() as { total_pence: number };
      await route.continue({ postData: JSON.stringify({ ...sent, total_pence: sent.total_pence - 1 }) });
    });
    await order(page).click();
    await expect(summary(page)).toContainText("A price has changed since you opened this page.");
    expect(placed(server)).toEqual([]);
    await context.unroute("**/api/v1/orders");
    await order(page).click();
    await orderPage(page);
  });

  test("an order is changed, cancelled, and found again by email", async ({ page, server }) => {
    await fillBasket(page, server, { "HEART-MUG-PLUM-CY": 4 });
    await fillMember(page);
    await order(page).click();
    const reference = await orderPage(page);
    const link = page.url();
    await page.getByText("Change the delivery address").click();
    await page.getByLabel("Postcode").fill("BT1 1AA");
    await page.getByRole("button", { name: "Save address" }).click();
    await expect(summary(page)).toContainText("Delivery to this postcode costs a different amount.");
    await expect(page).toHaveTitle(`Error: Order ${reference} – heartunions week`);
    await appReady(page);
    await expect(page).toHaveTitle(`Error: Order ${reference} – heartunions week`);
    await page.getByLabel("Postcode").fill("ol6 6aa");
    await page.getByRole("button", { name: "Save address" }).click();
    await expect(page.getByText("1 Union Street, Leeds, OL6 6AA")).toBeVisible();
    await page.getByRole("button", { name: "Cancel order" }).click();
    await expect(page.locator(".order__status")).toContainText("Cancelled");
    expect(server.command("stock", "HEART-MUG-PLUM-CY")).toContain("4 left");
    expect(server.command("orders", "export")).toContain(`${reference},`);

    // The page says the same about an order that does not exist.
    for (const typed of ["H26-XXXX-XXXX", reference.toLowerCase().replaceAll("-", " ")]) {
      await page.goto(`${server.url}/orders`);
      await page.getByLabel("Order reference").fill(typed);
      await page.getByLabel("Email address").fill("Member@branch.example");
      await page.getByRole("button", { name: "Email me the link" }).click();
      await expect(page.getByRole("status").filter({ hasText: "If we have an order with these details" })).toBeVisible();
    }
    await expect.poll(() => server.mails("member@branch.example").length).toBe(4);
    expect(server.mails("member@branch.example")[1]).toContain("The new address is on the order page.");
    expect(server.mails("member@branch.example")[3]).toContain(link);
    await page.goto(`${server.url}/orders/${"0".repeat(32)}`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Page not found");
  });
});
