// After an order is placed: card payments, quotes, returns.
import { type Locator, type Page } from "@playwright/test";
import { LOCALES, appReady, expect } from "./hub_test.ts";
import { NOW } from "./server.ts";
import { cardTest, fillBasket, fillMember, order, orderPage, summary, test } from "./buying.ts";

/** Presses Tab until the target has the focus. */
async function tabTo(page: Page, target: Locator) {
  for (let press = 0; press < 60; press++) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error("not reached by Tab");
}

const status = (page: Page) => page.locator(".order__status");

cardTest.describe("by card", () => {
  cardTest("an order is paid, and the webhook arrives after the redirect", async ({ page, server, stripe }) => {
    await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
    await fillMember(page);
    await page.getByRole("radio", { name: /^Debit or credit card/ }).check();
    await expect(order(page)).toHaveText("Place order and pay £11.45");
    await order(page).click();
    await expect(page).toHaveURL(/\/c\/cs_test_0$/);
    await expect(page.getByRole("heading", { level: 1, name: /^Order H26-/ })).toBeVisible();
    await expect(page.getByText("£11.45")).toBeVisible();
    await page.getByRole("button", { name: "Pay" }).click();
    await expect(status(page)).toContainText("Confirmed");
    await appReady(page);
    await expect(page.locator("[data-basket-link]")).not.toHaveAttribute("data-count");
    expect(await stripe.sendWebhook(server.url)).toBe(204);
    await page.reload();
    await expect(page.locator(".order__history").getByRole("listitem")).toHaveCount(2);
    await expect.poll(() => server.mails("member@branch.example").length).toBe(2);
    await appReady(page);
  });

  cardTest("an abandoned payment is completed, cancelled and refunded", async ({ page, server, stripe }) => {
    await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
    await fillMember(page);
    await page.getByRole("radio", { name: /^Debit or credit card/ }).check();
    await order(page).click();
    await page.getByRole("link", { name: "Back" }).click();
    const reference = await orderPage(page);
    await expect(status(page)).toContainText("Awaiting payment");
    const link = page.url();
    await appReady(page);
    await page.getByRole("link", { name: "Pay £11.45 by card" }).click();
    await expect(page).toHaveURL(/\/c\/cs_test_0$/);
    stripe.redirectsBack = false;
    await page.getByRole("button", { name: "Pay" }).click();
    await expect(page.getByText("Paid")).toBeVisible();
    expect(await stripe.sendWebhook(server.url)).toBe(204);
    await page.goto(link);
    await expect(status(page)).toContainText("Confirmed");
    await page.getByRole("button", { name: "Cancel order" }).click();
    await expect(status(page)).toContainText("We have refunded £11.45 to the account or card you paid with.");
    expect(stripe.refunds).toMatchObject([{ payment_intent: "pi_cs_test_0", amount: 1145 }]);
    expect(await server.slowCommand("orders", "refund", reference)).toContain("no refund due");
    await appReady(page);
  });
});

cardTest.describe("returns", () => {
  cardTest.use({ expectedConsole: /422/ });

  cardTest("a partial return is refunded", async ({ page, server, stripe }) => {
    await fillBasket(page, server, { "HEART-MUG-RED-EN": 2, "HEART-BADGE-RED-EN": 5 });
    await fillMember(page);
    await page.getByRole("radio", { name: /^Debit or credit card/ }).check();
    await order(page).click();
    await page.getByRole("button", { name: "Pay" }).click();
    const reference = await orderPage(page);
    await expect(status(page)).toContainText("Confirmed");
    for (const step of ["packed", "dispatched", "delivered"]) server.command("orders", "move", reference, step);
    await page.reload();
    await expect(status(page)).toContainText("You can return items until 6 December 2026.");
    await page.getByLabel("Heart mug Red, English: quantity to return (up to 2)").fill("3");
    await page.getByLabel("Reason for return (optional)").fill("The handle came off");
    await page.getByRole("button", { name: "Confirm return" }).click();
    const wrong = "Enter a quantity between 1 and 2 for Heart mug Red, English";
    await expect(summary(page).getByRole("listitem")).toHaveText([wrong]);
    await expect(page.getByLabel("Heart mug Red, English: quantity to return (up to 2)")).toHaveAccessibleDescription(wrong);
    await expect(page).toHaveTitle(`Error: Order ${reference} – heartunions week`);
    await expect(page.getByLabel("Reason for return (optional)")).toHaveValue("The handle came off");
    await page.getByLabel("Heart mug Red, English: quantity to return (up to 2)").fill("1");
    await page.getByRole("button", { name: "Confirm return" }).click();
    await expect(page.getByText("1 being returned")).toBeVisible();
    await expect(page.getByText("1 Example Yard")).toBeVisible();
    await expect.poll(() => server.mails("member@branch.example").at(-1)).toContain("1 × Heart mug Red, English");
    expect(server.command("orders", "show", reference)).toContain("The handle came off");
    server.command("orders", "receive", reference, "HEART-MUG-RED-EN:1");
    expect(await server.slowCommand("orders", "refund", reference)).toContain("refunded £7.50 to the card");
    await page.reload();
    await expect(status(page)).toContainText("We have refunded £7.50 to the account or card you paid with.");
    expect(stripe.refunds).toMatchObject([{ payment_intent: "pi_cs_test_0", amount: 750 }]);
    await appReady(page);
  });
});

