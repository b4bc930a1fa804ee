// The basket: stored on the device, shared by all tabs, with the shop's prices.
import { type Page, type Locator } from "@playwright/test";
import { LOCALES, address, appReady, expect, hold, open, test } from "./hub_test.ts";

const count = (page: Page) => page.getByRole("banner").or(page.locator(".bar")).getByRole("link", { name: /^Basket|^Basged/ });
const line = (page: Page, name: string): Locator => page.locator(".basket-line").filter({ hasText: name });
const quantity = (page: Page, name: string): Locator => line(page, name).getByRole("spinbutton");
const status = (page: Page): Locator => page.locator(".basket__status");

/** Fills the basket as if on an earlier visit. */
async function fill(page: Page, lines: Record<string, string>) {
  await page.addInitScript((lines) => {
    if (sessionStorage.getItem("filled")) return;
    sessionStorage.setItem("filled", "yes");
    for (const [sku, value] of Object.entries(lines)) localStorage.setItem(`basket-1-${sku}`, value);
  }, lines);
}

test("several sizes at once, and the basket after a reload", async ({ page }) => {
  await open(page, "/shop/heart-t-shirt?colour=plum");
  await page.getByText("Add several sizes at once").click();
  for (const [size, number] of [["S", "4"], ["M", "10"], ["L", "6"]] as const) {
    await page.getByRole("spinbutton", { name: size, exact: true }).fill(number);
  }
  await page.getByRole("button", { name: "Add to basket" }).click();
  await expect(page.locator(".add__status")).toHaveText("20 items added to your basket: Heart T-shirt.");
  await expect(count(page)).toHaveAttribute("data-count", "20");
  await page.getByRole("link", { name: "View basket" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Your basket" })).toBeFocused();
  await expect(page.getByRole("heading", { level: 2, name: "20 items" })).toBeVisible();
  await expect(page.locator(".basket-line")).toHaveCount(3);
  // Ten or more of all sizes together are cheaper.
  await expect(line(page, "Plum, S")).toContainText("£11.00 each");
  await page.reload();
  await appReady(page);
  await expect(quantity(page, "Plum, M")).toHaveValue("10");
});

test("changed quantity, removal with undo, saved for later", async ({ page }) => {
  await fill(page, { "HEART-MUG-RED-EN": "2 1", "HEART-BADGE-RED-EN": "30 2" });
  await open(page, "/basket");
  await quantity(page, "Heart mug").fill("12");
  await quantity(page, "Heart mug").press("Tab");
  await expect(line(page, "Heart mug")).toContainText("£81.00");
  await expect(count(page)).toHaveAttribute("data-count", "42");
  await quantity(page, "Heart mug").fill("0");
  await quantity(page, "Heart mug").press("Enter");
  const wrong = "Quantity must be a whole number between 1 and 10,000";
  await expect(status(page)).toHaveText(wrong);
  await expect(quantity(page, "Heart mug")).toHaveValue("0");
  await expect(quantity(page, "Heart mug")).toHaveAccessibleDescription(wrong);
  await expect(page).toHaveTitle("Error: Your basket – heartunions week");
  await quantity(page, "Heart mug").fill("12");
  await quantity(page, "Heart mug").press("Enter");
  await expect(quantity(page, "Heart mug")).toHaveAccessibleDescription("");
  await expect(page).toHaveTitle("Your basket – heartunions week");

  await line(page, "Heart button badge").getByRole("button", { name: /^Remove/ }).click();
  await expect(status(page)).toHaveText("Heart button badge removed.");
  await expect(page.getByRole("button", { name: "Undo" })).toBeFocused();
  await expect(line(page, "Heart button badge")).toHaveCount(0);
  await page.keyboard.press("Enter");
  await expect(quantity(page, "Heart button badge")).toHaveValue("30");

  await line(page, "Heart mug").getByRole("button", { name: /^Save for later/ }).click();
  await expect(count(page)).toHaveAttribute("data-count", "30");
  await expect(page.getByRole("heading", { name: "Saved for later" })).toBeVisible();
  await page.getByRole("button", { name: /^Move to basket/ }).click();
  await expect(quantity(page, "Heart mug")).toHaveValue("12");
});

test("an invalid quantity of a size adds nothing, and stays to be corrected", async ({ page }) => {
  await open(page, "/shop/heart-t-shirt?colour=plum");
  await page.getByText("Add several sizes at once").click();
  const size = (name: string) => page.getByRole("spinbutton", { name, exact: true });
  await size("S").fill("4");
  for (const wrong of ["2.5", "99999"]) {
    await size("M").fill(wrong);
    await page.getByRole("button", { name: "Add to basket" }).click();
    await expect(page.locator(".add__status")).toHaveText("Quantity must be a whole number between 1 and 10,000");
    await expect(size("M")).toBeFocused();
    await expect(size("M")).toHaveValue(wrong);
    await expect(page).toHaveTitle("Error: Heart T-shirt – heartunions week");
    await expect(count(page)).not.toHaveAttribute("data-count");
  }
  await size("M").fill("2");
  await page.getByRole("button", { name: "Add to basket" }).click();
  await expect(count(page)).toHaveAttribute("data-count", "6");
  await expect(page).toHaveTitle("Heart T-shirt – heartunions week");
});

test("the error of a quantity is shown once typing pauses", async ({ page }) => {
  await fill(page, { "HEART-MUG-RED-EN": "2 1", "HEART-BADGE-RED-EN": "30 2" });
  await open(page, "/basket");
  await line(page, "Heart button badge").getByRole("button", { name: /^Remove/ }).click();
  await expect(page.getByRole("button", { name: "Undo" })).toBeFocused();
  await quantity(page, "Heart mug").fill("0");
  await expect(page.getByRole("button", { name: "Undo" })).toBeHidden();
  await expect(quantity(page, "Heart mug")).toHaveAccessibleDescription("Quantity must be a whole number between 1 and 10,000");
  await expect(quantity(page, "Heart mug")).toBeFocused();
});

test("pressing a control right after typing a quantity acts", async ({ page }) => {
  /** Presses a control at its upper edge, from which an error above it would move it away. */
  const typeAndPress = async (text: string, control: Locator) => {
    await quantity(page, "Heart mug").selectText();
    const box = await control.boundingBox();
    await page.mouse.move(box!.x + box!.width / 2, box!.y + 4);
    await page.keyboard.type(text);
    await page.mouse.down();
    // What the press changes is shown before it ends.
    await page.evaluate(() => new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown))));
    await page.mouse.up();
  };
  await page.setViewportSize({ width: 400, height: 1800 });
  await fill(page, { "HEART-MUG-RED-EN": "2 1", "HEART-BADGE-RED-EN": "30 2" });
  await open(page, "/basket");
  await expect(quantity(page, "Heart mug")).toHaveValue("2");
  await typeAndPress("0", line(page, "Heart button badge").getByRole("button", { name: /^Save for later/ }));
  await expect(page.getByRole("heading", { name: "Saved for later" })).toBeVisible();
  await expect(quantity(page, "Heart mug")).toHaveAccessibleDescription("Quantity must be a whole number between 1 and 10,000");
  await quantity(page, "Heart mug").fill("3");
  await quantity(page, "Heart mug").press("Enter");
  await expect(quantity(page, "Heart mug")).toHaveAccessibleDescription("");
  const checkout = page.getByRole("main").getByRole("link", { name: "Checkout" });
  await typeAndPress("0", checkout);
  await expect(page).toHaveURL("/checkout");
  await page.goBack();
  await expect(quantity(page, "Heart mug")).toHaveValue("3");
  await typeAndPress("12", checkout);
  await expect(page).toHaveURL("/checkout");
  await expect(count(page)).toHaveAttribute("data-count", "12");
});

