// Unions: found by job, name or abbreviation, and a page for each; search of the whole site.
import { LOCALES, address, expect, open, test } from "./hub_test.ts";

test("a job leads to a union, its news and its events", async ({ page }) => {
  await open(page, "/");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Unions" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Find your union" })).toBeFocused();
  await page.getByRole("searchbox", { name: "Job or union name" }).fill("teaching assistants");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/unions?q=teaching%20assistants");
  await expect(page.getByRole("heading", { level: 1, name: "1 union for “teaching assistants”" })).toBeFocused();
  await page.getByRole("link", { name: "The public-service union" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "The public-service union" })).toBeFocused();
  await expect(page.getByRole("region", { name: "Who to contact" }).getByRole("link", { name: "0161 496 0250" })).toBeVisible();
  await expect(page.getByRole("region", { name: "News" }).getByRole("heading", { level: 3 })).toHaveCount(3);
  await page.getByRole("region", { name: "Events" }).getByRole("link", { name: "Harassment is a hazard" }).click();
  await expect(page.getByRole("heading", { level: 1, name: /Harassment is a hazard/ })).toBeFocused();
  await page.goBack();
  await page.goBack();
  await expect(page.getByRole("searchbox")).toHaveValue("teaching assistants");
});

test("one search after another, without loading a document", async ({ page }) => {
  await open(page, "/unions?q=nurse");
  let documents = 0;
  page.on("request", (request) => (documents += request.resourceType() === "document" ? 1 : 0));
  for (const [typed, found] of [["bus driver", "1 union for “bus driver”"], ["", "Find your union"], ["chef", "1 union for “chef”"]]) {
    await page.getByRole("searchbox").fill(typed);
    await page.getByRole("button", { name: "Search" }).click();
    await expect(page.getByRole("heading", { level: 1, name: found })).toBeFocused();
  }
  expect(documents).toBe(0);
});

test("no union is found: who to contact, and all of them", async ({ page }) => {
  await open(page, "/cy/unions?q=dofwr%20llewod");
  await expect(page.getByRole("heading", { level: 1, name: "Heb ddod o hyd i undebau ar gyfer “dofwr llewod”" })).toBeVisible();
  await expect(page.getByRole("link", { name: "020 7946 0100" })).toBeVisible();
  await page.getByRole("link", { name: "Dangos pob undeb" }).click();
  await expect(page.getByRole("heading", { level: 2 })).toHaveCount(7);
});

test("search finds every type of content, and can be filtered", async ({ page }) => {
  await open(page, "/");
  await page.getByRole("link", { name: "Search", exact: true }).click();
  await page.getByRole("searchbox").fill("saftey rep");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByRole("heading", { level: 1, name: /^\d+ results: saftey rep$/ })).toBeFocused();
  const kinds = page.getByRole("navigation", { name: "Type of result" });
  await kinds.getByRole("link", { name: /^Course/ }).click();
  await expect(page).toHaveURL("/search?q=saftey%20rep&kind=course");
  await page.getByRole("link", { name: "Induction for new safety reps" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Induction for new safety reps" })).toBeFocused();
});

test("empty results show what to do", async ({ page }) => {
  await open(page, "/search?q=zzzzz");
  await expect(page.getByRole("heading", { level: 1, name: "0 results: zzzzz" })).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: "Find your region" }).click();
  await expect(page).toHaveURL("/contacts");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });
  test("the forms are plain", async ({ page }) => {
    await page.goto("/cy/unions");
    await page.getByRole("searchbox").fill("nyrs");
    await page.getByRole("button", { name: "Chwilio" }).click();
    await expect(page).toHaveURL("/cy/unions?q=nyrs");
    await expect(page.getByRole("heading", { level: 1, name: "1 undeb ar gyfer “nyrs”" })).toBeVisible();
    await page.goto("/search");
    await page.getByRole("searchbox").fill("mug");
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByRole("link", { name: "Heart mug" }).first().click();
    await expect(page).toHaveURL("/shop/heart-mug");
  });
});

for (const locale of LOCALES) {
  test(`the accessibility tree of unions, a union and search: ${locale}`, async ({ page }) => {
    await open(page, address("/unions?q=radio", locale));
    await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: `unions-${locale}.aria.yml` });
    await open(page, address("/unions/radiographers", locale));
    await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: `union-${locale}.aria.yml` });
    await open(page, address("/search?q=2024", locale));
    await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: `search-${locale}.aria.yml` });
  });
}
