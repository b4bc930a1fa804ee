// The shop: from a search to the right variant, with and without the app.
import type { Page } from "@playwright/test";
import { LOCALES, address, apiRequests, appReady, expect, hold, open, test } from "./hub_test.ts";

const search = (page: Page) => page.getByRole("searchbox");
const cards = (page: Page) => page.locator(".results .card__name");
const announcer = (page: Page) => page.locator("#announcer");

/** Simulates the browser's event for a restored connection. */
const comeOnline = (page: Page) => page.evaluate(() => dispatchEvent(new Event("online")));

test("from search to filter, product, variant and back", async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await open(page, "/");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Shop" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect(page.getByRole("heading", { level: 2, name: "26 products" })).toBeVisible();

  await search(page).fill("shirt");
  await expect(page).toHaveURL("/shop?q=shirt");
  await expect(search(page)).toBeFocused();
  await expect(page.getByRole("heading", { name: "4 products" })).toBeVisible();
  await expect(announcer(page)).toHaveText("4 products");

  const black = page.getByRole("checkbox", { name: /^Black/ });
  await expect(black).toHaveAccessibleName("Black 2");
  await black.check();
  await expect(page).toHaveURL("/shop?q=shirt&colour=black");
  await expect(black).toBeFocused();
  await expect(cards(page)).toHaveText(["Organise T-shirt", "Long-sleeved T-shirt"]);
  // Choosing a colour does not change the numbers of the colours.
  await expect(page.getByRole("checkbox", { name: "Plum 2" })).toBeVisible();

  await page.getByRole("link", { name: "Organise T-shirt" }).click();
  await expect(page).toHaveURL("/shop/organise-t-shirt");
  await expect(page.getByRole("heading", { level: 1, name: "Organise T-shirt" })).toBeFocused();
  await expect(page.locator(".product__price")).toHaveText("£12.50");
  const requests = apiRequests(page);
  await page.getByRole("radio", { name: "Green" }).check();
  await page.getByRole("radio", { name: "3XL" }).check();
  await page.getByRole("radio", { name: "Welsh", exact: true }).check();
  await expect(page).toHaveURL("/shop/organise-t-shirt?colour=green&size=3xl&language=cy");
  await expect(page.locator(".product__price")).toHaveText("£13.50");
  await expect(page.locator(".product__offer")).toContainText("Only 2 left");
  await expect(page.locator(".sku")).toHaveText("ORGANISE-T-SHIRT-GREEN-3XL-CY");
  await expect(page.getByRole("table", { name: "Quantity discounts" })).toContainText("50 or more£11.50");
  await expect(page.getByRole("radio", { name: "Welsh", exact: true })).toBeFocused();
  await expect(announcer(page)).toHaveText("£13.50. Only 2 left");
  expect(requests).toEqual([]);

  await page.goBack();
  await expect(page).toHaveURL("/shop?q=shirt&colour=black");
  await expect(page.getByRole("link", { name: "Organise T-shirt" })).toBeFocused();
  await expect(search(page)).toHaveValue("shirt");
  await expect(black).toBeChecked();
});

test("a shared link to a product shows its drawing", async ({ page, request }) => {
  await page.goto("/shop/hand-flag");
  const address = await page.locator("meta[property='og:image']").getAttribute("content");
  const picture = await request.get(new URL(address ?? "").pathname);
  expect(picture.status()).toBe(200);
  expect(picture.headers()["content-type"]).toBe("image/png");
});

test("variants that are out of stock are marked", async ({ page }) => {
  await open(page, "/shop/heart-t-shirt");
  // The first one in stock: XS in red is out of stock.
  await expect(page.getByRole("radio", { name: "S", exact: true })).toBeChecked();
  await expect(page.getByRole("radio", { name: "XS (out of stock)" })).toBeVisible();
  await page.getByRole("radio", { name: "White" }).check();
  await expect(page.getByRole("radio", { name: "3XL (out of stock)" })).toBeVisible();
  await page.getByRole("radio", { name: "3XL (out of stock)" }).check();
  await expect(page.locator(".product__offer")).toContainText("Out of stock");
  await expect(page.getByRole("img", { name: "Heart T-shirt, White" })).toHaveAttribute("data-colour", "white");
  await page.reload();
  await expect(page.getByRole("radio", { name: "3XL (out of stock)" })).toBeChecked();
});

