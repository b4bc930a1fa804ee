// English and Welsh, for each page.
import { LOCALES, ROUTES, address, appReady, expect, open, test } from "./hub_test.ts";

test("switch links to the same page and section in the other language, and back", async ({ page }) => {
  await open(page, "/past-years");
  await page.locator("#year-2020").evaluate((section) => section.scrollIntoView());
  // Clicks without scrolling first to an element that is always in view.
  const box = await page.getByRole("link", { name: "Cymraeg" }).boundingBox();
  await page.mouse.click(box!.x + box!.width / 2, box!.y + box!.height / 2);
  await appReady(page);
  await expect(page).toHaveURL("/cy/past-years#year-2020");
  await expect(page.locator("html")).toHaveAttribute("lang", "cy");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Beth wnaeth undebau yn y gorffennol");
  await expect(page.locator("#year-2020")).toBeInViewport();
  await page.evaluate(() => scrollTo(0, 0));
  await page.getByRole("link", { name: "English" }).click();
  await expect(page).toHaveURL("/past-years");
});

test("switch follows navigation in the app", async ({ page }) => {
  await open(page, "/cy");
  await page.getByRole("contentinfo").getByRole("link", { name: "Ymuno ag undeb" }).click();
  await expect(page).toHaveURL("/cy/join");
  await expect(page.getByRole("link", { name: "English" })).toHaveAttribute("href", "/join");
  await page.getByRole("link", { name: "wythnos caruundebau" }).first().click();
  await expect(page).toHaveURL("/cy");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("wythnos caruundebau");
});

test("dates and times are Welsh on Welsh pages", async ({ page }) => {
  await open(page, "/cy");
  await expect(page.locator("#week")).toContainText("8 i 14 Chwefror 2027");
  await expect(page.locator("#week")).toContainText("diwrnod i fynd");
  await expect(page.locator("#next-event")).toContainText("Dydd Iau 21 Ionawr 2027, 9:30yb tan 4yh");
});

test("no page mixes languages in its frame", async ({ page }) => {
  for (const route of ROUTES) {
    for (const locale of LOCALES) {
      await page.goto(address(route, locale));
      await expect(page.locator("html")).toHaveAttribute("lang", locale);
      const other = locale === "en" ? "Neidio i’r prif gynnwys" : "Skip to main content";
      await expect(page.getByText(other)).toHaveCount(0);
      await appReady(page);
    }
  }
});