cardTest.describe("while the payment page cannot be reached", () => {
  cardTest.use({ expectedConsole: /503/ });

  cardTest("the order page shows an error, and the order is paid later", async ({ page, server, stripe }) => {
    await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
    await fillMember(page);
    await page.getByRole("radio", { name: /^Debit or credit card/ }).check();
    stripe.isDown = true;
    await order(page).click();
    await orderPage(page);
    await expect(summary(page)).toContainText("We cannot reach our payment provider at the moment.");
    await appReady(page);
    await expect(page).toHaveURL(/\/orders\/[0-9a-f]{32}$/);
    await expect(summary(page)).toBeVisible();
    stripe.isDown = false;
    await page.getByRole("link", { name: "Pay £11.45 by card" }).click();
    await expect(page).toHaveURL(/\/c\/cs_test_0$/);
    await page.getByRole("button", { name: "Pay" }).click();
    await expect(status(page)).toContainText("Confirmed");
    await appReady(page);
  });
});

cardTest("a failed refund is retried after a restart of the server", async ({ page, server, stripe }) => {
  await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
  await fillMember(page);
  await page.getByRole("radio", { name: /^Debit or credit card/ }).check();
  await order(page).click();
  await page.getByRole("button", { name: "Pay" }).click();
  await expect(status(page)).toContainText("Confirmed");
  stripe.isDown = true;
  await page.getByRole("button", { name: "Cancel order" }).click();
  await expect(status(page)).toContainText("Cancelled");
  expect(await server.slowCommand("orders", "due")).toContain("£11.45  to the card");
  stripe.isDown = false;
  await server.killAndRestart(NOW);
  await expect.poll(() => stripe.refunds).toMatchObject([{ payment_intent: "pi_cs_test_0", amount: 1145 }]);
  await expect.poll(() => server.mails("member@branch.example").at(-1)).toContain("We have refunded £11.45");
  await page.reload();
  await expect(status(page)).toContainText("We have refunded £11.45 to the account or card you paid with.");
  expect(await server.slowCommand("orders", "due")).toBe("");
  await appReady(page);
});

