// The messages of rate limits: in plain words, with the time to wait, and without losing any
// input.
import { randomBytes } from "node:crypto";
import { fillBasket, fillMember, order, orderPage, placed, test as buyingTest } from "./buying.ts";
import { LOCALES, address, appReady, expect, open, test } from "./hub_test.ts";

for (const locale of LOCALES) {
  const words =
    locale === "en"
      ? { reference: "Order reference", email: "Email address", send: "Email me the link", found: "If we have an order with these details", limit: /We have had too many requests for this\. Wait \d+ minutes, then try again\./ }
      : { reference: "Cyfeirnod yr archeb", email: "Cyfeiriad e-bost", send: "E-bostio’r ddolen ataf", found: "Os oes gennym archeb â’r manylion hyn", limit: /Rydyn ni wedi cael gormod o geisiadau am hyn\. Arhoswch \d+ munud, yna rhowch gynnig arall arni\./ };

  test.describe(() => {
    test.use({ expectedConsole: /429/ });

    test(`rate limit on requests for an order link: ${locale}`, async ({ page }) => {
      const typed = { reference: `H26-${randomBytes(4).toString("hex")}`, email: `${randomBytes(4).toString("hex")}@branch.example` };
      const summary = page.locator("#error-summary");
      for (let press = 1; press <= 4; press += 1) {
        await open(page, address("/orders", locale));
        await page.getByLabel(words.reference).fill(typed.reference);
        await page.getByLabel(words.email).fill(typed.email);
        await page.getByRole("button", { name: words.send }).click();
        const told = press <= 3 ? page.getByRole("status").filter({ hasText: words.found }) : summary;
        await expect(told).toBeVisible();
      }
      await expect(summary).toBeFocused();
      await expect(summary).toContainText(words.limit);
      await appReady(page);
      await expect(summary).toBeVisible();
      await expect(page.getByLabel(words.reference)).toHaveValue(typed.reference);
      await expect(page.getByLabel(words.email)).toHaveValue(typed.email);
    });
  });
}

buyingTest.describe("at the checkout", () => {
  buyingTest.use({ expectedConsole: /429/ });

  buyingTest("an order over the rate limit is kept and sent again", async ({ page, server, context }) => {
    await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
    await fillMember(page);
    const problem = { type: "/problems/too-many-requests", title: "Too many requests", status: 429, retry_after_seconds: 700 };
    const refuse = (extra: object) =>
      context.route("**/api/v1/orders", (route) =>
        route.fulfill({ status: 429, contentType: "application/problem+json", body: JSON.stringify({ ...problem, ...extra }) }),
      );
    await refuse({});
    await order(page).click();
    const waits = page.getByRole("region", { name: "We have not confirmed your order yet" });
    await expect(waits).toContainText("We have had too many requests from your network. Wait 12 minutes, then try again.");
    await expect(page.locator("#name")).toHaveValue("A Member");
    const again = waits.getByRole("button", { name: "Try again" });
    await again.click();
    await expect(again).toBeFocused();
    // It survives a reload, too.
    await page.reload();
    await expect(waits).toContainText("Wait 12 minutes");
    await context.unroute("**/api/v1/orders");
    await again.click();
    await orderPage(page);
    expect(placed(server)).toHaveLength(1);

    // The error for an email address is beside its field, and can be corrected.
    await fillBasket(page, server, { "HEART-MUG-RED-EN": 1 });
    await fillMember(page);
    await refuse({ errors: [{ field: "customer.email", detail: "Too many orders from this email address." }] });
    await order(page).click();
    await expect(page.locator("#error-summary")).toContainText("We have had too many orders from this email address. Wait 12 minutes");
    await expect(page.locator("#email")).toHaveAccessibleDescription(/too many orders from this email address/);
    await context.unroute("**/api/v1/orders");
    await page.locator("#email").fill("other@branch.example");
    await order(page).click();
    await orderPage(page);
    await appReady(page);
  });
});
