// From the basket to an order, whatever the line, the shop and people do.
import { fillBasket, fillMember, order, orderPage, summary, test } from "./buying.ts";
import { LOCALES, address, appReady, expect, hold, open, test as base } from "./hub_test.ts";
import { type Server } from "./server.ts";

const placed = (server: Server) => server.command("orders", "list").trim().split("\n").filter(Boolean);

test("one mug, by keyboard alone, and its mail", async ({ page, server }) => {
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
  // The number of the member stands nowhere but sealed.
  expect(mail).not.toContain("1234567");
  expect(await page.content()).not.toContain("1234567");
  expect(server.command("orders", "show", reference)).toContain('"membership": "1234567"');
});

test("one mistake, two, and all of them; what was typed stays", async ({ page, server }) => {
  await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
  await order(page).click();
  await expect(summary(page)).toBeFocused();
  await expect(summary(page).getByRole("listitem")).toHaveCount(5);
  await fillMember(page);
  await page.locator("#email").fill("nobody");
  await page.locator("#postcode").fill("LS1");
  await order(page).click();
  await expect(summary(page).getByRole("listitem")).toHaveText([
    "Email: write it as name@example.org.",
    "Postcode: write all of it, for example LS1 1AA.",
  ]);
  await expect(page.locator("#email")).toHaveAccessibleDescription(/write it as name@example.org/);
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

test.describe("when the line fails", () => {
  test.use({ expectedConsole: /Failed to load resource|ERR_/ });

  test("an order waits for the connection, and is placed once", async ({ page, server, context }) => {
    await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
    await fillMember(page);
    await context.setOffline(true);
    await order(page).click();
    await expect(page.getByRole("region", { name: "Your order is not confirmed yet" })).toBeVisible();
    await expect(page.locator("#name")).toHaveValue("A Member");
    expect(placed(server)).toEqual([]);
    await context.setOffline(false);
    await orderPage(page);
    expect(placed(server)).toHaveLength(1);
  });

  test("prices that did not come are asked for again", async ({ page, server, context }) => {
    await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
    await context.route("**/api/v1/prices", (route) => route.abort());
    await page.reload();
    await appReady(page);
    const again = page.getByRole("button", { name: "Try again" });
    await expect(again).toBeVisible();
    await page.getByRole("radio", { name: "A branch" }).check();
    await expect(page.getByText("Your basket is safe on it.")).toBeVisible();
    await context.unroute("**/api/v1/prices");
    await again.focus();
    await page.keyboard.press("Enter");
    await expect(order(page)).toHaveText("Order for £11.45");
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
    const waits = page.getByRole("region", { name: "Your order is not confirmed yet" });
    await expect(waits).toBeVisible();
    await order(other).click();
    await orderPage(other);
    expect(placed(server)).toHaveLength(1);
    await expect(waits).toBeHidden();
    await expect(page.getByText("Your basket is empty")).toBeVisible();
    await expect(page.locator(".checkout__status")).toBeEmpty();
    await other.close();
  });

  test("an answer that is lost makes no second order, even after a reload", async ({ page, server, context }) => {
    await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
    await fillMember(page);
    await context.route("**/api/v1/orders", async (route) => {
      await route.fetch();
      await route.abort();
    });
    await order(page).click();
    await expect(page.getByRole("region", { name: "Your order is not confirmed yet" })).toBeVisible();
    expect(placed(server)).toHaveLength(1);
    await context.unroute("**/api/v1/orders");
    await page.reload();
    await orderPage(page);
    expect(placed(server)).toHaveLength(1);
    await expect(page.locator("[data-basket-link]")).not.toHaveAttribute("data-count");
  });
});

test("whoever has gone on is led to the order once it is placed", async ({ page, server }) => {
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

test.describe("when the shop says no", () => {
  test.use({ expectedConsole: /404|409|422/ });

  test("sold out between basket and checkout", async ({ page, server }) => {
    await fillBasket(page, server, { "HEART-MUG-PLUM-CY": 3 });
    await fillMember(page);
    server.command("stock", "HEART-MUG-PLUM-CY", "--add", "-2");
    await order(page).click();
    await expect(summary(page)).toContainText("Somebody was faster");
    await expect(page.locator(".checkout__goods")).toContainText("There are only 2 left");
    expect(placed(server)).toEqual([]);
    await page.getByRole("main").getByRole("link", { name: "Your basket", exact: true }).click();
    await expect(page).toHaveURL(/\/basket$/);
    await expect(page.locator(".basket-line")).toContainText("There are only 2 left: take fewer");
  });

  test("what is no longer sold, and a way to pay that is gone", async ({ page, server, context }) => {
    await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
    await fillMember(page);
    for (const [change, said] of [
      [{ lines: [{ sku: "NOTHING", quantity: 1 }] }, "Something in your basket is no longer sold."],
      [{ payment: { by: "card" } }, "This way to pay is not there just now"],
    ] as const) {
      await context.route("**/api/v1/orders", async (route) => {
        const sent = route.request().postDataJSON() as object;
        await route.continue({ postData: JSON.stringify({ ...sent, ...change }) });
      });
      await order(page).click();
      await expect(summary(page)).toContainText(said);
      await context.unroute("**/api/v1/orders");
    }
    await expect(page.getByRole("group", { name: "How it is paid" })).toHaveAccessibleDescription(/This way to pay/);
    await page.getByRole("radio", { name: /^Purchase order/ }).check();
    await page.getByLabel("Purchase order number").fill("7");
    await order(page).click();
    await expect(page.getByRole("group", { name: "Who orders" })).toHaveAccessibleDescription(/Only a branch or an officer/);
    expect(placed(server)).toEqual([]);
  });

  test("another price is shown before it is paid", async ({ page, server, context }) => {
    await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
    await fillMember(page);
    // What was shown is a penny less than what the shop asks now.
    await context.route("**/api/v1/orders", async (route) => {
      const sent = route.request().postDataJSON() as { total_pence: number };
      await route.continue({ postData: JSON.stringify({ ...sent, total_pence: sent.total_pence - 1 }) });
    });
    await order(page).click();
    await expect(summary(page)).toContainText("A price has changed since you looked.");
    expect(placed(server)).toEqual([]);
    await context.unroute("**/api/v1/orders");
    await order(page).click();
    await orderPage(page);
  });

  test("changed, cancelled, found again by mail", async ({ page, server }) => {
    await fillBasket(page, server, { "HEART-MUG-PLUM-CY": 4 });
    await fillMember(page);
    await order(page).click();
    const reference = await orderPage(page);
    const link = page.url();
    await page.getByText("Change the address").click();
    await page.getByLabel("Postcode").fill("BT1 1AA");
    await page.getByRole("button", { name: "Save the address" }).click();
    await expect(summary(page)).toContainText("Sending it there costs another price");
    await page.getByLabel("Postcode").fill("ol6 6aa");
    await page.getByRole("button", { name: "Save the address" }).click();
    await expect(page.getByText("1 Union Street, Leeds, OL6 6AA")).toBeVisible();
    await page.getByRole("button", { name: "Cancel the order" }).click();
    await expect(page.locator(".order__state")).toContainText("Cancelled");
    expect(server.command("stock", "HEART-MUG-PLUM-CY")).toContain("4 left");
    expect(server.command("orders", "export")).toContain(`${reference},`);

    // The page says the same of an order that is not there.
    for (const typed of ["H26-XXXX-XXXX", reference.toLowerCase().replaceAll("-", " ")]) {
      await page.goto(`${server.url}/orders`);
      await page.getByLabel("Reference").fill(typed);
      await page.getByLabel("Email").fill("Member@branch.example");
      await page.getByRole("button", { name: "Mail me the link" }).click();
      await expect(page.getByRole("status").filter({ hasText: "If there is such an order" })).toBeVisible();
    }
    await expect.poll(() => server.mails("member@branch.example").length).toBe(4);
    expect(server.mails("member@branch.example")[1]).toContain("The new postcode starts with OL6.");
    expect(server.mails("member@branch.example")[3]).toContain(link);
    await page.goto(`${server.url}/orders/${"0".repeat(32)}`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is no page at this address");
  });
});

test.describe("for a branch", () => {
  test.use({ expectedConsole: /422/ });

  test("400 badges for a branch wait for its officer's code", async ({ page, server }) => {
    server.command("branch", "Leeds General", "--officer", "officer@branch.example");
    await fillBasket(page, server, { "HEART-BADGE-RED-EN": 400, "HEART-T-SHIRT-PLUM-M": 20 });
    await page.getByRole("radio", { name: "A branch" }).check();
    await page.getByLabel("Branch or union").fill("Leeds General");
    await page.getByRole("radio", { name: /^Purchase order/ }).check();
    await fillMember(page);
    await order(page).click();
    await expect(summary(page).getByRole("listitem")).toHaveText(["Purchase order number: fill this in."]);
    await page.getByLabel("Purchase order number").fill("PO 17");
    await expect(page.getByText("Your branch officer must approve an order of this size")).toBeVisible();
    await order(page).click();
    await expect(page.locator(".order__state")).toContainText("Awaiting approval by your branch officer");
    await expect(page.getByText("Purchase order PO 17")).toBeVisible();
    await expect.poll(() => server.mails("officer@branch.example").length).toBe(1);
    const code = /^ {4}(\d{8})\s*$/m.exec(server.mails("officer@branch.example")[0] ?? "")?.[1] ?? "";
    expect(code).toHaveLength(8);
    const type = async (text: string) => {
      await page.getByLabel("Code from the officer’s mail").fill(text);
      await page.getByRole("button", { name: "Approve the order" }).click();
    };
    await type("00000000" === code ? "11111111" : "00000000");
    await expect(summary(page)).toContainText("Code: this is another one.");
    await type(`${code.slice(0, 4)} ${code.slice(4)}`);
    await expect(page.locator(".order__state")).toContainText("Confirmed");
    const invoice = await page.request.get(server.url + (await page.getByRole("link", { name: "The invoice (PDF)" }).getAttribute("href")));
    expect(invoice.headers()["content-type"]).toBe("application/pdf");
    const reference = await orderPage(page);
    server.command("orders", "move", reference, "packed", "--note", "Two boxes");
    await page.reload();
    await expect(page.locator(".order__state")).toContainText("Packed");
    await expect(page.getByText("Two boxes")).toBeVisible();
    await expect(page.getByRole("button", { name: "Cancel the order" })).toHaveCount(0);
    server.command("orders", "dispatch", reference, "HEART-BADGE-RED-EN:150");
    await page.reload();
    await expect(page.locator(".order__state")).toContainText("Partly on its way");
    await expect(page.getByText("150 on their way")).toBeVisible();
    expect(() => server.command("orders", "dispatch", reference, "HEART-BADGE-RED-EN:251")).toThrow();
    server.command("orders", "dispatch", reference, "HEART-BADGE-RED-EN:250", "HEART-T-SHIRT-PLUM-M:20");
    server.command("orders", "move", reference, "delivered");
    await page.reload();
    await expect(page.locator(".order__state")).toContainText("You can send things back until 6 December 2026.");
    await expect.poll(() => server.mails("member@branch.example").length).toBe(6);
  });
});

test("in Welsh from the basket to the mail", async ({ page, server }) => {
  await fillBasket(page, server, { "HEART-MUG-RED-CY": 2 }, "cy");
  await fillMember(page);
  await order(page).click();
  await orderPage(page);
  await expect.poll(() => server.mails("member@branch.example").length).toBe(1);
  expect(server.mails("member@branch.example")[0]).toContain("Beth archeboch chi");
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