test.describe("by keyboard alone", () => {
  test.use({ expectedConsole: /422/ });

  test("a quote is requested, accepted and approved with the officer's code, and a mug is returned", async ({ page, server }) => {
    server.command("branch", "Leeds General", "--officer", "officer@branch.example");
    const [type, press] = [(text: string) => page.keyboard.type(text), (key: string) => page.keyboard.press(key)];
    const send = page.locator(".order__approval").getByRole("button").first();
    await fillBasket(page, server, { "HEART-MUG-RED-EN": 40 });
    await tabTo(page, page.getByRole("radio", { name: "I am a member ordering for myself" }));
    await press("ArrowDown");
    await expect(page.getByRole("radio", { name: "I am ordering for a branch", exact: true })).toBeChecked();
    const typed = { branch: "Leeds General", name: "A Member", email: "member@branch.example", "line-1": "1 Union Street", town: "Leeds", postcode: "ls1 1aa" };
    for (const [field, text] of Object.entries(typed)) {
      await tabTo(page, page.locator(`#${field}`));
      await type(text);
    }
    await tabTo(page, page.getByRole("button", { name: "Get a quote instead" }));
    await press("Enter");
    const reference = await orderPage(page);

    // Without a number: the error links to its field.
    await tabTo(page, send);
    await press("Enter");
    await expect(summary(page)).toBeFocused();
    await press("Tab");
    await press("Enter");
    await expect(page.locator("#number")).toBeFocused();
    await type("PO 18");
    await press("Enter");
    await expect(status(page)).toContainText("Awaiting approval by your branch officer");
    const code = /\b\d{8}\b/;
    await expect.poll(() => server.mails("officer@branch.example").at(-1)).toMatch(code);
    await tabTo(page, page.locator("#code"));
    await type("000");
    await press("Enter");
    await expect(summary(page)).toBeFocused();
    await tabTo(page, page.locator("#code"));
    await type(code.exec(server.mails("officer@branch.example").at(-1) ?? "")?.[0] ?? "");
    await press("Enter");
    await expect(status(page)).toContainText("Confirmed");

    for (const step of ["packed", "dispatched", "delivered"]) server.command("orders", "move", reference, step);
    await page.reload();
    await expect(status(page)).toContainText("You can return items");
    const quantity = page.getByLabel("Heart mug Red, English: quantity to return (up to 40)");
    await tabTo(page, quantity);
    await type("41");
    await press("Enter");
    await expect(summary(page)).toBeFocused();
    await press("Tab");
    await press("Enter");
    await expect(quantity).toBeFocused();
    await press("ControlOrMeta+a");
    await type("1");
    await press("Tab");
    await type("The handle came off");
    await press("Tab");
    await press("Enter");
    await expect(page.getByText("1 being returned")).toBeVisible();
    await appReady(page);
  });
});

for (const locale of LOCALES) {
  const words =
    locale === "en"
      ? { branch: "I am ordering for a branch", quote: "Get a quote instead", quoted: "Quote", file: "Download quote (PDF)", invoice: "Download invoice (PDF)", done: "Confirmed" }
      : { branch: "Rwy’n archebu ar ran cangen", quote: "Gofyn am ddyfynbris yn lle hynny", quoted: "Dyfynbris", file: "Lawrlwytho’r dyfynbris (PDF)", invoice: "Lawrlwytho’r anfoneb (PDF)", done: "Wedi’i chadarnhau" };

  test.describe(() => {
    test.use({ expectedConsole: /422/ });

    test(`a branch asks for a quote, accepts it and downloads its invoice: ${locale}`, async ({ page, server }) => {
      server.command("branch", "Leeds General", "--officer", "officer@branch.example", "--approve-from", "250");
      await fillBasket(page, server, { "HEART-MUG-RED-CY": 12 }, locale);
      await fillMember(page);
      await expect(page.getByRole("button", { name: words.quote })).toBeHidden();
      await page.getByRole("radio", { name: words.branch, exact: true }).check();
      await page.locator("#branch").fill("Leeds General");
      await page.getByRole("button", { name: words.quote }).click();
      const reference = await orderPage(page);
      await expect(status(page)).toContainText(words.quoted);
      await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: `quote-${locale}.aria.yml` });
      const quote = await page.request.get(server.url + (await page.getByRole("link", { name: words.file }).getAttribute("href")));
      expect(quote.headers()["content-type"]).toBe("application/pdf");
      // Nothing was ordered: the basket is unchanged.
      await expect(page.locator("[data-basket-link]")).toHaveAttribute("data-count", "12");
      expect(server.command("stock", "HEART-MUG-RED-CY")).toContain("85 left");
      await page.locator(".order__approval").getByRole("button").click();
      await expect(summary(page)).toBeVisible();
      await page.locator("#number").fill("PO 18");
      await page.locator(".order__approval").getByRole("button").click();
      await expect(status(page)).toContainText(words.done);
      expect(server.command("stock", "HEART-MUG-RED-CY")).toContain("73 left");
      const invoice = await page.request.get(server.url + (await page.getByRole("link", { name: words.invoice }).getAttribute("href")));
      expect(invoice.headers()["content-disposition"]).toContain(`${reference}-${locale}.pdf`);
      await expect.poll(() => server.mails("member@branch.example").length).toBe(2);
      server.command("orders", "statement", "Leeds General", "PO 18", server.file("statement.pdf"), "--locale", locale);
      server.command("orders", "packing-note", reference, server.file("note.pdf"));
      await appReady(page);
    });
  });
}
