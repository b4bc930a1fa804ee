// News: from the home page to an item, by topic and union, and the feed.
import { LOCALES, address, expect, open, test } from "./hub_test.ts";

test("from the home page to news, a topic, an item and back", async ({ page }) => {
  await open(page, "/");
  const latest = page.getByRole("region", { name: "News" });
  await expect(latest.getByRole("heading", { level: 3 })).toHaveCount(3);
  await latest.getByRole("link", { name: "All news" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "News" })).toBeFocused();
  await expect(page.getByRole("heading", { level: 2, name: "9 items" })).toBeVisible();

  const choices = page.getByRole("navigation", { name: "Filter news" });
  await choices.getByRole("link", { name: "Events 3" }).click();
  await expect(page).toHaveURL("/news?tag=event");
  await expect(page.getByRole("heading", { level: 2, name: "3 items" })).toBeVisible();
  await expect(choices.getByRole("link", { name: "Events 3" })).toHaveAttribute("aria-current", "true");
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();

  await choices.getByRole("link", { name: "The radiographers’ union 1" }).click();
  await expect(page).toHaveURL("/news?tag=event&union=radiographers");
  await page.getByRole("link", { name: "Wear your heart on your lanyard" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Wear your heart on your lanyard" })).toBeFocused();
  await expect(page.getByText("Friday 9 February 2024")).toBeVisible();
  await expect(page.getByText("Last reviewed on 18 November 2026")).toBeVisible();
  await expect(page.getByRole("figure")).toContainText("A rep in a new lanyard");
  await page.goBack();
  await expect(page).toHaveURL("/news?tag=event&union=radiographers");
  await expect(page.getByRole("link", { name: "Wear your heart on your lanyard" })).toBeFocused();
  await page.goBack();
  await expect(page.getByRole("heading", { level: 2, name: "3 items" })).toBeVisible();
});

test("from an item to another one, and back", async ({ page }) => {
  await open(page, "/news/become-a-safety-rep");
  const more = page.getByRole("region", { name: "More news" });
  const link = more.getByRole("heading", { level: 3 }).first().getByRole("link");
  const title = (await link.textContent()) ?? "";
  await link.click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeFocused();
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: "Become a safety rep" })).toBeVisible();
});

test("in Welsh, with the same choice in the other language", async ({ page }) => {
  await open(page, "/cy/news?tag=health-and-safety");
  await expect(page.getByRole("heading", { level: 2, name: "2 eitem" })).toBeVisible();
  await page.getByRole("link", { name: "English" }).click();
  await expect(page).toHaveURL("/news?tag=health-and-safety");
  await expect(page.getByRole("heading", { level: 2, name: "2 items" })).toBeVisible();
});

test("a filter without results links to all news", async ({ page }) => {
  await open(page, "/news?tag=event&union=physiotherapists");
  await expect(page.getByText("No news matches your filters.")).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: "All news" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "9 items" })).toBeVisible();
});

test("the feed is a download", async ({ page, request }) => {
  await open(page, "/news");
  const feed = page.getByRole("link", { name: /Atom/ });
  await expect(feed).toHaveAttribute("href", "/news/feed.atom");
  const answer = await request.get("/news/feed.atom");
  expect(answer.headers()["content-type"]).toContain("application/atom+xml");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("choices and items are links", async ({ page }) => {
    await page.goto("/news");
    await page.getByRole("link", { name: "Campaigns 3" }).click();
    await page.getByRole("link", { name: "Fair holiday pay for care workers" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Fair holiday pay for care workers" })).toBeVisible();
    await expect(page.getByText("keep your rota")).toBeVisible();
  });
});

for (const locale of LOCALES) {
  test(`the accessibility tree of the list and of an item: ${locale}`, async ({ page }) => {
    await open(page, address("/news?tag=event", locale));
    await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: `news-${locale}.aria.yml` });
    await open(page, address("/news/become-a-safety-rep", locale));
    await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: `news-item-${locale}.aria.yml` });
  });
}
