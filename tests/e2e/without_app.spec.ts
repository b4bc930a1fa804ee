// Pages without JavaScript, or without the module: all content can be read, and every link and
// form works.
import type { Page } from "@playwright/test";
import { appReady, expect, open, test } from "./hub_test.ts";

const heading = (page: Page) => page.getByRole("heading", { level: 1 });
const footer = (page: Page, name: string) => page.getByRole("contentinfo").getByRole("link", { name });
const tryAgain = (page: Page) => page.getByRole("main").getByRole("button", { name: "Try again" });
const MAIN = "**/campaign-hub_bg.wasm";
const CONTENT = "**/split_content.wasm";
const CONTACTS = "**/split_contacts.wasm";

/** Documents that the page requests from now on. */
function documents(page: Page): string[] {
  const paths: string[] = [];
  page.on("request", (request) => {
    if (request.isNavigationRequest()) paths.push(new URL(request.url()).pathname);
  });
  return paths;
}

/** Lets no delay pass after which a lost file is requested again. */
const stopRetryDelays = (page: Page) =>
  page.addInitScript(() => {
    const own = window.setTimeout.bind(window);
    const longest = 2 ** 31 - 1;
    Object.assign(window, { setTimeout: (run: () => void, delay = 0) => own(run, delay < 1000 ? delay : longest) });
  });

/** Simulates the browser's event for a restored connection. */
const comeOnline = (page: Page) => page.evaluate(() => dispatchEvent(new Event("online")));

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("home page, contacts and languages are there", async ({ page }) => {
    await page.goto("/");
    await expect(page.getByText("78 days to go")).toBeVisible();
    await expect(page.getByRole("heading", { name: "A plan in every workplace" })).toBeVisible();
    await page.getByRole("link", { name: "Find someone to talk to" }).first().click();
    await expect(page.getByRole("link", { name: "029 2018 0742" })).toHaveAttribute("href", "tel:02920180742");
    await page.getByRole("link", { name: "Cymraeg" }).click();
    await expect(page).toHaveURL("/cy/support");
    await page.getByRole("link", { name: "Gadael y dudalen hon" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Mesurau’r gegin");
  });
});

