// axe on every page, in every palette, width and language. A page in the standard palette is
// checked in the dark one as well, which only the device's colour scheme selects. No rule is disabled except one,
// where it reads colours that are not on the screen.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { cardTest, fillBasket, fillMember, orderPage } from "./buying.ts";
import { LOCALES, ROUTES, address, appReady, expect, open, test } from "./hub_test.ts";

const PALETTES = ["standard", "high", "forced light", "forced dark"] as const;

/** Elements that axe cannot check by itself, and why they are fine. */
const UNDECIDED = [
  // The banner's fringe and poles are pseudo-elements, and axe cannot see what is behind them.
  // tokens.css lists the colours on the banner as pairs, which the rules check verifies.
  { reason: "pseudoContent", within: ".hero__banner" },
  // A number on the map is on its own disc; ink on surface is one of the pairs that the rules
  // check verifies.
  { reason: "shortTextContent", within: ".region-map" },
  // Cards outside the scrolled area are cut off at its edge; they are like the visible ones.
  { reason: "elmPartiallyObscured", within: ".shelf__list" },
  // A picture is cropped by its frame; axe assumes its full size, which would overlap the text
  // beside it.
  { reason: "bgOverlap", within: ".product__main, .news-card__text, .news-item" },
  // "Exit this page" floats over the bottom of the page; scrolling uncovers the content, and a
  // focused element is kept clear of it.
  { reason: "elmPartiallyObscuring", within: "main" },
];

async function paint(page: Page, palette: (typeof PALETTES)[number]): Promise<void> {
  if (palette.startsWith("forced")) {
    await page.emulateMedia({ forcedColors: "active", colorScheme: palette === "forced dark" ? "dark" : "light" });
  } else {
    await page.addInitScript((choice) => localStorage.setItem("contrast", choice), palette);
  }
}

/** What axe finds in this palette. For the standard one, that includes the dark one on the same page. */
async function violations(page: Page, palette: (typeof PALETTES)[number]) {
  const found = await violationsAsShown(page, palette);
  if (palette !== "standard") return found;
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await violationsAsShown(page, palette);
  await page.emulateMedia({ colorScheme: "light" });
  return [...found, ...dark.map((violation) => ({ ...violation, palette: "dark" }))];
}

async function violationsAsShown(page: Page, palette: (typeof PALETTES)[number]) {
  const forced = palette.startsWith("forced");
  const builder = new AxeBuilder({ page }).options({
    rules: {
      // Axe uses colours that forced colours have replaced; `weakTexts` measures instead.
      "color-contrast": { enabled: !forced },
      "color-contrast-enhanced": { enabled: palette === "high" },
    },
  });
  // No page has frames, so their results need not be merged on another page.
  const results = await builder.setLegacyMode().analyze();
  const undecided: typeof results.incomplete = [];
  for (const result of results.incomplete) {
    const unexplained = [];
    for (const node of result.nodes) {
      const target = page.locator(String(node.target[0]));
      const reason = node.any[0]?.data?.messageKey;
      const places = UNDECIDED.filter((known) => known.reason === reason).map(({ within }) => within);
      const explained = await target.evaluate((element, list) => list.some((place) => element.closest(place)), places);
      if (!explained) unexplained.push(node);
    }
    if (unexplained.length > 0) undecided.push({ ...result, nodes: unexplained });
  }
  return [...results.violations, ...undecided].map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.map((node) => `${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`),
  }));
}

/** Texts with too little contrast between their computed colour and their background. */
function weakTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = ([red = 0, green = 0, blue = 0]: number[]) => {
      const linear = [red, green, blue].map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
    };
    const ground = (element: Element | null): number[] => {
      if (!element) return channels(getComputedStyle(document.documentElement).backgroundColor);
      const colour = channels(getComputedStyle(element).backgroundColor);
      return colour.length === 4 && colour[3] === 0 ? ground(element.parentElement) : colour;
    };
    const weak: string[] = [];
    for (const element of document.querySelectorAll("body *")) {
      const ownText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
      if (!ownText || element instanceof HTMLScriptElement || !element.checkVisibility()) continue;
      const [text, behind] = [luminance(channels(getComputedStyle(element).color)), luminance(ground(element))];
      const ratio = (Math.max(text, behind) + 0.05) / (Math.min(text, behind) + 0.05);
      if (ratio < 4.5) weak.push(`${ratio.toFixed(2)} ${element.outerHTML.slice(0, 120)}`);
    }
    return weak;
  });
}

/** Shows an open page in this palette. */
async function repaint(page: Page, palette: (typeof PALETTES)[number]): Promise<void> {
  const forced = palette.startsWith("forced");
  await page.emulateMedia({
    forcedColors: forced ? "active" : "none",
    colorScheme: palette === "forced dark" ? "dark" : "light",
  });
  if (forced) return;
  const toggle = page.locator("[data-contrast-switch]");
  const pressed = String(palette === "high");
  if ((await toggle.getAttribute("aria-pressed")) !== pressed) await toggle.click();
  await expect(toggle).toHaveAttribute("aria-pressed", pressed);
}

