// Packs, posters, leaflets, magazines: to read online and to download for printing.
import { LOCALES, address, expect, open, test } from "./hub_test.ts";

test("from the home page to the pack and its file", async ({ page, request }) => {
  await open(page, "/");
  await page.getByRole("link", { name: "Use the activist pack" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "The activist pack 2027" })).toBeFocused();
  await expect(page.getByRole("heading", { level: 2, name: "A stall in half an hour" })).toBeVisible();
  await expect(page.getByText(/PDF, \d+ A4 pages, \d+ KB, English/)).toBeVisible();
  const file = await page.getByRole("link", { name: "Download" }).getAttribute("href");
  const answer = await request.get(file ?? "");
  expect(answer.headers()["content-type"]).toBe("application/pdf");
  expect((await answer.body()).subarray(0, 5).toString()).toBe("%PDF-");
  await expect(page.getByRole("link", { name: "Ask for another format" })).toHaveAttribute("href", /^mailto:week@federation\.example\?subject=Other%20format/);
});

test("documents by kind, and back", async ({ page }) => {
  await open(page, "/resources");
  await page.getByRole("link", { name: "Poster 1" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "1 document" })).toBeVisible();
  await page.getByRole("link", { name: "Nobody sorts it out alone" }).click();
  // The list mentions the file too: only the heading shows that the page has loaded.
  await expect(page.getByRole("heading", { level: 1, name: "Nobody sorts it out alone" })).toBeFocused();
  await expect(page.getByText(/PDF, 1 A3 page/)).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("link", { name: "Nobody sorts it out alone" })).toBeFocused();
});

test("a magazine lists its issues and their contents", async ({ page }) => {
  await open(page, "/cy/publications");
  await page.getByRole("link", { name: "Pob rhifyn: Cylchgrawn yr ymgyrchwyr" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "2 rifyn" })).toBeVisible();
  await expect(page.getByText("Mygydau sy’n ffitio")).toBeVisible();
  await page.getByRole("link", { name: "Cylchgrawn yr ymgyrchwyr, hydref 2020" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Cylchgrawn yr ymgyrchwyr, hydref 2020" })).toBeFocused();
});

for (const locale of LOCALES) {
  test(`the accessibility tree of documents, a document and a series: ${locale}`, async ({ page }) => {
    for (const [route, name] of [
      ["/resources?kind=leaflet", "resources"],
      ["/resources/why-join-leaflet", "resource"],
      ["/publications/black-members-magazine", "publication"],
    ] as const) {
      await open(page, address(route, locale));
      await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: `${name}-${locale}.aria.yml` });
    }
  });
}
