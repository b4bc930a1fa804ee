// Taking part: steps remembered on this device in all tabs, the image at the end, posts to
// share; and courses with their credits.
import { LOCALES, address, expect, open, test } from "./hub_test.ts";

test("steps are kept on this device, across tabs and languages, and can be cleared", async ({ page, context }) => {
  await open(page, "/take-part");
  await page.getByRole("link", { name: "I am a member" }).click();
  await expect(page.getByText("0 of 4 done")).toBeVisible();
  const box = (name: string) => page.getByRole("checkbox", { name });
  await box("Ask your colleagues whether they are in a union").check();
  await expect(page.getByText("1 of 4 done")).toBeVisible();

  const other = await context.newPage();
  await open(other, "/cy/take-part/member");
  await expect(other.getByText("1 o 4 wedi’u gwneud")).toBeVisible();
  // Both tabs change it, and no change is lost.
  await other.getByRole("checkbox", { name: /dywedwch helô/ }).check();
  await expect(page.getByText("2 of 4 done")).toBeVisible();
  await expect(box("Find your steward or safety rep, and say hello")).toBeChecked();
  await box("Sign up for campaign emails").check();
  await expect(other.getByText("3 o 4 wedi’u gwneud")).toBeVisible();
  await other.close();

  await page.reload();
  await expect(page.getByText("3 of 4 done")).toBeVisible();
  await box("Sign up for campaign emails").uncheck();
  await expect(page.getByText("2 of 4 done")).toBeVisible();
  await page.getByRole("link", { name: "Clear data saved on this device" }).click();
  await expect(page.getByText("Steps you have ticked off")).toBeVisible();
  await page.getByRole("button", { name: "Clear all saved data" }).click();
  await open(page, "/take-part/member");
  await expect(page.getByText("0 of 4 done")).toBeVisible();
});

test("each role stores its own steps, also when one links to the other", async ({ page }) => {
  await open(page, "/take-part/member");
  await page.getByRole("checkbox").first().check();
  await expect(page.getByText("1 of 4 done")).toBeVisible();
  await page.getByRole("link", { name: "I am a steward" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "I am a steward" })).toBeFocused();
  await expect(page.getByText("0 of 5 done")).toBeVisible();
  await page.getByRole("checkbox").nth(1).check();
  await page.getByRole("checkbox").nth(2).check();
  await expect(page.getByText("2 of 5 done")).toBeVisible();
  await page.goBack();
  await expect(page.getByText("1 of 4 done")).toBeVisible();
  await page.goForward();
  await expect(page.getByText("2 of 5 done")).toBeVisible();
});

test("completing all steps offers a picture to save", async ({ page }) => {
  await open(page, "/take-part/not-in-a-union");
  await page.getByRole("checkbox").first().focus();
  // With the keyboard only: a step's links are between its checkbox and the next.
  for (const box of await page.getByRole("checkbox").all()) {
    await box.focus();
    await page.keyboard.press("Space");
  }
  await expect(page.getByText("4 of 4 done")).toBeVisible();
  await expect(page.getByRole("heading", { name: "You are an activist" })).toBeVisible();
  await expect(page.getByRole("img", { name: /I am an activist/ })).toBeVisible();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Save the image" }).click()]);
  expect(download.suggestedFilename()).toBe("activist.png");
});

test("a box ticked before hydration is stored", async ({ page }) => {
  await page.route("**/*.wasm", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await route.continue();
  });
  await page.goto("/take-part/steward");
  await page.getByRole("checkbox").first().check();
  await expect(page.getByText("1 of 5 done")).toBeVisible();
  await page.reload();
  await expect(page.getByText("1 of 5 done")).toBeVisible();
});

test.describe("storage that is blocked", () => {
  test("keeps ticks for as long as the page is open", async ({ page }) => {
    await page.addInitScript(() => {
      Object.defineProperty(window, "localStorage", { get: () => { throw new DOMException("blocked", "SecurityError"); } });
    });
    await open(page, "/take-part/member");
    await page.getByRole("checkbox").first().check();
    await expect(page.getByText("1 of 4 done")).toBeVisible();
    await page.getByRole("checkbox").first().uncheck();
    await expect(page.getByText("0 of 4 done")).toBeVisible();
  });
});

test("posts can be copied, shared, or opened in a network", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page, "/take-part");
  const posts = page.getByRole("region", { name: "Posts to share" });
  await posts.getByRole("button", { name: "Copy" }).first().click();
  await expect(posts.getByText("Copied.")).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain("#heartunions");
  await expect(posts.getByRole("link", { name: "Bluesky" }).first()).toHaveAttribute("href", /^https:\/\/bsky\.app\/intent\/compose\?text=/);
});

test("a course calculates whether a rep earns its credits", async ({ page }) => {
  await open(page, "/courses");
  await page.getByRole("link", { name: "Residential 2" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "2 courses" })).toBeVisible();
  await page.getByRole("link", { name: "Induction for new stewards" }).click();
  const day = page.getByLabel("Course start date");
  const button = page.getByRole("button", { name: "Check" });
  await button.click();
  await expect(page.getByRole("alert")).toContainText("Enter the course start date, like 13 February 2023");
  await expect(page.getByRole("alert")).toBeFocused();
  await expect(day).toHaveAttribute("aria-invalid", "true");
  await day.fill("2023-02-12");
  await button.click();
  await expect(page.getByText("Your start date is 12 February 2023.")).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await day.fill("2023-02-13");
  await button.click();
  await expect(page.getByText("Yes. If your start date is 13 February 2023, you get 6 credits.")).toBeVisible();
  // The same on the course that this one links to.
  await page.getByRole("link", { name: "Induction for new safety reps" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Induction for new safety reps" })).toBeFocused();
  await page.getByLabel("Course start date").fill("2022-01-31");
  await page.getByRole("button", { name: "Check" }).click();
  await expect(page.getByText("Your start date is 31 January 2022.")).toBeVisible();
  await expect(page).toHaveURL("/courses/safety-rep-induction");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });
  test("the steps can be read, posts copied by hand, credits worked out", async ({ page }) => {
    await page.goto("/take-part/steward");
    await expect(page.getByText("Map your members, and find the gaps")).toBeVisible();
    await page.goto("/take-part");
    await expect(page.getByRole("button", { name: "Copy" })).toHaveCount(0);
    await expect(page.getByRole("link", { name: "WhatsApp" }).first()).toBeVisible();
    await page.goto("/cy/courses/safety-rep-induction");
    await page.getByLabel("Dyddiad dechrau’r cwrs").fill("2026-01-05");
    await page.getByRole("button", { name: "Gwirio" }).click();
    await expect(page.getByText("Cewch. Os 5 Ionawr 2026 yw’ch dyddiad dechrau, cewch 6 chredyd.")).toBeVisible();
  });
});

for (const locale of LOCALES) {
  test(`the accessibility tree of roles, steps, courses and a course: ${locale}`, async ({ page }) => {
    for (const [route, name] of [
      ["/take-part", "take-part"],
      ["/take-part/safety-rep", "role"],
      ["/courses?mode=self-study", "courses"],
      ["/courses/safety-rep-induction", "course"],
    ] as const) {
      await open(page, address(route, locale));
      await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: `${name}-${locale}.aria.yml` });
    }
  });
}
