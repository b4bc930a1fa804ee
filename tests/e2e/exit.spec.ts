// "Exit this page", for people who may be watched.
import { expect, open, test } from "./hub_test.ts";

for (const path of ["/support", "/"]) {
  test(`button on ${path} replaces the page and its history entry`, async ({ page }) => {
    await open(page, "/join");
    await page.goto(path);
    await page.getByRole("link", { name: "Exit this page" }).click();
    await expect(page).toHaveURL("/kitchen-measures");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Kitchen measures");
    await page.goBack();
    await expect(page).toHaveURL("/join");
  });
}

test("Escape exits the page when pressed three times, not once or twice", async ({ page }) => {
  await open(page, "/cy/support");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL("/cy/support");
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL("/cy/kitchen-measures");
});

test("Escape does nothing on a page without the button", async ({ page }) => {
  await open(page, "/privacy");
  for (let press = 0; press < 4; press++) await page.keyboard.press("Escape");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Privacy");
});

test("data stored on the device can be deleted, and the page follows", async ({ page }) => {
  await open(page, "/");
  await page.getByRole("button", { name: "High contrast" }).click();
  await page.getByRole("link", { name: "Clear data saved on this device" }).click();
  const section = page.getByRole("region", { name: "What is saved on this device" });
  await expect(section.getByRole("listitem")).toHaveText(["Your high contrast setting"]);
  await section.getByRole("button", { name: "Clear all saved data" }).click();
  await expect(section.getByRole("status")).toContainText("Cleared.");
  await expect(page.locator("html")).toHaveAttribute("data-contrast", "standard");
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
});