test("empty results link to all products", async ({ page }) => {
  await open(page, "/shop?category=mugs");
  await search(page).fill("zebra");
  await expect(page.getByRole("heading", { name: "No products found" })).toBeVisible();
  await expect(announcer(page)).toHaveText("No products found");
  await expect(cards(page)).toHaveText([]);
  await page.getByRole("link", { name: "your filters without “zebra”" }).click();
  await expect(page).toHaveURL("/shop?category=mugs");
  await expect(page.getByRole("heading", { name: "4 products" })).toBeFocused();
  await expect(search(page)).toHaveValue("");
  await page.goBack();
  await expect(page.getByRole("heading", { name: "No products found" })).toBeVisible();
  await expect(search(page)).toHaveValue("zebra");
  await page.getByRole("link", { name: "all products" }).click();
  await expect(page.getByRole("heading", { name: "26 products" })).toBeVisible();
  await expect(page.getByRole("checkbox", { name: /Mugs/ })).not.toBeChecked();
});

test("result pages move the focus, and Back returns", async ({ page }) => {
  await open(page, "/shop?sort=name");
  await expect(cards(page).first()).toHaveText("Box of 50 badges");
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(page).toHaveURL("/shop?sort=name&page=2");
  await expect(page.getByRole("heading", { name: "26 products" })).toBeFocused();
  await expect(cards(page)).toHaveText(["Sticker sheets", "Water bottle"]);
  await expect(page.getByText("Page 2 of 2")).toBeVisible();
  await page.goBack();
  await expect(page.getByText("Page 1 of 2")).toBeVisible();
  await expect(page.getByRole("link", { name: "Next page" })).toBeFocused();
  // A new search starts on its first page.
  await page.goForward();
  await expect(page.getByText("Page 2 of 2")).toBeVisible();
  await page.getByLabel("Sort by").selectOption("dearest");
  await expect(page).toHaveURL("/shop?sort=dearest");
  await expect(cards(page).first()).toHaveText("Branch banner");
});

test("Back to a result page returns to its link, although the page is requested again", async ({ page }) => {
  await open(page, "/shop?sort=name");
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(page.getByRole("heading", { name: "26 products" })).toBeFocused();
  const release = await hold(page, "**/api/v1/products?*");
  const requested = page.waitForRequest("**/api/v1/products?*");
  await page.goBack();
  await requested;
  const requestedAgain = page.waitForRequest("**/api/v1/products?*");
  await comeOnline(page);
  await requestedAgain;
  release();
  await expect(page.getByText("Page 1 of 2")).toBeVisible();
  await expect(page.getByRole("link", { name: "Next page" })).toBeFocused();
});

test("back from a product leads to the same place in a long list", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, "/shop");
  const link = page.getByRole("link", { name: "Water bottle" });
  await link.scrollIntoViewIfNeeded();
  // The position is saved in the history once scrolling pauses.
  await page.evaluate(() => new Promise(requestAnimationFrame));
  const before = await link.boundingBox();
  await link.click();
  await expect(page.getByRole("heading", { level: 1, name: "Water bottle" })).toBeFocused();
  await page.goBack();
  await expect(link).toBeFocused();
  await expect(link).toBeInViewport();
  const after = await link.boundingBox();
  expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(100);
});

test("the last of several quick changes is shown", async ({ page }) => {
  await open(page, "/shop");
  // The first response is the slowest.
  await page.route("**/api/v1/products?*q=m&*", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 600));
    await route.continue();
  });
  await page.route("**/api/v1/products?*q=m", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 600));
    await route.continue();
  });
  const slow = page.waitForResponse(/q=m$/);
  await search(page).fill("m");
  await expect(page).toHaveURL("/shop?q=m");
  await search(page).fill("bunting");
  await expect(page.getByRole("heading", { name: "1 product" })).toBeVisible();
  await slow;
  await expect(page.getByRole("heading", { name: "1 product" })).toBeVisible();
  await expect(cards(page)).toHaveText(["Bunting"]);
});

test("a letter typed and deleted while the list loads changes nothing", async ({ page }) => {
  await open(page, "/shop");
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route("**/api/v1/products?*", async (route) => {
    await held;
    await route.continue();
  });
  await search(page).fill("bunting");
  await expect(page).toHaveURL("/shop?q=bunting");
  await search(page).press("x");
  await search(page).press("Backspace");
  letGo();
  await expect(page.getByRole("heading", { name: "1 product" })).toBeVisible();
  await expect(page.locator(".results")).not.toHaveAttribute("aria-busy", "true");
});