test("a quantity typed while prices load is kept", async ({ page }) => {
  await fill(page, { "HEART-MUG-RED-EN": "2 1", "HEART-BADGE-RED-EN": "30 2" });
  await open(page, "/basket");
  await expect(quantity(page, "Heart mug")).toHaveValue("2");
  const answer = await hold(page, "**/api/v1/prices");
  await quantity(page, "Heart mug").fill("12");
  await quantity(page, "Heart button badge").focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("44");
  answer();
  await expect(line(page, "Heart mug")).toContainText("£81.00");
  await expect(quantity(page, "Heart button badge")).toBeFocused();
  await expect(quantity(page, "Heart button badge")).toHaveValue("44");
  await page.keyboard.press("Tab");
  await expect(count(page)).toHaveAttribute("data-count", "56");
});

test("an unedited quantity does not overwrite a change in another tab", async ({ page, context }) => {
  await fill(page, { "HEART-MUG-RED-EN": "2 1" });
  await open(page, "/basket");
  await expect(quantity(page, "Heart mug")).toHaveValue("2");
  const answer = await hold(page, "**/api/v1/prices");
  await quantity(page, "Heart mug").focus();
  const other = await context.newPage();
  await open(other, "/basket");
  await quantity(other, "Heart mug").fill("5");
  await quantity(other, "Heart mug").press("Tab");
  await expect(count(page)).toHaveAttribute("data-count", "5");
  await page.keyboard.press("Tab");
  answer();
  await expect(quantity(page, "Heart mug")).toHaveValue("5");
  await expect(count(other)).toHaveAttribute("data-count", "5");
});

