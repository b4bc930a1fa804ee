// Pages whose HTML was changed before hydration, and an app that stops.
import type { Page, Route } from "@playwright/test";
import { orderByApi } from "./buying.ts";
import { ROUTES, apiRequests, appReady, expect, hold, open, test } from "./hub_test.ts";

/** Serves a page with its HTML changed. */
async function change(page: Page, path: string, by: (html: string) => string) {
  await page.route(path, async (route: Route) => {
    if (route.request().method() !== "GET") return route.continue();
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: by(await answer.text()) });
  });
}

const CHANGES: Record<string, (html: string) => string> = {
  // A translation wraps each text.
  "a translation": (html) => {
    const [head, body] = [html.slice(0, html.indexOf("<body")), html.slice(html.indexOf("<body"))];
    return head + body.replace(/>([^<>]+)<\/(p|h1|h2|a|button)>/g, "><font><font>$1</font></font></$2>");
  },
  "an extension": (html) => html.replace(/(<body[^>]*>)/, "$1<div id='extension'><button>!</button></div>"),
  "a proxy without comments": (html) => {
    const [head, body] = [html.slice(0, html.indexOf("<body")), html.slice(html.indexOf("<body"))];
    return head + body.replace(/<!--.*?-->|<!>/g, "");
  },
};

