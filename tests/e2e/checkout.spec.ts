// From the basket to an order, with failures of the connection, the shop and the customer.
import { readFile } from "node:fs/promises";
import { type Page } from "@playwright/test";
import { fillBasket, fillMember, order, orderPage, summary, test } from "./buying.ts";
import { LOCALES, address, appReady, expect, hold, open, test as base } from "./hub_test.ts";
import { type Server } from "./server.ts";

const placed = (server: Server) => server.command("orders", "list").trim().split("\n").filter(Boolean);

test("one mug is ordered by keyboard alone, and confirmed by email", async ({ page, server }) => {
  await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
  await page.locator("#name").focus();
  for (const text of ["A Member", "member@branch.example", "", "1234567", null, "", "1 Union Street", "", "Leeds", "LS1 1AA"]) {
    if (text) await page.keyboard.type(text);
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await orderPage(page);
  await appReady(page);
  await expect(page.getByText("Awaiting payment").first()).toBeVisible();
  await expect(page.getByText("£11.45").first()).toBeVisible();
  await expect(page.locator("[data-basket-link]")).not.toHaveAttribute("data-count");
  const reference = await orderPage(page);
  await expect.poll(() => server.mails("member@branch.example").length).toBe(1);
  const [mail] = server.mails("member@branch.example");
  expect(mail).toContain(`Subject: Order ${reference}: Awaiting payment`);
  expect(mail).toContain(page.url());
  // The membership number is stored only encrypted.
  expect(mail).not.toContain("1234567");
  expect(await page.content()).not.toContain("1234567");
  expect(server.command("orders", "show", reference)).toContain('"membership": "1234567"');
});

test("validation errors keep the input", async ({ page, server }) => {
  await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
  await order(page).click();
  await expect(summary(page)).toBeFocused();
  await expect(summary(page).getByRole("listitem")).toHaveText([
    "Enter your full name",
    "Enter your email address",
    "Enter address line 1, typically the building and street",
    "Enter your town or city",
    "Enter your postcode",
  ]);
  await expect(page.locator("#line-1")).toHaveAccessibleDescription("Enter address line 1, typically the building and street");
  await expect(page).toHaveTitle("Error: Checkout – heartunions week");
  await fillMember(page);
  await page.locator("#email").fill("nobody");
  await page.locator("#postcode").fill("LS1");
  await order(page).click();
  await expect(summary(page).getByRole("listitem")).toHaveText([
    "Enter an email address in the correct format, like name@example.org",
    "Enter the full postcode, like LS1 1AA",
  ]);
  await expect(page.locator("#email")).toHaveAccessibleDescription(/Enter an email address in the correct format, like name@example.org/);
  await page.locator("#postcode").fill("ls1 1aa");
  await order(page).click();
  await summary(page).getByRole("link").click();
  await expect(page.locator("#email")).toBeFocused();
  await page.reload();
  await appReady(page);
  await expect(page.locator("#name")).toHaveValue("A Member");
  await expect(page.locator("#email")).toHaveValue("nobody");
  expect(placed(server)).toEqual([]);
});

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

test.describe("with an empty basket", () => {
  test("the checkout links to the shop and shows no form", async ({ page, server }) => {
    await page.goto(`${server.url}/checkout`);
    await appReady(page);
    const main = page.getByRole("main");
    await expect(main.getByRole("heading", { name: "Your basket is empty" })).toBeVisible();
    await expect(main.getByRole("link", { name: "Continue shopping" })).toHaveAttribute("href", "/shop");
    await expect(main.getByRole("group")).toHaveCount(0);
    await expect(main.getByRole("textbox")).toHaveCount(0);
    await expect(main.getByRole("button")).toHaveCount(0);
    await expect(main.getByRole("link", { name: "020 7946 0190" })).toBeVisible();
  });

  test("input is kept while another tab empties and fills the basket", async ({ page, server, context }) => {
    await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
    await fillMember(page);
    const other = await context.newPage();
    await other.goto(server.url);
    await other.evaluate(() => localStorage.removeItem("basket-1-HEART-MUG-RED-EN"));
    await expect(page.getByRole("heading", { name: "Your basket is empty" })).toBeFocused();
    await other.evaluate(() => localStorage.setItem("basket-1-HEART-MUG-RED-EN", "1 1"));
    await expect(page.locator("#name")).toHaveValue("A Member");
    await expect(order(page)).toHaveText("Place order (£11.45 to pay)");
    await other.close();
  });
});

test("a customer on another page is redirected to the order once it is placed", async ({ page, server }) => {
  await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
  await fillMember(page);
  const answer = await hold(page, "**/api/v1/orders");
  await order(page).click();
  await page.getByRole("main").getByRole("link", { name: "Your basket", exact: true }).click();
  await expect(page).toHaveURL(/\/basket$/);
  answer();
  await orderPage(page);
  await appReady(page);
});

test.describe("when the shop refuses an order", () => {
  test.use({ expectedConsole: /404|409|422/ });

  test("an item is out of stock between basket and checkout", async ({ page, server }) => {
    await fillBasket(page, server, { "HEART-MUG-PLUM-CY": 3 });
    await fillMember(page);
    server.command("stock", "HEART-MUG-PLUM-CY", "--add", "-2");
    await order(page).click();
    await expect(summary(page)).toContainText("We no longer have enough stock for something in your basket.");
    await expect(page.locator(".checkout__goods")).toContainText("Only 2 left in stock.");
    expect(placed(server)).toEqual([]);
    await page.getByRole("main").getByRole("link", { name: "Your basket", exact: true }).click();
    await expect(page).toHaveURL(/\/basket$/);
    await expect(page.locator(".basket-line")).toContainText("Only 2 left in stock. Reduce the quantity");
  });

  test("a withdrawn product and an unavailable payment method show errors", async ({ page, server, context }) => {
    await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
    await fillMember(page);
    for (const [change, said] of [
      [{ lines: [{ sku: "NOTHING", quantity: 1 }] }, "Something in your basket is no longer available."],
      [{ payment: { by: "card" } }, "This way to pay is not available at the moment."],
    ] as const) {
      await context.route("**/api/v1/orders", async (route) => {
        const sent = route.request().postDataJSON() as object;
        await route.continue({ postData: JSON.stringify({ ...sent, ...change }) });
      });
      await order(page).click();
      await expect(summary(page)).toContainText(said);
      await context.unroute("**/api/v1/orders");
    }
    await expect(page.getByRole("group", { name: "How do you want to pay?" })).toHaveAccessibleDescription(/This way to pay/);
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
    await expect(page.locator(".order__state")).toContainText("Cancelled");
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
    expect(server.mails("member@branch.example")[1]).toContain("The new postcode starts with OL6.");
    expect(server.mails("member@branch.example")[3]).toContain(link);
    await page.goto(`${server.url}/orders/${"0".repeat(32)}`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Page not found");
  });
});

test.describe("for a branch", () => {
  test.use({ expectedConsole: /422/ });

  test("400 badges for a branch wait for its officer's code", async ({ page, server }) => {
    server.command("branch", "Leeds General", "--officer", "officer@branch.example");
    await fillBasket(page, server, { "HEART-BADGE-RED-EN": 400, "HEART-T-SHIRT-PLUM-M": 20 });
    await page.getByRole("radio", { name: "I am ordering for a branch" }).check();
    await page.getByLabel("Branch or union").fill("Leeds General");
    await page.getByRole("radio", { name: /^Purchase order/ }).check();
    await fillMember(page);
    await order(page).click();
    await expect(summary(page).getByRole("listitem")).toHaveText(["Enter your purchase order number"]);
    await page.getByLabel("Purchase order number").fill("PO 17");
    await expect(page.getByText("Your branch officer needs to approve an order of this size")).toBeVisible();
    await order(page).click();
    await expect(page.locator(".order__state")).toContainText("Awaiting approval by your branch officer");
    await expect(page.getByText("Purchase order PO 17")).toBeVisible();
    await expect.poll(() => server.mails("officer@branch.example").length).toBe(1);
    const code = /^ {4}(\d{8})\s*$/m.exec(server.mails("officer@branch.example")[0] ?? "")?.[1] ?? "";
    expect(code).toHaveLength(8);
    const type = async (text: string) => {
      await page.getByLabel("Approval code").fill(text);
      await page.getByRole("button", { name: "Approve order" }).click();
    };
    await type("00000000" === code ? "11111111" : "00000000");
    await expect(summary(page)).toContainText("That code is not correct.");
    await type(`${code.slice(0, 4)} ${code.slice(4)}`);
    await expect(page.locator(".order__state")).toContainText("Confirmed");
    const invoice = await page.request.get(server.url + (await page.getByRole("link", { name: "Download invoice (PDF)" }).getAttribute("href")));
    expect(invoice.headers()["content-type"]).toBe("application/pdf");
    const reference = await orderPage(page);
    server.command("orders", "move", reference, "packed", "--note", "Two boxes");
    await page.reload();
    await expect(page.locator(".order__state")).toContainText("Packed");
    await expect(page.getByText("Two boxes")).toBeVisible();
    await expect(page.getByRole("button", { name: "Cancel order" })).toHaveCount(0);
    server.command("orders", "dispatch", reference, "HEART-BADGE-RED-EN:150");
    await page.reload();
    await expect(page.locator(".order__state")).toContainText("Part dispatched");
    await expect(page.getByText("150 dispatched")).toBeVisible();
    expect(() => server.command("orders", "dispatch", reference, "HEART-BADGE-RED-EN:251")).toThrow();
    server.command("orders", "dispatch", reference, "HEART-BADGE-RED-EN:250", "HEART-T-SHIRT-PLUM-M:20");
    server.command("orders", "move", reference, "delivered");
    await page.reload();
    await expect(page.locator(".order__state")).toContainText("You can return items until 6 December 2026.");
    await expect.poll(() => server.mails("member@branch.example").length).toBe(6);
  });
});

test("in Welsh from the basket to the email", async ({ page, server }) => {
  await fillBasket(page, server, { "HEART-MUG-RED-CY": 2 }, "cy");
  await fillMember(page);
  await order(page).click();
  await orderPage(page);
  await expect.poll(() => server.mails("member@branch.example").length).toBe(1);
  expect(server.mails("member@branch.example")[0]).toContain("Crynodeb o’r archeb");
});

for (const locale of LOCALES) {
  base(`the accessibility tree of the checkout: ${locale}`, async ({ page }) => {
    await page.addInitScript(() => localStorage.setItem("basket-1-HEART-MUG-RED-EN", "2 1"));
    await open(page, address("/checkout", locale));
    await expect(page.locator(".checkout__goods")).toBeVisible();
    await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: `checkout-${locale}.aria.yml` });
    await open(page, address("/orders", locale));
    await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: `find-order-${locale}.aria.yml` });
  });
}