test("the wheel over a quantity scrolls the page and changes nothing", async ({ page }) => {
  const wheelOver = async (field: Locator) => {
    await field.focus();
    await field.hover();
    const before = await page.evaluate(() => scrollY);
    await page.mouse.wheel(0, 40);
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(before);
    await expect(field).toHaveValue("20");
    await expect(field).toBeFocused();
  };
  await fill(page, { "HEART-MUG-RED-EN": "20 1" });
  await page.setViewportSize({ width: 400, height: 500 });
  await open(page, "/basket");
  await wheelOver(quantity(page, "Heart mug"));
  await open(page, "/shop/heart-t-shirt?colour=plum");
  const single = page.getByRole("spinbutton", { name: "Quantity" });
  await single.fill("20");
  await wheelOver(single);
  await page.getByText("Add several sizes at once").click();
  const size = page.getByRole("spinbutton", { name: "M", exact: true });
  await size.fill("20");
  await wheelOver(size);
});

test("a page restored from the back-forward cache counts items added meanwhile", async ({ page }) => {
  await open(page, "/basket");
  await page.evaluate(() => {
    localStorage.setItem("basket-9-HEART-MUG-RED-EN", "4 1");
    dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
  });
  await expect(count(page)).toHaveAttribute("data-count", "4");
  await expect(quantity(page, "Heart mug")).toHaveValue("4");
});

test("concurrent changes in two tabs are both kept", async ({ page, context }) => {
  await fill(page, { "HEART-MUG-RED-EN": "1 1" });
  await open(page, "/basket");
  await expect(quantity(page, "Heart mug")).toHaveValue("1");
  const other = await context.newPage();
  const [mug, shirt] = [page, other];
  await open(mug, "/shop/heart-mug");
  await open(shirt, "/shop/heart-mug");
  for (const tab of [mug, shirt]) await tab.getByRole("spinbutton", { name: "Quantity" }).focus();
  for (let round = 1; round <= 5; round++) {
    await Promise.all([mug, shirt].map((tab) => tab.getByRole("button", { name: "Add to basket" }).click()));
    for (const tab of [mug, shirt]) await expect(count(tab)).toHaveAttribute("data-count", String(1 + 2 * round));
  }
  await open(mug, "/basket");
  await expect(quantity(mug, "Heart mug")).toHaveValue("11");
  // The other tab's basket follows.
  await open(other, "/basket");
  await quantity(mug, "Heart mug").fill("3");
  await quantity(mug, "Heart mug").press("Tab");
  await expect(quantity(other, "Heart mug")).toHaveValue("3");
});

test("a link asks before it adds items", async ({ page }) => {
  await open(page, "/basket?add=HEART-BADGE-RED-EN:12,NOTHING:1");
  const question = page.getByRole("region", { name: "Add the items from this link to your basket?" });
  await expect(question).toContainText("12 × Heart button badge");
  await expect(question).toContainText("We do not have a product with the code NOTHING");
  await expect(count(page)).not.toHaveAttribute("data-count");
  await question.getByRole("button", { name: "No thanks" }).click();
  await expect(page).toHaveURL("/basket");
  await expect(count(page)).not.toHaveAttribute("data-count");
  await page.goto("/basket?add=HEART-BADGE-RED-EN:12");
  await appReady(page);
  await question.getByRole("button", { name: "Add to basket" }).click();
  await expect(page).toHaveURL("/basket");
  await expect(quantity(page, "Heart button badge")).toHaveValue("12");
  await page.reload();
  await appReady(page);
  await expect(quantity(page, "Heart button badge")).toHaveValue("12");
  await expect(question).toHaveCount(0);
});

