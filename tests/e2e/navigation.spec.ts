// Client-side navigation: data, title, focus, scrolling, and responses that are slow or never
// arrive.
import { apiRequests, appReady, expect, open, test } from "./hub_test.ts";

test("first page makes no API requests and does not move the focus", async ({ page }) => {
  const requests = apiRequests(page);
  for (const path of ["/", "/past-years", "/cy/support", "/privacy"]) {
    await open(page, path);
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("BODY");
  }
  await page.waitForLoadState("networkidle");
  expect(requests).toEqual([]);
});

test("from the home page to past years and back keeps scroll position and focus", async ({ page }) => {
  await open(page, "/");
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  const requests = apiRequests(page);
  const link = page.getByRole("link", { name: "Learning to look after each other" });
  await link.scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => scrollY);
  expect(before).toBeGreaterThan(500);

  await link.click();
  await expect(page).toHaveURL("/past-years#year-2023");
  await expect(page).toHaveTitle("What unions did in past years – heartunions week");
  await expect(page.locator("#year-2023")).toBeFocused();
  await expect(page.locator("#year-2023")).toBeInViewport();
  expect(requests).toEqual(["/api/v1/past-years?locale=en"]);

  await page.goBack();
  await expect(page).toHaveTitle("heartunions week");
  await expect(link).toBeFocused();
  await expect.poll(() => page.evaluate(() => Math.round(scrollY))).toBe(Math.round(before));
  await expect(page.locator("#announcer")).toHaveText("heartunions week");
  expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
});

test("new page sets title and description, then focuses its heading at the top", async ({ page }) => {
  await open(page, "/");
  await page.evaluate(() => scrollTo(0, 900));
  await page.getByRole("contentinfo").getByRole("link", { name: "Accessibility" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect(page).toHaveTitle("Accessibility statement – heartunions week");
  await expect(page.locator("link[rel=canonical]")).toHaveAttribute("href", /\/accessibility$/);
  await expect(page.locator("link[hreflang=cy]")).toHaveAttribute("href", /\/cy\/accessibility$/);
  expect(await page.evaluate(() => scrollY)).toBe(0);
  // Moving the focus has announced it already.
  await expect(page.locator("#announcer")).toBeEmpty();
});

test("slow response keeps the old page, shows progress after a moment, and can be abandoned", async ({ page }) => {
  await open(page, "/");
  const aborted: string[] = [];
  page.on("requestfailed", (request) => aborted.push(new URL(request.url()).pathname));
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/api/v1/pages/join*", async (route) => {
    await held;
    await route.continue().catch(() => {});
  });
  const navigation = page.getByRole("contentinfo");
  await navigation.getByRole("link", { name: "Join a union" }).click();
  await expect(page.getByText("Loading…")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("heartunions week");

  await navigation.getByRole("link", { name: "Get support" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Is this happening to you?");
  await expect(page).toHaveURL("/support");
  expect(aborted).toEqual(["/api/v1/pages/join"]);
  release();
  await expect(page.getByText("Loading…")).toBeHidden();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Is this happening to you?");
});

test.describe("without a connection", () => {
  test.use({ expectedConsole: /Failed to (load resource|fetch)/ });

  test("a page that cannot be loaded says so and can be tried again", async ({ page }) => {
    await open(page, "/");
    await page.route("**/api/v1/past-years*", (route) => route.abort());
    await page.getByRole("contentinfo").getByRole("link", { name: "Past years" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("We could not load this page");
    await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
    await page.unroute("**/api/v1/past-years*");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("What unions did in past years");
    await expect(page).toHaveTitle(/^What unions did/);
  });

  test("a proxy's error is a problem with the site, and can be tried again", async ({ page }) => {
    await open(page, "/");
    const answer = { status: 502, contentType: "text/html", body: "<h1>Bad gateway</h1>" };
    await page.route("**/api/v1/past-years*", (route) => route.fulfill(answer));
    await page.getByRole("contentinfo").getByRole("link", { name: "Past years" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sorry, there is a problem with this site");
    await page.unroute("**/api/v1/past-years*");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("What unions did in past years");
  });

  test("a page that failed is loaded when the connection is back", async ({ page, context }) => {
    await open(page, "/");
    await context.setOffline(true);
    await page.getByRole("contentinfo").getByRole("link", { name: "Past years" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("We could not load “What unions did in past years”");
    await context.setOffline(false);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("What unions did in past years");
    await expect(page).toHaveTitle(/^What unions did/);
  });

  test("Back shows a page as it was", async ({ page, context }) => {
    await open(page, "/past-years");
    await page.getByRole("contentinfo").getByRole("link", { name: "Get support" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Is this happening to you?");
    await context.setOffline(true);
    await page.goBack();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("What unions did in past years");
    await page.goForward();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Is this happening to you?");
  });
});

test("a page that is left before it retries does not stop the app", async ({ page }) => {
  await open(page, "/basket");
  // Playwright's clock cannot clear timers of the app, which has only 32 bits for their ids. A timer
  // with the app's delay fires after those that the events have set.
  const delay = page.evaluate(() => {
    for (let count = 0; count < 2; count += 1) dispatchEvent(new Event("online"));
    return new Promise((resolve) => setTimeout(resolve, 500));
  });
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Shop" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Shop");
  await delay;
  await expect(page.locator("html")).toHaveAttribute("data-app", "ready");
});

test("unknown URL inside the app shows the not found page", async ({ page }) => {
  await open(page, "/");
  await page.evaluate(() => {
    const link = document.createElement("a");
    link.href = "/nowhere";
    link.textContent = "nowhere";
    document.querySelector("main")!.prepend(link);
  });
  await page.getByRole("link", { name: "nowhere" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Page not found");
  await page.getByRole("link", { name: "Go to the home page" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("heartunions week");
});

test("reload keeps the page and its scroll", async ({ page }) => {
  await open(page, "/");
  await page.evaluate(() => scrollTo(0, 1200));
  await page.waitForFunction(() => scrollY === 1200);
  await page.reload();
  await appReady(page);
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(1200);
});