test.describe("a page that was changed before hydration:", () => {
  for (const [name, by] of Object.entries(CHANGES)) {
    test(name, async ({ page }) => {
      await change(page, "/contacts", by);
      await page.goto("/contacts");
      await appReady(page);
      const field = page.getByRole("textbox", { name: "Postcode or region" });
      await field.fill("sk1 1ab");
      await expect(page.getByText("Your region for SK1 1AB is North West.")).toBeVisible();
      await page.getByRole("contentinfo").getByRole("link", { name: "Past years" }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("What unions did in past years");
      await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
    });

    test(`${name}: the high contrast switch and the order form work`, async ({ page }) => {
      await change(page, "/shop/heart-mug", by);
      await page.goto("/shop/heart-mug");
      await appReady(page);
      await page.getByRole("button", { name: "High contrast" }).click();
      await expect(page.locator("html")).toHaveAttribute("data-contrast", "high");
      await page.getByRole("button", { name: "Add to basket" }).click();
      await expect(page.locator("[data-basket-link]")).toHaveAttribute("data-count", "1");
    });
  }
});

test.describe("a page that was changed before hydration, without the API:", () => {
  // The checkout requests the prices of the basket.
  test.use({ expectedConsole: /Failed to load resource/ });

  for (const [name, by] of Object.entries(CHANGES)) {
    test(`${name}: what was typed and chosen before the app was ready stays, with the focus`, async ({ page }) => {
      await page.addInitScript(() => localStorage.setItem("basket-1-HEART-MUG-RED-EN", "1 1"));
      await page.route("**/api/v1/**", (route) => route.abort());
      await change(page, "/checkout", by);
      const requests = apiRequests(page);
      const release = await hold(page, "**/*.wasm");
      await page.goto("/checkout");
      await page.getByRole("radio", { name: "I am ordering for a branch", exact: true }).check();
      await page.locator("#name").fill("A Member");
      await page.locator("#email").fill("member@branch.example");
      release();
      await appReady(page);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Checkout");
      await expect(page.getByRole("radio", { name: "I am ordering for a branch", exact: true })).toBeChecked();
      await expect(page.locator("#name")).toHaveValue("A Member");
      await expect(page.locator("#email")).toHaveValue("member@branch.example");
      await expect(page.locator("#email")).toBeFocused();
      expect(requests.filter((path) => !path.startsWith("/api/v1/prices"))).toEqual([]);
    });
  }

  test("the page shows the data that it came with", async ({ page }) => {
    await page.route("**/api/v1/**", (route) => route.abort());
    for (const [path, heading] of [
      ["/", "heartunions week"],
      ["/shop", "Shop"],
      ["/unions/physiotherapists", "The physiotherapists’ union"],
      ["/publications/activists-magazine", "The activists’ magazine"],
    ] as const) {
      await change(page, path, CHANGES["an extension"]!);
      await page.goto(path);
      await appReady(page);
      await expect(page.locator("#extension")).toHaveCount(0);
      await expect(page.getByRole("heading", { level: 1 })).toContainText(heading);
    }
  });
});

test.describe("a page that was changed before hydration keeps early input:", () => {
  /** Opens a page that was changed; the returned function lets the app render it again. */
  async function openEarly(page: Page, path: string, by: string) {
    await change(page, path, CHANGES[by]!);
    const release = await hold(page, "**/*.wasm");
    await page.goto(path);
    return async () => {
      release();
      await appReady(page);
      await expect(page.locator("font, #extension")).toHaveCount(0);
    };
  }

  test("choices for a poster", async ({ page }) => {
    const start = await openEarly(page, "/poster-maker", "a translation");
    const [light, a3] = [page.getByLabel("Light (uses less ink)"), page.getByRole("radio", { name: "A3" })];
    await light.check();
    await a3.check();
    await start();
    await expect(light).toBeChecked();
    await expect(a3).toBeChecked();
    await expect(a3).toBeFocused();
  });

  test("a variant", async ({ page }) => {
    const start = await openEarly(page, "/shop/heart-t-shirt", "a translation");
    await page.getByRole("radio", { name: "2XL" }).check();
    await start();
    await expect(page).toHaveURL(/size=2xl/);
    await expect(page.getByRole("radio", { name: "2XL" })).toBeChecked();
    await expect(page.locator(".product__price")).toHaveText("£13.00");
  });

  test("filters", async ({ page }) => {
    await page.setViewportSize({ width: 400, height: 800 });
    const start = await openEarly(page, "/shop", "an extension");
    const black = page.getByRole("checkbox", { name: /^Black/ });
    await page.getByText("More filters").click();
    await black.check();
    await page.getByLabel("Sort by").selectOption("Price: low to high");
    await start();
    await expect(page).toHaveURL("/shop?colour=black&sort=cheapest");
    await expect(page.locator(".filters__more")).toHaveJSProperty("open", true);
    await expect(black).toBeChecked();
    await expect(page.getByLabel("Sort by")).toHaveValue("cheapest");
  });

  test("a completed step", async ({ page }) => {
    const start = await openEarly(page, "/take-part/steward", "an extension");
    await page.getByRole("checkbox").nth(1).check();
    await start();
    await expect(page.getByRole("checkbox").nth(1)).toBeChecked();
    await expect(page.getByText("1 of 5 done")).toBeVisible();
  });

  test("an open transcript", async ({ page }) => {
    const start = await openEarly(page, "/videos", "an extension");
    const transcript = (index: number) => page.locator(".video__transcript").nth(index);
    await transcript(1).getByText("Read the transcript").click();
    await start();
    await expect(transcript(1)).toHaveJSProperty("open", true);
    await expect(transcript(0)).toHaveJSProperty("open", false);
    await expect(transcript(1).locator("summary")).toBeFocused();
  });

  test("the focus on a link, and the scroll position", async ({ page }) => {
    const start = await openEarly(page, "/shop", "an extension");
    const link = page.getByRole("contentinfo").getByRole("link", { name: "Past years" });
    await link.focus();
    await page.evaluate(() => scrollTo(0, 700));
    await start();
    await expect(link).toBeFocused();
    expect(await page.evaluate(() => scrollY)).toBe(700);
  });

  test("the focus on a link of the map", async ({ page }) => {
    const start = await openEarly(page, "/contacts", "an extension");
    const link = page.getByRole("navigation", { name: "Map of regions" }).getByRole("link").first();
    await link.focus();
    await start();
    await expect(link).toBeFocused();
  });

  test("the focus on a button", async ({ page }) => {
    const start = await openEarly(page, "/contacts", "an extension");
    const contrast = page.getByRole("button", { name: "High contrast" });
    await contrast.focus();
    await start();
    await expect(contrast).toBeFocused();
  });
});

/** Puts elements in place of all texts, as a browser's translation does. */
function translate(page: Page): Promise<void> {
  return page.evaluate(() => {
    const walker = document.createTreeWalker(document.querySelector("main")!, NodeFilter.SHOW_TEXT);
    const texts: Text[] = [];
    while (walker.nextNode()) texts.push(walker.currentNode as Text);
    for (const text of texts.filter((text) => text.data.trim())) {
      const font = document.createElement("font");
      font.append(Object.assign(document.createElement("font"), { textContent: `«${text.data}»` }));
      text.replaceWith(font);
    }
  });
}

test("texts keep updating after a translation", async ({ page }) => {
  await open(page, "/shop");
  await translate(page);
  await expect(page.getByRole("heading", { name: "«26 products»" })).toBeVisible();
  await page.getByRole("searchbox").fill("bunting");
  await expect(page.locator("#results-title")).toHaveText("1 product");
  await page.getByRole("searchbox").fill("zebra");
  await expect(page.locator("#results-title")).toHaveText("No products found");
  await expect(page.getByText("«26 products»")).toHaveCount(0);
  await page.getByRole("contentinfo").getByRole("link", { name: "Past years" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("What unions did in past years");
});

test("unchanged pages are hydrated rather than rendered again", async ({ page }) => {
  const requests = apiRequests(page);
  for (const route of ROUTES.filter((route) => !["/basket", "/checkout"].includes(route))) {
    await open(page, route);
    await page.waitForLoadState("networkidle");
    expect.soft(requests.splice(0), route).toEqual([]);
  }
});

/** The same number of elements, one of which has lost its content: the app cannot detect this by
    counting. */
const emptyFooter = (html: string) =>
  html.replace('<footer class="footer">', '<footer class="footer"></footer>').replace(/<\/footer>(?!.*<\/footer>)/s, "");

test.describe("an app that stops", () => {
  test.use({ expectedConsole: /panicked|unreachable|could not start|hydrat/i });

  test("leaves a page whose links and forms work", async ({ page }) => {
    await change(page, "/contacts", emptyFooter);
    await page.goto("/contacts");
    await expect(page.locator("html[data-app=failed]")).toBeAttached();
    await expect(page.getByRole("alert")).toContainText("Part of this page has stopped working");
    await page.getByRole("textbox", { name: "Postcode or region" }).fill("sk1 1ab");
    await page.getByRole("button", { name: "Find my region" }).click();
    await expect(page).toHaveURL(/\/contacts\/north-west$/);
    await appReady(page);
    await page.goBack();
    await expect(page.locator("html[data-app=failed]")).toBeAttached();
    await page.getByRole("link", { name: "North West", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("North West");
  });

  test("shows the order contact", async ({ page }) => {
    await change(page, "/shop/heart-mug", emptyFooter);
    await page.goto("/shop/heart-mug");
    await expect(page.locator("html[data-app=failed]")).toBeAttached();
    await expect(page.getByText("020 7946 0190")).toBeVisible();
    await expect(page.getByRole("button", { name: "Add to basket" })).toBeHidden();
  });

  for (const path of ["/basket", "/checkout"]) {
    test(`shows the order contact instead of the forms: ${path}`, async ({ page }) => {
      await page.addInitScript(() => localStorage.setItem("basket-1-HEART-MUG-RED-EN", "1 1"));
      await change(page, path, emptyFooter);
      await page.goto(path);
      await expect(page.locator("html[data-app=failed]")).toBeAttached();
      const main = page.getByRole("main");
      await expect(main.getByText("is not working at the moment. Try again, or order by phone or email.")).toBeVisible();
      await expect(main.locator(".app-missing__not-loaded")).toBeHidden();
      await expect(main.getByRole("link", { name: "020 7946 0190" })).toBeVisible();
      await expect(main.getByRole("link", { name: "Try again" })).toBeVisible();
      await expect(main.getByRole("textbox")).toHaveCount(0);
      await expect(main.getByRole("button")).toHaveCount(0);
    });
  }

  test("leaves an order that can be cancelled", async ({ page }) => {
    const path = await orderByApi(page);
    await change(page, path, emptyFooter);
    await page.goto(path);
    await expect(page.locator("html[data-app=failed]")).toBeAttached();
    await page.getByRole("button", { name: "Cancel order" }).click();
    await expect(page.locator(".order__status")).toContainText("Cancelled");
    await expect(page).toHaveURL(path);
    await appReady(page);
  });
});

test.describe("a running app that stops", () => {
  test.use({ expectedConsole: /panicked|unreachable|closure invoked/ });

  /** Opens the shop from the home page, and lets the app panic when it shows results. */
  async function stopInShop(page: Page) {
    await open(page, "/");
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Shop" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Shop");
    await page.evaluate(() => {
      document.createElement = () => {
        throw new Error("No element can be created");
      };
    });
    // A search without results shows new elements.
    await page.getByRole("searchbox").fill("zebra");
    await expect(page.locator("html[data-app=failed]")).toBeAttached();
    await expect(page.getByRole("alert")).toContainText("Part of this page has stopped working");
  }

  test("leaves links that work", async ({ page }) => {
    await stopInShop(page);
    await page.getByRole("contentinfo").getByRole("link", { name: "Past years" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("What unions did in past years");
    await appReady(page);
  });

  test("leaves a form that works", async ({ page }) => {
    await stopInShop(page);
    await page.getByRole("searchbox").fill("bunting");
    await page.getByRole("button", { name: "Show results" }).click();
    await appReady(page);
    await expect(page).toHaveURL(/\/shop\?q=bunting/);
    await expect(page.locator("#results-title")).toHaveText("1 product");
  });

  test("leaves a history in which Back works", async ({ page }) => {
    await stopInShop(page);
    await page.goBack();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("heartunions week");
    await appReady(page);
  });
});