test.describe("offline", () => {
  test.use({ expectedConsole: /Failed to load resource/ });

  test("a list that cannot be fetched says so, keeps what was typed, and can be tried again", async ({ page }) => {
    await open(page, "/shop");
    await page.route("**/api/**", (route) => route.abort());
    await search(page).fill("badge");
    await expect(page.getByRole("alert")).toContainText("We could not update the list");
    await expect(search(page)).toHaveValue("badge");
    await page.unroute("**/api/**");
    await page.clock.install();
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("heading", { name: "5 products" })).toBeFocused();
    await expect(page.getByRole("alert")).toBeHidden();
    // The focus has made a screen reader read the number; it is not announced as well.
    await page.clock.runFor(1000);
    await expect(announcer(page)).toBeEmpty();
  });

  test("a list that is loaded when the connection is back takes the focus from the button", async ({ page, context }) => {
    await open(page, "/shop");
    await context.setOffline(true);
    await search(page).fill("badge");
    await page.getByRole("button", { name: "Try again" }).focus();
    await context.setOffline(false);
    await expect(page.getByRole("heading", { name: "5 products" })).toBeFocused();
  });

  test("a list that failed is loaded when the connection is back, and typing goes on", async ({ page, context }) => {
    await open(page, "/shop");
    await context.setOffline(true);
    await search(page).fill("badge");
    await expect(page.getByRole("alert")).toContainText("We could not update the list");
    await context.setOffline(false);
    await expect(page.getByRole("heading", { name: "5 products" })).toBeVisible();
    await expect(page.getByRole("alert")).toBeHidden();
    await expect(search(page)).toBeFocused();
    await expect(announcer(page)).toHaveText("5 products");
  });

  test("a list that a link leads to is read from its heading, although it was requested again", async ({ page }) => {
    await open(page, "/shop?q=mug");
    await page.route("**/api/**", (route) => route.abort());
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Shop" }).click();
    await expect(page.getByRole("alert")).toContainText("We could not update the list");
    await page.unroute("**/api/**");
    await comeOnline(page);
    await expect(page.getByRole("heading", { name: "26 products" })).toBeFocused();
  });

  test("Back from a product shows the filtered list as it was", async ({ page, context }) => {
    await open(page, "/shop");
    await search(page).fill("bunting");
    await expect(cards(page)).toHaveText(["Bunting"]);
    await page.getByRole("link", { name: "Bunting" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Bunting");
    await context.setOffline(true);
    await page.goBack();
    await expect(page).toHaveURL("/shop?q=bunting");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Shop");
    await expect(search(page)).toHaveValue("bunting");
    await expect(cards(page)).toHaveText(["Bunting"]);
  });

  test("a list shown without a connection is updated when it is back, and nothing moves", async ({ page, context }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open(page, "/shop");
    const link = page.getByRole("link", { name: "Water bottle" });
    await link.click();
    await expect(page.getByRole("heading", { level: 1, name: "Water bottle" })).toBeFocused();
    await context.setOffline(true);
    await page.goBack();
    await expect(link).toBeFocused();
    const before = await link.boundingBox();
    await page.route("**/api/v1/products?*", async (route) => {
      const response = await route.fetch();
      const list = (await response.json()) as { products: { slug: string; left?: number }[] };
      list.products.find(({ slug }) => slug === "water-bottle")!.left = 3;
      await route.fulfill({ response, json: list });
    });
    await context.setOffline(false);
    await expect(page.getByRole("listitem").filter({ has: link })).toContainText("Only 3 left");
    await expect(link).toBeFocused();
    expect(await link.boundingBox()).toEqual(before);
  });
});

test("the focus stays on a product while the list changes around it", async ({ page }) => {
  await open(page, "/shop");
  const link = page.getByRole("link", { name: "Bunting" });
  for (const [text, focused] of [
    ["bunting", link],
    // The product is not found any more.
    ["enamel", page.locator("#results-title")],
  ] as const) {
    const release = await hold(page, "**/api/v1/products?*");
    await search(page).fill(text);
    await expect(page).toHaveURL(`/shop?q=${text}`);
    await link.focus();
    release();
    await expect(page.locator(".results")).not.toHaveAttribute("aria-busy", "true");
    await expect(focused).toBeFocused();
  }
});

test("input from before the app was ready is kept", async ({ page }) => {
  let letCome = () => {};
  const arrival = new Promise<void>((resolve) => (letCome = resolve));
  await page.route("**/*.wasm", async (route) => {
    await arrival;
    await route.continue();
  });
  await page.goto("/shop");
  await search(page).fill("bunting");
  letCome();
  await appReady(page);
  await expect(page).toHaveURL("/shop?q=bunting");
  await expect(page.getByRole("heading", { name: "1 product" })).toBeVisible();
});

test("a variant chosen before the app was ready is kept", async ({ page }) => {
  let letCome = () => {};
  const arrival = new Promise<void>((resolve) => (letCome = resolve));
  await page.route("**/*.wasm", async (route) => {
    await arrival;
    await route.continue();
  });
  await page.goto("/shop/heart-t-shirt");
  await page.getByRole("radio", { name: "2XL" }).check();
  letCome();
  await appReady(page);
  await expect(page.locator(".product__price")).toHaveText("£13.00");
  await expect(page).toHaveURL(/size=2xl/);
});

test("by keyboard alone", async ({ page }) => {
  await open(page, "/shop");
  await search(page).focus();
  await page.keyboard.type("poster");
  // The results of the first letters may have the same number.
  await expect(page).toHaveURL("/shop?q=poster");
  await expect(page.locator(".results")).not.toHaveAttribute("aria-busy", "true");
  await expect(page.getByRole("heading", { name: "6 products" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "6 products" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Clear search and filters" })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "heartunions week poster" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("radio", { name: "Red" })).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("radio", { name: "Plum" })).toBeChecked();
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowDown");
  await expect(page).toHaveURL("/shop/week-poster?colour=plum&size=a3&language=en");
  await expect(page.locator(".product__offer")).toContainText("FreeUp to 20 in each order");
});

test("in Welsh, and the other language keeps the search", async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await open(page, "/cy/shop");
  await search(page).fill("mwg");
  await page.getByRole("checkbox", { name: /^Yn Gymraeg/ }).check();
  await expect(page).toHaveURL("/cy/shop?q=mwg&only=welsh");
  await expect(cards(page)).toHaveText(["Mwg calon"]);
  await page.getByRole("link", { name: "English" }).click();
  await expect(page).toHaveURL("/shop?q=mwg&only=welsh");
  await expect(page.getByRole("checkbox", { name: /^In Welsh/ })).toBeChecked();
});

test("from a product to a related one, and back", async ({ page }) => {
  await open(page, "/shop/heart-t-shirt?colour=plum&size=m");
  const others = page.getByRole("region", { name: "You may also like" });
  await others.getByRole("link", { name: "Heart mug" }).click();
  await expect(page).toHaveURL("/shop/heart-mug");
  await expect(page.getByRole("heading", { level: 1, name: "Heart mug" })).toBeFocused();
  await expect(page.locator(".sku")).toHaveText("HEART-MUG-RED-EN");
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: "Heart T-shirt" })).toBeVisible();
  await expect(page.locator(".sku")).toHaveText("HEART-T-SHIRT-PLUM-M");
});

