// The high-contrast switch, as someone who needs it uses it.
import type { Page } from "@playwright/test";
import { appReady, expect, open, test } from "./hub_test.ts";

const state = (page: Page) => page.locator("html").getAttribute("data-contrast");
const toggle = (page: Page) => page.getByRole("button", { name: "High contrast" });

test("switch is the first control after the skip link", async ({ page }) => {
  await open(page, "/");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to main content" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(toggle(page)).toBeFocused();
  await expect(toggle(page)).toHaveAttribute("aria-pressed", "false");
  await page.keyboard.press("Space");
  await expect(toggle(page)).toHaveAttribute("aria-pressed", "true");
  expect(await state(page)).toBe("high");
});

test("the setting survives a reload without a flash of the wrong theme", async ({ page }) => {
  await open(page, "/");
  await toggle(page).click();
  await page.addInitScript(() => {
    const seen: (string | undefined)[] = [];
    Object.assign(window, { seen });
    const look = () => {
      if (document.body) seen.push(document.documentElement.dataset.contrast);
      requestAnimationFrame(look);
    };
    new MutationObserver((_, observer) => {
      if (document.body) {
        seen.push(document.documentElement.dataset.contrast);
        observer.disconnect();
      }
    }).observe(document, { childList: true, subtree: true });
    requestAnimationFrame(look);
  });
  await page.reload();
  await appReady(page);
  const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen);
  expect(seen.length).toBeGreaterThan(1);
  expect(new Set(seen)).toEqual(new Set(["high"]));
  await expect(toggle(page)).toHaveAttribute("aria-pressed", "true");
});

test("the setting applies to other tabs and pages immediately", async ({ page, context }) => {
  await open(page, "/");
  const second = await context.newPage();
  await open(second, "/cy/join");
  await toggle(page).click();
  await expect(second.locator("html")).toHaveAttribute("data-contrast", "high");
  await expect(second.getByRole("button", { name: "Cyferbyniad uchel" })).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("contentinfo").getByRole("link", { name: "Join a union" }).click();
  await expect(page).toHaveURL("/join");
  expect(await state(page)).toBe("high");
});

test("the device's setting applies until the visitor chooses, and again after a reset", async ({ page }) => {
  await page.emulateMedia({ contrast: "more" });
  await open(page, "/");
  expect(await state(page)).toBe("high");
  await expect(toggle(page)).toHaveAttribute("aria-pressed", "true");
  await page.emulateMedia({ contrast: "no-preference" });
  await expect(page.locator("html")).toHaveAttribute("data-contrast", "standard");

  await toggle(page).click();
  expect(await state(page)).toBe("high");
  await page.emulateMedia({ contrast: "no-preference" });
  expect(await state(page)).toBe("high");

  await page.getByRole("button", { name: "Use my device setting" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-contrast", "standard");
  await expect(toggle(page)).toBeFocused();
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
});

test("without JavaScript the device's setting applies", async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, contrast: "more" });
  const page = await context.newPage();
  await page.goto("/");
  await expect(page.locator("html")).toHaveCSS("background-color", "rgb(0, 0, 0)");
  await context.close();
});

const ground = (page: Page) => page.locator("html").evaluate((root) => getComputedStyle(root).backgroundColor);
const DARK = "rgb(29, 12, 27)";

test("a dark device has dark colours unless high contrast is on", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await open(page, "/");
  expect(await ground(page)).toBe(DARK);
  await expect(page.locator("html")).toHaveCSS("color-scheme", "dark");
  await toggle(page).click();
  expect(await ground(page)).toBe("rgb(0, 0, 0)");
  // The switch is about contrast: off means the device's colours.
  await toggle(page).click();
  expect(await state(page)).toBe("standard");
  expect(await ground(page)).toBe(DARK);
  await page.emulateMedia({ colorScheme: "light" });
  expect(await ground(page)).not.toBe(DARK);
});

test("a dark device has dark colours and more contrast without JavaScript", async ({ browser }) => {
  for (const [contrast, expected] of [["no-preference", DARK], ["more", "rgb(0, 0, 0)"]] as const) {
    const context = await browser.newContext({ javaScriptEnabled: false, colorScheme: "dark", contrast });
    const page = await context.newPage();
    await page.goto("/");
    await expect(page.locator("html")).toHaveCSS("background-color", expected);
    await context.close();
  }
});

test("dark colours are there from the first paint", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    const look = () => {
      if (document.body) seen.push(getComputedStyle(document.documentElement).backgroundColor);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await open(page, "/");
  const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen);
  expect(seen.length).toBeGreaterThan(1);
  expect(new Set(seen)).toEqual(new Set([DARK]));
});

test("forced colours override the switch", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active", colorScheme: "light" });
  await open(page, "/");
  const canvas = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await toggle(page).click();
  await expect(page.locator("html")).toHaveCSS("background-color", canvas);
});

for (const [name, block] of [
  ["blocked", "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('blocked', 'SecurityError') } })"],
  ["full", "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }"],
] as const) {
  test(`switch works while storage is ${name}`, async ({ page }) => {
    await page.addInitScript(block);
    await open(page, "/");
    await toggle(page).click();
    expect(await state(page)).toBe("high");
    await page.getByRole("link", { name: "Privacy" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Privacy");
    expect(await state(page)).toBe("high");
  });
}

test("switch works before the module arrives", async ({ page }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/*.wasm", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("/");
  await toggle(page).click();
  expect(await state(page)).toBe("high");
  await expect(page.locator("html")).not.toHaveAttribute("data-app");
  release();
  await appReady(page);
  await expect(toggle(page)).toHaveAttribute("aria-pressed", "true");
  expect(await state(page)).toBe("high");
});