for (const [name, answer] of [
  ["blocked", { abort: true }],
  ["missing", { status: 404, body: "" }],
  ["corrupt", { status: 200, contentType: "application/wasm", body: "\0asm\x01\0\0\0broken" }],
] as const) {
  test.describe(`module ${name}`, () => {
    test.use({ expectedConsole: /could not start|Failed to load resource|WebAssembly/ });

    test("page stays readable and its controls work", async ({ page }) => {
      await page.route("**/*.wasm", (route) => ("abort" in answer ? route.abort() : route.fulfill(answer)));
      await page.goto("/support");
      await expect(page.locator("html[data-app=failed]")).toBeAttached();
      await expect(page.getByRole("heading", { name: "Contact your own union" })).toBeVisible();
      await page.getByRole("button", { name: "High contrast" }).click();
      await expect(page.locator("html")).toHaveAttribute("data-contrast", "high");
      await page.getByRole("contentinfo").getByRole("link", { name: "Past years" }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("What unions did in past years");
    });
  });
}

test.describe("part of the app that fails to load", () => {
  test.use({ expectedConsole: /Failed to (load resource|fetch)/ });

  test("leaves the page as the document that it was", async ({ page }) => {
    await page.route(CONTENT, (route) => route.abort());
    await page.goto("/support");
    await expect(page.locator("html[data-app=failed]")).toBeAttached();
    await expect(page.getByRole("heading", { name: "Contact your own union" })).toBeVisible();
    await page.getByRole("contentinfo").getByRole("link", { name: "Past years" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("What unions did in past years");
  });

  test("is tried again on the first page when the connection is back", async ({ page }) => {
    await stopRetryDelays(page);
    await page.route(CONTENT, (route) => route.abort());
    await page.goto("/support");
    await expect(page.locator("html[data-app=failed]")).toBeAttached();
    const asked = documents(page);
    const refused = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/split_content.wasm"));
    await comeOnline(page);
    await refused;
    await expect(page.locator("html[data-app=failed]")).toBeAttached();
    await page.unroute(CONTENT);
    await comeOnline(page);
    await appReady(page);
    await footer(page, "Past years").click();
    await expect(heading(page)).toHaveText("What unions did in past years");
    expect(asked).toEqual([]);
  });

  test("says so in place of a later page, which can be tried again", async ({ page }) => {
    await open(page, "/");
    const asked = documents(page);
    await page.route(CONTENT, (route) => route.abort());
    await footer(page, "Past years").click();
    await expect(heading(page)).toHaveText("We could not load “What unions did in past years”");
    await expect(heading(page)).toBeFocused();
    await expect(page).toHaveTitle(/^We could not load “What unions did in past years”/);
    await expect(page).toHaveURL("/past-years");
    await tryAgain(page).click();
    await expect(page.getByText("We still could not load it.")).toBeVisible();
    await expect(tryAgain(page)).toBeFocused();

    await page.unroute(CONTENT);
    await tryAgain(page).click();
    await expect(heading(page)).toHaveText("What unions did in past years");
    await expect(heading(page)).toBeFocused();
    await expect(page).toHaveTitle(/^What unions did in past years/);
    expect(asked).toEqual([]);
  });

  test("is tried again in place of a later page when the connection is back", async ({ page, context }) => {
    await open(page, "/");
    const asked = documents(page);
    await context.setOffline(true);
    await footer(page, "Join a union").click();
    await expect(heading(page)).toHaveText("We could not load this page");
    await context.setOffline(false);
    await expect(heading(page)).toHaveText("Join a union");
    await expect(page).toHaveTitle(/^Join a union/);
    expect(asked).toEqual([]);
  });

  test("keeps nothing else from working", async ({ page }) => {
    await open(page, "/");
    const asked = documents(page);
    await page.route(CONTENT, (route) => route.abort());
    await footer(page, "Join a union").click();
    await expect(heading(page)).toHaveText("We could not load this page");
    await page.getByRole("button", { name: "High contrast" }).click();
    await expect(page.locator("html")).toHaveAttribute("data-contrast", "high");
    await page.getByRole("navigation").getByRole("link", { name: "Shop", exact: true }).click();
    await expect(heading(page)).toHaveText("Shop");
    await page.goBack();
    await expect(heading(page)).toHaveText("We could not load this page");
    await page.goBack();
    await expect(heading(page)).toHaveText("heartunions week");
    // It is fetched again whenever it is needed.
    await page.unroute(CONTENT);
    await footer(page, "Join a union").click();
    await expect(heading(page)).toHaveText("Join a union");
    expect(asked).toEqual([]);
  });

  test("says so within a page, where it can be tried again", async ({ page }) => {
    await open(page, "/");
    await page.route(CONTACTS, (route) => route.abort());
    await page.locator("#place").fill("M1 1AA");
    await expect(page.getByText("We could not load part of this page.")).toBeVisible();
    await expect(heading(page)).toHaveText("heartunions week");
    await page.unroute(CONTACTS);
    await tryAgain(page).click();
    await expect(page.getByText("Your region for M1 1AA is North West.")).toBeVisible();
    await expect(page.locator("#place")).toBeFocused();
    await expect(page.getByText("We could not load part of this page.")).toBeHidden();
    await expect(page).toHaveURL("/");
  });

  test("is tried again within a page when the connection is back", async ({ page }) => {
    await open(page, "/");
    await page.route(CONTACTS, (route) => route.abort());
    await page.locator("#place").fill("M1 1AA");
    await expect(page.getByText("We could not load part of this page.")).toBeVisible();
    await page.unroute(CONTACTS);
    await tryAgain(page).focus();
    await comeOnline(page);
    await expect(page.getByText("Your region for M1 1AA is North West.")).toBeVisible();
    await expect(page.locator("#place")).toBeFocused();
  });
});

test.describe("code of a first page that is lost:", () => {
  // The browser also reports preloaded chunks that are not used for some seconds.
  test.use({ expectedConsole: /could not start|Failed to load resource|HTTP status code is not ok|WebAssembly|preloaded/ });

  const FILES = {
    "the main module": MAIN,
    "the page's part": "**/split_shop.wasm",
    "code that parts share": "**/chunk_*.wasm",
  };

  const lost = (page: Page) => page.getByRole("alert").filter({ hasText: "We could not load part of this page." });
  const form = (page: Page) => page.getByRole("textbox", { name: "Full name" });

  /** Opens the checkout with a mug in the basket, whose form cannot be shown without these files;
      they are answered with a status. */
  async function openCheckoutWithout(page: Page, files: string, status = 503) {
    await page.addInitScript(() => localStorage.setItem("basket-1-HEART-MUG-RED-EN", "1 1"));
    await page.route(files, (route) => route.fulfill({ status }));
    await page.goto("/checkout");
    await expect(lost(page)).toBeVisible();
    await expect(lost(page).getByText("Check your connection")).toBeVisible();
    await expect(lost(page).locator(".app-missing__stopped")).toBeHidden();
    await expect(form(page)).toBeHidden();
    await expect(page.getByRole("main").getByRole("link", { name: "020 7946 0190" })).toBeVisible();
    await page.unroute(files);
  }

  for (const [name, files] of Object.entries(FILES)) {
    test(`${name} is requested again, and the order form is shown`, async ({ page }) => {
      const asked = documents(page);
      await openCheckoutWithout(page, files);
      // The delay doubles with each failure.
      await expect(page.locator("html[data-app=ready]")).toBeAttached({ timeout: 60_000 });
      await expect(lost(page)).toBeHidden();
      await expect(form(page)).toBeVisible();
      expect(asked).toEqual(["/checkout"]);
    });
  }

  // A problem of the server, and a limit of a CDN.
  for (const status of [503, 429]) {
    test(`the main module is requested again when the connection is back: ${status}`, async ({ page }) => {
      await stopRetryDelays(page);
      const asked = documents(page);
      await openCheckoutWithout(page, FILES["the main module"], status);
      await comeOnline(page);
      await appReady(page);
      await expect(form(page)).toBeVisible();
      expect(asked).toEqual(["/checkout"]);
    });
  }

  test("the page can be reloaded in place of the form", async ({ page }) => {
    await stopRetryDelays(page);
    await openCheckoutWithout(page, FILES["the page's part"]);
    await lost(page).getByRole("link", { name: "Try again" }).click();
    await appReady(page);
    await expect(form(page)).toBeVisible();
  });

  for (const [path, focused] of [
    ["/basket", "#page-heading"],
    ["/shop/heart-mug", "#quantity"],
  ] as const) {
    test(`${path} says so where the form belongs`, async ({ page }) => {
      await stopRetryDelays(page);
      await page.route(FILES["the page's part"], (route) => route.fulfill({ status: 503 }));
      await page.goto(path);
      await expect(page.getByRole("main").getByRole("alert")).toContainText("We could not load part of this page.");
      await expect(page.getByRole("button", { name: "Add to basket" })).toHaveCount(0);
      await page.unroute(FILES["the page's part"]);
      await lost(page).getByRole("link", { name: "Try again" }).focus();
      await comeOnline(page);
      await appReady(page);
      await expect(lost(page)).toBeHidden();
      await expect(page.locator(focused)).toBeFocused();
      await expect(page.getByRole("button", { name: "Add to basket" })).toBeVisible();
    });
  }

  test("a button that the app replaces passes on the focus", async ({ page }) => {
    await stopRetryDelays(page);
    await page.route(FILES["the page's part"], (route) => route.fulfill({ status: 503 }));
    await page.goto("/shop/heart-mug");
    await expect(lost(page)).toBeVisible();
    await page.unroute(FILES["the page's part"]);
    const show = page.getByRole("button", { name: "Show this option" });
    await show.focus();
    await expect(show).toBeFocused();
    await comeOnline(page);
    await appReady(page);
    await expect(show).toBeHidden();
    await expect(page.locator("#quantity")).toBeFocused();
  });
});

test.describe("code that this browser cannot run:", () => {
  test.use({ expectedConsole: /could not start|Failed to load resource|preloaded/ });

  /** Opens the checkout with a mug in the basket; returns the requests for the main module. */
  async function openCheckout(page: Page): Promise<string[]> {
    const requests: string[] = [];
    page.on("request", (request) => {
      if (request.url().endsWith("/campaign-hub_bg.wasm")) requests.push(request.url());
    });
    await page.addInitScript(() => localStorage.setItem("basket-1-HEART-MUG-RED-EN", "1 1"));
    await page.goto("/checkout");
    const main = page.getByRole("main");
    await expect(main.getByText("This form is not working at the moment.")).toBeVisible();
    await expect(main.locator(".app-missing__not-loaded")).toBeHidden();
    await expect(main.getByRole("link", { name: "Try again" })).toBeVisible();
    await expect(main.getByRole("link", { name: "020 7946 0190" })).toBeVisible();
    return requests;
  }

  test("nothing is requested without WebAssembly", async ({ page }) => {
    await page.addInitScript(() => Reflect.deleteProperty(globalThis, "WebAssembly"));
    expect(await openCheckout(page)).toEqual([]);
  });

  for (const [name, answer] of [
    ["missing", { status: 404, body: "" }],
    ["corrupt", { status: 200, contentType: "application/wasm", body: "\0asm\x01\0\0\0broken" }],
  ] as const) {
    test(`a ${name} module is not requested again`, async ({ page }) => {
      await page.route(MAIN, (route) => route.fulfill(answer));
      const requests = await openCheckout(page);
      await comeOnline(page);
      // A request that the event had caused would come before this one.
      await page.evaluate(() => fetch("/health/live"));
      expect(requests).toHaveLength(1);
    });
  }
});

test("module that never comes leaves a page that works", async ({ page }) => {
  await page.route("**/*.wasm", () => {});
  await page.goto("/");
  await page.getByRole("contentinfo").getByRole("link", { name: "Join a union" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Join a union");
});