/**
 * Scrolls to the top, since axe finds no background for content behind the bar. The app moves
 * the focus one frame after an action, and that scrolls too.
 */
async function scrollToTop(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    scrollTo(0, 0);
  });
}

for (const locale of LOCALES) {
  for (const route of ROUTES) {
    test(`axe finds nothing: ${address(route, locale)}`, async ({ page }) => {
      await open(page, address(route, locale));
      // Forced colours first, while no contrast is chosen.
      for (const palette of PALETTES.toReversed()) {
        await repaint(page, palette);
        for (const width of [320, 1280]) {
          await page.setViewportSize({ width, height: 900 });
          const what = `${palette}, ${width} px`;
          expect.soft(await violations(page, palette), what).toEqual([]);
          if (palette.startsWith("forced")) expect.soft(await weakTexts(page), what).toEqual([]);
        }
      }
    });
  }
}

// The tests above switch to high contrast on an open page.
for (const locale of LOCALES) {
  test(`axe finds nothing on pages that are loaded in high contrast: ${locale}`, async ({ page }) => {
    await paint(page, "high");
    for (const route of ["/", "/contacts", "/shop/heart-t-shirt", "/support"]) {
      await open(page, address(route, locale));
      await expect(page.locator("html")).toHaveAttribute("data-contrast", "high");
      for (const width of [320, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        expect.soft(await violations(page, "high"), `${route}, ${width} px`).toEqual([]);
      }
    }
  });
}

for (const locale of LOCALES) {
  for (const palette of PALETTES) {
    test(`axe finds nothing after actions, errors and empty results: ${locale}, ${palette}`, async ({ page }) => {
      await paint(page, palette);
      const check = async (what: string) => {
        await scrollToTop(page);
        expect.soft(await violations(page, palette), what).toEqual([]);
      };
      for (const route of ["/search", "/search?q=zzzz", "/unions?q=zzzz", "/events?kind=seminar&union=federation", "/events/street-stall", "/events/organising-at-a-distance"]) {
        await open(page, address(route, locale));
        await check(route);
      }
      await open(page, address("/take-part/member", locale));
      for (const box of await page.getByRole("checkbox").all()) await box.check();
      await expect(page.getByRole("main").getByRole("img")).toBeVisible();
      await check("an activist");
      await open(page, address("/courses/steward-induction", locale));
      await page.locator(".credits").getByRole("button").click();
      await expect(page.getByRole("alert")).toBeVisible();
      await check("no day");
      await page.locator("#start").fill("2023-02-12");
      await page.locator(".credits").getByRole("button").click();
      await expect(page.locator(".credits__answer")).toContainText("2023");
      await check("a day");
    });
  }
}

for (const locale of LOCALES) {
  for (const palette of PALETTES) {
    test(`axe finds nothing from the basket to the order: ${locale}, ${palette}`, async ({ page }) => {
      test.setTimeout(120_000);
      await page.setViewportSize({ width: 320, height: 900 });
      await paint(page, palette);
      const check = async (what: string) => {
        await scrollToTop(page);
        expect.soft(await violations(page, palette), what).toEqual([]);
        if (palette.startsWith("forced")) expect.soft(await weakTexts(page), what).toEqual([]);
        expect.soft(await page.evaluate(() => document.documentElement.scrollWidth), what).toBe(320);
      };
      await open(page, address("/basket", locale));
      await page.evaluate(() => {
        localStorage.setItem("basket-1-HEART-BADGE-RED-EN", "30 1");
        localStorage.setItem("basket-1-HEART-MUG-PLUM-CY", "12 2");
        localStorage.setItem("basket-1-NOTHING", "1 3");
        localStorage.setItem("later-1-HEART-T-SHIRT-PLUM-M", "2 1");
      });
      await open(page, `${address("/basket", locale)}?add=HEART-BADGE-RED-EN:2`);
      await expect(page.locator("#link-question-title")).toBeVisible();
      await page.locator("#bulk-list").fill("HEART-BADGE-RED-EN,many");
      await page.locator(".bulk-add [type=submit]").click();
      await expect(page.locator(".bulk-add__report li")).toBeVisible();
      await page.locator(".basket-line [data-act=remove]").last().click();
      await check("basket");
      await open(page, address("/checkout", locale));
      await expect(page.locator(".checkout__items")).toBeVisible();
      await page.locator("#kind-branch").check();
      await page.locator("#by-purchase-order").check();
      await page.locator(".checkout__finish [type=submit]").click();
      await expect(page.locator("#error-summary")).toBeVisible();
      await check("checkout with all mistakes");
      await page.evaluate(() => localStorage.removeItem("basket-1-NOTHING"));
      await page.locator("#delivery-option-collection").check();
      await page.locator("#by-transfer").check();
      await page.locator("#kind-member").check();
      await page.locator("#name").fill("A Member");
      await page.locator("#email").fill("member@branch.example");
      await page.locator(".checkout__finish [type=submit]").click();
      await expect(page.locator(".order__status")).toBeVisible();
      await check("order");
    });
  }
}

cardTest.describe("after the order", () => {
  cardTest.use({ expectedConsole: /422/ });

  for (const locale of LOCALES) {
    for (const palette of PALETTES) {
      cardTest(`axe finds nothing from a quote to a return: ${locale}, ${palette}`, async ({ page, server }) => {
        cardTest.setTimeout(120_000);
        await page.setViewportSize({ width: 320, height: 900 });
        await paint(page, palette);
        const check = async (what: string) => {
          await appReady(page);
          await scrollToTop(page);
          expect.soft(await violations(page, palette), what).toEqual([]);
          if (palette.startsWith("forced")) expect.soft(await weakTexts(page), what).toEqual([]);
          expect.soft(await page.evaluate(() => document.documentElement.scrollWidth), what).toBe(320);
        };
        await fillBasket(page, server, { "HEART-MUG-RED-EN": 12, "BADGE-BOX-EN": 1 }, locale);
        await fillMember(page);
        await page.locator("#kind-branch").check();
        await page.locator("#branch").fill("Leeds General");
        await page.locator("#quote").click();
        const reference = await orderPage(page);
        await page.locator(".order__approval [type=submit]").click();
        await expect(page.locator("#error-summary")).toBeVisible();
        await check("quote without a number");
        await page.locator("[name=by][value=card]").check();
        await page.locator(".order__approval [type=submit]").click();
        await expect(page.locator("a[href$='/pay']")).toBeVisible();
        await check("awaiting payment by card");
        await page.locator("a[href$='/pay']").click();
        await page.getByRole("button", { name: "Pay" }).click();
        await orderPage(page);
        for (const step of ["packed", "dispatched", "delivered"]) server.command("orders", "move", reference, step);
        await page.reload();
        await page.locator("#return-0").fill("100");
        await page.locator("#reason").fill("A crack");
        await page.locator(".order__actions form [type=submit]").click();
        await expect(page.locator("#error-summary")).toBeVisible();
        await check("too many returned");
        await page.locator("#return-0").fill("1");
        await page.locator(".order__actions form [type=submit]").click();
        await expect(page.locator(".order__seller")).toBeVisible();
        await check("returned");
      });
    }
  }
});

test.describe("other states", () => {
  test.use({ expectedConsole: /404|Failed to load resource/ });

  for (const locale of LOCALES) {
    for (const palette of PALETTES) {
      test(`axe finds nothing on missing pages and failed responses: ${locale}, ${palette}`, async ({ page }) => {
        await paint(page, palette);
        await open(page, address("/nothing", locale));
        expect.soft(await violations(page, palette), "not found").toEqual([]);
        await open(page, address("/privacy", locale));
        await page.route("**/api/**", (route) => route.abort());
        await page.getByRole("contentinfo").getByRole("link").first().click();
        // The page before has a button too, but not in a form.
        await expect(page.locator("main form").getByRole("button")).toBeVisible();
        expect.soft(await violations(page, palette), "failed").toEqual([]);
        await page.unroute("**/api/**");
        await open(page, address("/shop?q=zzzz&only=welsh", locale));
        expect.soft(await violations(page, palette), "nothing found").toEqual([]);
        await page.route("**/api/**", (route) => route.abort());
        await page.getByRole("searchbox").fill("mug");
        await expect(page.getByRole("alert")).toBeVisible();
        expect.soft(await violations(page, palette), "list not loaded").toEqual([]);
      });
    }
  }
});

test.describe("part of the app that fails to load", () => {
  test.use({ expectedConsole: /Failed to (load resource|fetch)/ });

  for (const locale of LOCALES) {
    for (const palette of PALETTES) {
      test(`axe finds nothing where code is missing: ${locale}, ${palette}`, async ({ page }) => {
        await paint(page, palette);
        await open(page, address("/", locale));
        await page.route("**/split_*.wasm", (route) => route.abort());
        await page.locator("#place").focus();
        await expect(page.getByRole("alert")).toBeVisible();
        // Further down, the docked exit button overlaps a link, whose contrast axe then cannot tell.
        await scrollToTop(page);
        expect.soft(await violations(page, palette), "within a page").toEqual([]);
        await page.getByRole("contentinfo").getByRole("link").first().click();
        await expect(page.locator("main .actions").getByRole("button")).toBeVisible();
        await expect(page.locator("#place")).toHaveCount(0);
        expect.soft(await violations(page, palette), "in place of a page").toEqual([]);
      });
    }
  }
});