test.describe("a link that is opened offline", () => {
  test.use({ expectedConsole: /Failed to load resource/ });

  test("asks once the connection is back", async ({ page, context }) => {
    await open(page, "/shop/heart-mug");
    await page.evaluate(() => {
      const link = Object.assign(document.createElement("a"), { href: "/basket?add=HEART-BADGE-RED-EN:12", textContent: "link" });
      document.querySelector("main")!.prepend(link);
    });
    await page.route("**/api/v1/prices", (route) => route.abort());
    await page.getByRole("link", { name: "link", exact: true }).click();
    await expect(page.getByRole("region", { name: "We could not load the prices" })).toBeVisible();
    await page.unroute("**/api/v1/prices");
    await page.getByRole("button", { name: "Try again" }).focus();
    await page.evaluate(() => dispatchEvent(new Event("online")));
    const question = page.getByRole("region", { name: "Add the items from this link to your basket?" });
    await expect(question).toContainText("12 × Heart button badge");
    await expect(question.getByRole("heading")).toBeFocused();
  });
});

test("a pasted list and a file are added, and their errors shown", async ({ page }) => {
  await open(page, "/basket");
  await page.getByLabel("Paste your order list").fill("SKU,Quantity\nheart-mug-red-en,12\nNOTHING,2\nHEART-MUG-RED-CY;many\n");
  await page.locator(".bulk-add").getByRole("button", { name: "Add to basket" }).click();
  const report = page.locator(".bulk-add__report");
  await expect(report).toContainText("1 product added to your basket.");
  await expect(report).toContainText("2 lines were not added.");
  await expect(page).toHaveTitle("Error: Your basket – heartunions week");
  await expect(report).toContainText("Line 4: HEART-MUG-RED-CY;many: Quantity must be a whole number between 1 and 10,000");
  await expect(report).toContainText("We do not have a product with the code NOTHING");
  await expect(page.getByLabel("Paste your order list")).toHaveValue("HEART-MUG-RED-CY;many\nNOTHING,2");
  await expect(quantity(page, "Heart mug")).toHaveValue("12");
  // Pressed twice before the shop has responded.
  await page.getByLabel("Paste your order list").fill("HEART-MUG-RED-CY 3");
  const answer = await hold(page, "**/api/v1/prices");
  await page.locator(".bulk-add").getByRole("button", { name: "Add to basket" }).dblclick();
  answer();
  await expect(report).toHaveText("1 product added to your basket.");
  await expect(page).toHaveTitle("Your basket – heartunions week");
  await expect(quantity(page, "Welsh")).toHaveValue("3");
  await page.getByLabel("Paste your order list").fill("");
  const buffer = Buffer.from("\ufeffHEART-BADGE-RED-EN;400\r\n");
  await page.getByLabel("Or upload a CSV file").setInputFiles({ name: "order.csv", mimeType: "text/csv", buffer });
  await page.locator(".bulk-add").getByRole("button", { name: "Add to basket" }).click();
  await expect(quantity(page, "Heart button badge")).toHaveValue("400");
});

test("a file is parsed separately, with its own line numbers", async ({ page }) => {
  await open(page, "/basket");
  await page.getByLabel("Paste your order list").fill('HEART-MUG-RED-EN;"1,000"');
  const buffer = Buffer.from("Nifer;Cod y cynnyrch\r\n\r\n40;HEART-BADGE-RED-EN\r\nfew;HEART-MUG-RED-CY\r\n");
  await page.getByLabel("Or upload a CSV file").setInputFiles({ name: "order.csv", mimeType: "text/csv", buffer });
  await page.locator(".bulk-add").getByRole("button", { name: "Add to basket" }).click();
  const report = page.locator(".bulk-add__report");
  await expect(report).toContainText("2 products added to your basket.");
  await expect(report).toContainText("order.csv, line 4: few;HEART-MUG-RED-CY: Quantity must be a whole number");
  await expect(quantity(page, "Heart mug")).toHaveValue("1000");
  await expect(quantity(page, "Heart button badge")).toHaveValue("40");
  // The heading is kept with the line that needs it.
  const list = page.getByLabel("Paste your order list");
  await expect(list).toHaveValue("Nifer;Cod y cynnyrch\nfew;HEART-MUG-RED-CY");
  await list.fill("Nifer;Cod y cynnyrch\n3;HEART-MUG-RED-CY");
  await page.locator(".bulk-add").getByRole("button", { name: "Add to basket" }).click();
  await expect(report).toHaveText("1 product added to your basket.");
  await expect(quantity(page, "Welsh")).toHaveValue("3");
});

