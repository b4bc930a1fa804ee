// The app on a static host: one document for every URL, and data from the API of a server on
// another origin.
import type { Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { appReady, expect, hold, test as base } from "./hub_test.ts";
import { fillMember, order, orderPage } from "./buying.ts";
import { NOW, Server } from "./server.ts";
import { StaticHost } from "./static_host.ts";

/** The app's URL, and the server whose API it calls. */
interface Site {
  url: string;
  server: Server;
}

const test = base.extend<{ site: Site }>({
  site: async ({ page }, use) => {
    let api = "";
    const host = await StaticHost.start(() => api);
    const server = await Server.start(NOW, { allowOrigin: host.url });
    api = server.url;
    await use({ url: host.url, server });
    await page.close();
    await server.stop();
    await host.stop();
  },
});

// A browser adds no custom headers to cross-origin requests.
test.use({ extraHTTPHeaders: {} });

test("home page, finder, Welsh and Back", async ({ page, site }) => {
  await page.goto(site.url);
  await appReady(page);
  await expect(page).toHaveTitle("heartunions week");
  await expect(page.getByText("78 days to go")).toBeVisible();
  await page.getByLabel(/postcode/i).fill("LS1");
  await page.getByLabel(/postcode/i).press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Yorkshire and the Humber");
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("heartunions week");
  await page.getByRole("link", { name: "Cymraeg" }).click();
  await appReady(page);
  await expect(page).toHaveURL(new RegExp(`^${site.url}/cy(#.*)?$`));
  await expect(page.locator("html")).toHaveAttribute("lang", "cy");
  await expect(page.getByRole("contentinfo")).toContainText("Preifatrwydd");
});

test("the shop's list is filtered, and Back from a product returns to it", async ({ page, site }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  const cards = page.locator(".results .card__name");
  await page.goto(`${site.url}/shop`);
  await appReady(page);
  await page.getByRole("searchbox").fill("shirt");
  await expect(page.getByRole("heading", { name: "4 products" })).toBeVisible();
  await page.getByRole("checkbox", { name: "Black 2" }).check();
  await expect(page).toHaveURL(`${site.url}/shop?q=shirt&colour=black`);
  await expect(page.getByRole("heading", { name: "2 products" })).toBeVisible();
  await expect(cards).toHaveText(["Organise T-shirt", "Long-sleeved T-shirt"]);
  await page.getByRole("link", { name: "Organise T-shirt" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Organise T-shirt");
  await page.goBack();
  await expect(page).toHaveURL(`${site.url}/shop?q=shirt&colour=black`);
  await expect(cards).toHaveText(["Organise T-shirt", "Long-sleeved T-shirt"]);
  await expect(page.getByRole("checkbox", { name: "Black 2" })).toBeChecked();
});

test("deep links lead to their pages, filters included", async ({ page, site }) => {
  await page.goto(`${site.url}/shop?category=mugs`);
  await appReady(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Shop");
  await expect(page.getByRole("heading", { name: "4 products" })).toBeVisible();
  await expect(page.getByRole("checkbox", { name: /^Mugs/ })).toBeChecked();
  for (const [path, heading] of [
    ["/cy/support", "Ydy hyn yn digwydd i chi?"],
    ["/nowhere", "Page not found"],
  ] as const) {
    await page.goto(site.url + path);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(heading);
  }
});

test("Exit this page leads to the neutral page", async ({ page, site }) => {
  for (const [path, exit, heading] of [
    ["/support", "Exit this page", "Kitchen measures"],
    ["/cy/support", "Gadael y dudalen hon", "Mesurau’r gegin"],
  ] as const) {
    await page.goto(site.url + path);
    await appReady(page);
    await page.getByRole("link", { name: exit }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(heading);
  }
});

test("downloads and calendars come from the API's origin", async ({ page, site }) => {
  await page.goto(`${site.url}/events/opening-call`);
  await appReady(page);
  const calendar = page.getByRole("link", { name: /calendar/i }).first();
  await expect(calendar).toHaveAttribute("href", new RegExp(`^${site.server.url}/events/`));
  expect((await fetch((await calendar.getAttribute("href"))!)).status).toBe(200);
  await page.goto(`${site.url}/resources/activist-pack`);
  await appReady(page);
  const file = page.getByRole("link", { name: /Download/ }).first();
  expect((await fetch((await file.getAttribute("href"))!)).headers.get("content-type")).toBe("application/pdf");
});

/** Opens the checkout with mugs in the basket, and fills in the form. */
async function fillCheckout(page: Page, site: Site, quantity: number) {
  await page.goto(`${site.url}/checkout`);
  await page.evaluate((quantity) => localStorage.setItem("basket-1-HEART-MUG-RED-EN", `${quantity} 1`), quantity);
  await page.reload();
  await appReady(page);
  await fillMember(page);
}

/** Orders a mug; returns the reference. */
async function placeOrder(page: Page, site: Site): Promise<string> {
  await fillCheckout(page, site, 1);
  await order(page).click();
  const reference = await orderPage(page);
  await expect(page).toHaveURL(new RegExp(`^${site.url}/orders/`));
  await appReady(page);
  return reference;
}

test("an order's form goes to the API's server after the app has stopped", async ({ page, site }) => {
  await placeOrder(page, site);
  await page.evaluate(() => document.documentElement.setAttribute("data-app", "failed"));
  await page.getByRole("button", { name: "Cancel order" }).click();
  await expect(page).toHaveURL(new RegExp(`^${site.server.url}/orders/`));
  await expect(page.locator(".order__status")).toContainText("Cancelled");
  await appReady(page);
});

test("an order is placed and cancelled", async ({ page, site }) => {
  await placeOrder(page, site);
  await page.getByRole("button", { name: "Cancel order" }).click();
  await expect(page.locator(".order__status")).toContainText("Cancelled");
  await expect(page.locator("#order-status")).toBeFocused();
  await expect.poll(() => site.server.mails("member@branch.example").length).toBe(2);
  await page.goto(`${site.url}/orders`);
  await appReady(page);
  await page.getByLabel("Order reference").fill("H26-2222-2222");
  await page.getByLabel("Email address").fill("member@branch.example");
  await page.getByRole("button", { name: "Email me the link" }).click();
  await expect(page.getByText("If we have an order with these details")).toBeFocused();
});

test("the address of an order is changed, and an item returned", async ({ page, site }) => {
  const reference = await placeOrder(page, site);
  await page.getByText("Change the delivery address", { exact: true }).click();
  await page.getByLabel("Address line 1").fill("2 Union Street");
  await page.getByRole("button", { name: "Save address" }).click();
  await expect(page.locator(".order__aside")).toContainText("2 Union Street, Leeds");
  for (const step of ["confirmed", "packed", "dispatched", "delivered"]) site.server.command("orders", "move", reference, step);
  await page.reload();
  await appReady(page);
  await page.getByLabel("Heart mug Red, English: quantity to return (up to 1)").fill("1");
  await page.getByRole("button", { name: "Confirm return" }).click();
  await expect(page.getByText("1 being returned")).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`^${site.url}/orders/`));
});

test("a quote is accepted, and approved with the officer's code", async ({ page, site }) => {
  site.server.command("branch", "Leeds General", "--officer", "officer@branch.example");
  await fillCheckout(page, site, 40);
  await page.getByRole("radio", { name: "I am ordering for a branch", exact: true }).check();
  await page.locator("#branch").fill("Leeds General");
  await page.getByRole("button", { name: "Get a quote instead" }).click();
  await orderPage(page);
  const status = page.locator(".order__status");
  await expect(status).toContainText("Quote");
  await appReady(page);
  await page.locator("#number").fill("PO 18");
  await page.locator("#number").press("Enter");
  await expect(status).toContainText("Awaiting approval by your branch officer");
  const code = /\b\d{8}\b/;
  await expect.poll(() => site.server.mails("officer@branch.example").at(-1)).toMatch(code);
  await page.locator("#code").fill(code.exec(site.server.mails("officer@branch.example").at(-1) ?? "")![0]);
  await page.locator("#code").press("Enter");
  await expect(status).toContainText("Confirmed");
  await expect(page).toHaveURL(new RegExp(`^${site.url}/orders/`));
});

test("a poster's PDF is made by the API's server", async ({ page, site }) => {
  await page.goto(`${site.url}/poster-maker`);
  await appReady(page);
  await page.getByLabel("Headline").fill("Come and talk");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download PDF" }).click();
  const saved = await download;
  expect(saved.url()).toMatch(new RegExp(`^${site.server.url}/`));
  expect((await readFile(await saved.path())).subarray(0, 5).toString()).toBe("%PDF-");
  await expect(page.getByLabel("Headline")).toHaveValue("Come and talk");
});

test("contrast works before the app is ready, and the page says that it is loading", async ({ page, site }) => {
  const release = await hold(page, "**/*.wasm");
  await page.goto(site.url, { waitUntil: "domcontentloaded" });
  await expect(page.getByRole("status")).toContainText("Loading…");
  await page.getByRole("button", { name: "High contrast" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-contrast", "high");
  release();
  await appReady(page);
  await expect(page.getByRole("button", { name: "High contrast" })).toHaveAttribute("aria-pressed", "true");
  await expect(page.locator("#waiting-shell")).toHaveCount(0);
});

test.describe("without", () => {
  test.use({ expectedConsole: /could not start|Failed to (load resource|fetch)|CORS|ERR_/ });

  test("the module, the page says so and leads to the server's own pages", async ({ page, site }) => {
    await page.route("**/*.wasm", (route) => route.abort());
    await page.goto(site.url);
    await expect(page.getByRole("alert")).toContainText("This site could not be loaded.");
    await expect(page.getByRole("link", { name: "the site without the app" })).toHaveAttribute("href", `${site.server.url}/`);
  });

  test("WebAssembly, the page does not blame the connection", async ({ page, site }) => {
    await page.addInitScript(() => Reflect.deleteProperty(globalThis, "WebAssembly"));
    await page.goto(site.url);
    await expect(page.getByText("This site could not be started. Your browser may be too old for it.")).toBeVisible();
    await expect(page.getByText("Efallai fod eich porwr yn rhy hen ar ei chyfer.")).toBeVisible();
    await expect(page.getByText("Check your connection")).toBeHidden();
    await expect(page.getByRole("link", { name: "the site without the app" })).toHaveAttribute("href", `${site.server.url}/`);
  });

  test("the finder's code, its form leads to the server's page", async ({ page, site }) => {
    await page.route("**/split_contacts.wasm", (route) => route.abort());
    await page.goto(site.url);
    await appReady(page);
    await page.getByLabel(/postcode/i).fill("LS1");
    await page.getByLabel(/postcode/i).press("Enter");
    await expect(page).toHaveURL(new RegExp(`^${site.server.url}/contacts/`));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Yorkshire and the Humber");
  });

  test("the API, the page says so, and tries again", async ({ page, site }) => {
    await page.route("**/api/v1/**", (route) => route.abort());
    await page.goto(site.url);
    await appReady(page);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("We could not load this page");
    await page.unroute("**/api/v1/**");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("heartunions week");
  });

  test("the API after the first view, a later page says so, and Back shows the earlier one", async ({ page, site }) => {
    await page.goto(site.url);
    await appReady(page);
    await expect(page.getByText("78 days to go")).toBeVisible();
    await page.route("**/api/v1/**", (route) => route.abort());
    await page.getByRole("contentinfo").getByRole("link", { name: "Past years" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("We could not load this page");
    await page.goBack();
    await expect(page.getByText("78 days to go")).toBeVisible();
    await page.goForward();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("We could not load this page");
    await page.unroute("**/api/v1/**");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("What unions did in past years");
  });

  test("CORS permission, the page says so", async ({ page, site }) => {
    const other = await StaticHost.start(() => site.server.url);
    await page.goto(other.url);
    await appReady(page);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("We could not load this page");
    await page.close();
    await other.stop();
  });
});
