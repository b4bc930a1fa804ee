// From the basket to an order, with validation errors.
import { fillBasket, fillMember, order, orderPage, placed, summary, test } from "./buying.ts";
import { LOCALES, address, appReady, expect, hold, open, test as base } from "./hub_test.ts";

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

test("what is typed before the app is ready replaces the stored draft", async ({ page, server }) => {
  await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
  await fillMember(page);
  const release = await hold(page, "**/*.wasm");
  await page.reload();
  await page.locator("#name").fill("Another Member");
  await page.getByRole("radio", { name: "I am ordering for a branch", exact: true }).check();
  release();
  await appReady(page);
  await expect(page.locator("#name")).toHaveValue("Another Member");
  await expect(page.getByRole("radio", { name: "I am ordering for a branch", exact: true })).toBeChecked();
  await expect(page.locator("#email")).toHaveValue("member@branch.example");
  await expect(page.getByLabel("Branch or union")).toBeVisible();
  await page.getByLabel("Branch or union").fill("Leeds General");
  await order(page).click();
  const reference = await orderPage(page);
  expect(server.command("orders", "show", reference)).toContain("Another Member");
  await appReady(page);
});

test("what phones and word processors insert is cleaned before it is sent", async ({ page, server }) => {
  await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
  await fillMember(page);
  // Accents as separate characters, as macOS writes them in file names.
  await page.locator("#name").fill("Sia\u0302n\u00a0 Rene\u0301e");
  // A number copied from a phone's contacts.
  await page.locator("#telephone").fill("\u202d+44\u00a020\u00a07946\u20110190\u202c");
  const sent = page.waitForRequest((request) => request.method() === "POST" && request.url().endsWith("/api/v1/orders"));
  await order(page).click();
  const { customer } = (await sent).postDataJSON() as { customer: { name: string; telephone: string } };
  const clean = { name: "Si\u00e2n Ren\u00e9e", telephone: "+44 20 7946-0190" };
  expect(customer).toMatchObject(clean);
  const reference = await orderPage(page);
  await expect(page.locator(".order__aside")).toContainText(clean.name);
  const shown = server.command("orders", "show", reference);
  expect(shown).toContain(`"name": "${clean.name}"`);
  expect(shown).toContain(`"telephone": "${clean.telephone}"`);
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
    await main.getByRole("link", { name: "Add several products at once" }).click();
    await expect(page).toHaveURL(`${server.url}/basket#bulk-title`);
    await expect(page.getByRole("heading", { name: "Add several products at once" })).toBeFocused();
    await expect(page.getByRole("textbox", { name: "Paste your order list" })).toBeVisible();
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

test("prices follow a postcode while it is typed, so that no button moves when the field is left", async ({ page, server }) => {
  await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
  const postcodes: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/api/v1/prices")) postcodes.push((request.postDataJSON() as { postcode: string }).postcode);
  });
  const priced = page.waitForResponse("**/api/v1/prices");
  await page.locator("#postcode").pressSequentially("ls11aa");
  await priced;
  expect(postcodes).toEqual(["LS1 1AA"]);
  await fillMember(page);
  await order(page).click();
  await orderPage(page);
  expect(postcodes).toEqual(["LS1 1AA"]);
});

test("the focus moves to the order summary if its delivery option is not offered any more", async ({ page, server }) => {
  await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
  const fastest = page.locator("#delivery-option-fastest");
  const release = await hold(page, "**/api/v1/prices");
  const requested = page.waitForRequest("**/api/v1/prices");
  await page.locator("#postcode").fill("IM1 1AA");
  await requested;
  await fastest.focus();
  release();
  await expect(fastest).toHaveCount(0);
  await expect(page.locator("#checkout-lines")).toBeFocused();
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
    await expect(page.locator(".order__status")).toContainText("Awaiting approval by your branch officer");
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
    await expect(page.locator(".order__status")).toContainText("Confirmed");
    const invoice = await page.request.get(server.url + (await page.getByRole("link", { name: "Download invoice (PDF)" }).getAttribute("href")));
    expect(invoice.headers()["content-type"]).toBe("application/pdf");
    const reference = await orderPage(page);
    server.command("orders", "move", reference, "packed", "--note", "Two boxes");
    await page.reload();
    await expect(page.locator(".order__status")).toContainText("Packed");
    await expect(page.getByText("Two boxes")).toBeVisible();
    await expect(page.getByRole("button", { name: "Cancel order" })).toHaveCount(0);
    server.command("orders", "dispatch", reference, "HEART-BADGE-RED-EN:150");
    await page.reload();
    await expect(page.locator(".order__status")).toContainText("Part dispatched");
    await expect(page.getByText("150 dispatched")).toBeVisible();
    expect(() => server.command("orders", "dispatch", reference, "HEART-BADGE-RED-EN:251")).toThrow();
    server.command("orders", "dispatch", reference, "HEART-BADGE-RED-EN:250", "HEART-T-SHIRT-PLUM-M:20");
    server.command("orders", "move", reference, "delivered");
    await page.reload();
    await expect(page.locator(".order__status")).toContainText("You can return items until 6 December 2026.");
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
    await expect(page.locator(".checkout__items")).toBeVisible();
    await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: `checkout-${locale}.aria.yml` });
    await open(page, address("/orders", locale));
    await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: `find-order-${locale}.aria.yml` });
  });
}