test("products on the home page link to their pages", async ({ page }) => {
  await open(page, "/");
  const shelf = page.getByRole("region", { name: "Wear it, pin it, hang it up" });
  await expect(shelf.getByRole("link")).toHaveCount(7);
  await shelf.getByRole("link", { name: "Heart mug" }).click();
  await expect(page).toHaveURL("/shop/heart-mug");
  await expect(page.getByRole("link", { name: "shop@federation.example" })).toHaveAttribute(
    "href",
    "mailto:shop@federation.example?subject=HEART-MUG-RED-EN",
  );
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("search, filters, order and pages are a plain form and links", async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 700 });
    await page.goto("/shop");
    await search(page).fill("heart");
    await page.getByRole("checkbox", { name: /^Badges/ }).check();
    await page.getByText("More filters").click();
    await page.getByRole("checkbox", { name: /^Yellow/ }).check();
    await page.getByLabel("Sort by").selectOption("dearest");
    await page.getByRole("button", { name: "Show results" }).click();
    await expect(page).toHaveURL("/shop?q=heart&sort=dearest&category=badges&colour=yellow");
    await expect(cards(page)).toHaveText(["Heart button badge"]);
    await expect(page.getByRole("checkbox", { name: /^Yellow/ })).toBeChecked();
    await page.getByRole("link", { name: "Clear search and filters" }).click();
    await page.getByRole("link", { name: "Next page" }).click();
    await expect(page.getByText("Page 2 of 2")).toBeVisible();
  });

  test("a variant is a plain form too", async ({ page }) => {
    await page.goto("/cy/shop/heart-mug");
    await page.getByRole("radio", { name: "Eirin" }).check();
    await page.getByRole("radio", { name: "Cymraeg" }).check();
    await page.getByRole("button", { name: "Dangos y dewis hwn" }).click();
    await expect(page).toHaveURL("/cy/shop/heart-mug?colour=plum&language=cy");
    await expect(page.getByText("Dim ond 4 ar ôl")).toBeVisible();
  });
});

for (const locale of LOCALES) {
  test(`the accessibility tree of the list and of a product: ${locale}`, async ({ page }) => {
    await open(page, address("/shop?category=posters-and-flags&only=in-stock", locale));
    await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: `shop-${locale}.aria.yml` });
    await open(page, address("/shop/rights-poster", locale));
    await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: `product-${locale}.aria.yml` });
  });
}