test("entries of older and newer versions are read and preserved", async ({ page }) => {
  await fill(page, { "HEART-MUG-RED-EN": "3", "HEART-BADGE-RED-EN": "2 5 what a later version knows" });
  await page.addInitScript(() => localStorage.getItem("shown-prices") ?? localStorage.setItem("shown-prices", "HEART-MUG-RED-EN:700"));
  await open(page, "/basket");
  await expect(quantity(page, "Heart mug")).toHaveValue("3");
  await expect(line(page, "Heart mug")).toContainText("The price has changed from £7.00 to £7.50 each.");
  await quantity(page, "Heart button badge").fill("5");
  await quantity(page, "Heart button badge").press("Tab");
  await expect(count(page)).toHaveAttribute("data-count", "8");
  const kept = await page.evaluate(() => localStorage.getItem("basket-1-HEART-BADGE-RED-EN"));
  expect(kept).toBe("2 5 what a later version knows");
  await page.reload();
  await appReady(page);
  await expect(quantity(page, "Heart mug")).toHaveValue("3");
  await expect(page.getByText("The price has changed")).toHaveCount(0);
});

test.describe("without the shop", () => {
  test.use({ expectedConsole: /Failed to load resource/ });
  test("the basket is kept, and priced once the shop responds", async ({ page, context }) => {
    await fill(page, { "HEART-MUG-RED-EN": "2 1" });
    await context.route("**/api/v1/prices", (route) => route.abort());
    await open(page, "/basket");
    await expect(page.getByRole("heading", { name: "We could not load the prices" })).toBeVisible();
    await expect(page.getByText("2 × HEART-MUG-RED-EN")).toBeVisible();
    await context.unroute("**/api/v1/prices");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(quantity(page, "Heart mug")).toHaveValue("2");
  });

  test("prices that load when the connection is back take the focus from the button", async ({ page }) => {
    await fill(page, { "HEART-MUG-RED-EN": "2 1" });
    await page.route("**/api/v1/prices", (route) => route.abort());
    await open(page, "/basket");
    await page.getByRole("button", { name: "Try again" }).focus();
    await page.unroute("**/api/v1/prices");
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await expect(page.getByRole("heading", { name: "2 items" })).toBeFocused();
  });

  test("lines and typed quantities are kept when prices fail to load", async ({ page }) => {
    await fill(page, { "HEART-MUG-RED-EN": "2 1", "HEART-BADGE-RED-EN": "30 2" });
    await open(page, "/basket");
    const checkout = page.getByRole("main").getByRole("link", { name: "Checkout" });
    await expect(checkout).toBeVisible();
    await page.route("**/api/v1/prices", (route) => route.abort());
    await quantity(page, "Heart mug").fill("12");
    await quantity(page, "Heart button badge").focus();
    await page.keyboard.press("ControlOrMeta+a");
    // The second quantity is priced after a pause in typing. That must not succeed later on.
    const failed = page.waitForEvent("requestfailed", (request) => request.postData()?.includes('"quantity":44') ?? false);
    await page.keyboard.type("44");
    await expect(page.getByRole("heading", { name: "We could not load the prices" })).toBeVisible();
    await failed;
    await expect(checkout).toHaveCount(0);
    await expect(quantity(page, "Heart button badge")).toBeFocused();
    await expect(quantity(page, "Heart button badge")).toHaveValue("44");
    await page.unroute("**/api/v1/prices");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(line(page, "Heart mug")).toContainText("£81.00");
    await expect(quantity(page, "Heart button badge")).toHaveValue("44");
    await expect(count(page)).toHaveAttribute("data-count", "56");
  });
});

test("a browser that cannot store anything shows a message", async ({ page }) => {
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  await open(page, "/shop/heart-mug");
  await page.getByRole("button", { name: "Add to basket" }).click();
  await expect(page.locator(".add__status")).toContainText("Your browser is stopping this site from saving a basket.");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });
  for (const path of ["/basket", "/checkout", "/shop/heart-mug"]) {
    test(`the order contact is on ${path}`, async ({ page }) => {
      await page.goto(path);
      await expect(page.getByRole("link", { name: "020 7946 0190" })).toBeVisible();
      await expect(page.getByRole("button", { name: /basket|list|order/i })).toHaveCount(0);
    });
  }
});

for (const locale of LOCALES) {
  test(`the accessibility tree of the basket, empty and filled: ${locale}`, async ({ page }) => {
    await open(page, address("/basket", locale));
    await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: `basket-empty-${locale}.aria.yml` });
    await page.evaluate(() => {
      localStorage.setItem("basket-1-HEART-MUG-PLUM-CY", "12 1");
      localStorage.setItem("later-1-HEART-BADGE-RED-EN", "3 2");
    });
    await page.reload();
    await appReady(page);
    await expect(page.locator(".basket-line")).toHaveCount(1);
    await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: `basket-${locale}.aria.yml` });
  });
}
