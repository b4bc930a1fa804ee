// Narrow, zoomed, with increased spacing, printed, and with the keyboard only.
import type { Page } from "@playwright/test";
import { orderByApi } from "./buying.ts";
import { LOCALES, ROUTES, address, expect, open, test } from "./hub_test.ts";
import { BASE_URL } from "./server.ts";

/** Elements that extend beyond the page's edge, or whose text is cut off. */
function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const found: string[] = [];
    if (document.documentElement.scrollWidth > width) found.push(`page is ${document.documentElement.scrollWidth} px wide`);
    for (const element of document.querySelectorAll("main *, header *, footer *")) {
      const style = getComputedStyle(element);
      const { right, width: own } = element.getBoundingClientRect();
      const drawing = element.closest("svg") !== null;
      // The shelf scrolls separately; its items must fit their own cards.
      const shelved = element.closest(".shelf__list") !== null;
      if (!drawing && !shelved && own > 1 && right > width + 1) found.push(`past the edge: ${element.outerHTML.slice(0, 100)}`);
      const hidden = style.overflowX !== "visible" || style.overflowY !== "visible";
      const invisible = element.matches(".visually-hidden, .hero, .shelf__list");
      if (!drawing && hidden && !invisible && (element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1)) {
        found.push(`cut off: ${element.outerHTML.slice(0, 100)}`);
      }
    }
    return found;
  });
}

// The policy forbids external styles, but these simulate the visitor's own.
test.use({ bypassCSP: true });

const CONDITIONS = {
  "320 px": { width: 320, css: "" },
  "390 px, text at 200 %": { width: 390, css: "html { font-size: 200% }" },
  "320 px, spaced text": {
    width: 320,
    css: "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }",
  },
};

for (const [condition, { width, css }] of Object.entries(CONDITIONS)) {
  test(`nothing is cut off or scrolls sideways: ${condition}`, async ({ page }) => {
    await page.setViewportSize({ width, height: 640 });
    for (const route of ROUTES) {
      for (const locale of LOCALES) {
        await open(page, address(route, locale));
        if (css) await page.addStyleTag({ content: css });
        expect.soft(await overflowing(page), address(route, locale)).toEqual([]);
      }
    }
  });
}

test("no placard of the crowd is cut off", async ({ page }) => {
  await open(page, "/");
  for (const width of [320, 390, 520, 600, 768, 1280, 1920]) {
    await page.setViewportSize({ width, height: 844 });
    const placards = await page.evaluate(async () => {
      // What is in the sprite has no boxes, so a copy in its place is measured.
      const shown = document.querySelector(".hero__crowd")!;
      const [sprite = ""] = shown.querySelector("use")!.getAttribute("href")!.split("#");
      const pictures = new DOMParser().parseFromString(await (await fetch(sprite)).text(), "image/svg+xml");
      const crowd = pictures.getElementById("crowd")!;
      const copy = shown.cloneNode() as Element;
      for (const name of ["viewBox", "preserveAspectRatio"]) copy.setAttribute(name, crowd.getAttribute(name)!);
      copy.innerHTML = crowd.innerHTML;
      shown.after(copy);
      const frame = copy.getBoundingClientRect();
      const cut = [...copy.querySelectorAll(".placard")].map((placard) => {
        const { left, right, top, bottom } = placard.getBoundingClientRect();
        if (right < frame.left || left > frame.right) return "outside";
        const inside = left >= frame.left && right <= frame.right && top >= frame.top && bottom <= frame.bottom;
        return inside ? "whole" : "cut off";
      });
      copy.remove();
      return cut;
    });
    expect.soft(placards, `${width} px`).toContain("whole");
    expect.soft(placards, `${width} px`).not.toContain("cut off");
  }
});

test("every control can be focused by keyboard, in view, with a focus ring", async ({ page }) => {
  await open(page, "/");
  const count = await page.locator("a[href], button").count();
  const seen = new Set<string>();
  for (let step = 0; step < count + 2; step++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      return {
        html: element.outerHTML.slice(0, 100),
        ring: style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 3,
        inView: box.bottom > 0 && box.top < innerHeight && box.width > 0,
        uncovered: [0.25, 0.5, 0.75].some((share) => {
          const top = document.elementFromPoint(box.left + box.width * share, box.top + box.height / 2);
          return top !== null && (element.contains(top) || top.contains(element));
        }),
      };
    });
    if (!focused) break;
    expect.soft(focused, focused.html).toMatchObject({ ring: true, inView: true, uncovered: true });
    seen.add(focused.html);
  }
  // The button to return to the device's setting exists only once a choice was made.
  expect(seen.size).toBeGreaterThanOrEqual(count - 2);
});

test("skip link skips the header", async ({ page }) => {
  await open(page, "/");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.locator("main")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Exit this page" })).toBeFocused();
});

test("touch targets have the minimum size", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const route of ROUTES) {
    await open(page, route);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll("a[href], button, summary, select, label.choice")]
        .filter((element) => element.checkVisibility() && getComputedStyle(element).display !== "inline")
        .filter((element) => !element.matches(".skip-link"))
        .map((element) => {
          // A card can be clicked anywhere: its link covers it.
          const target = element.matches(".card__name") ? element.closest(".card")! : element;
          return { html: element.outerHTML.slice(0, 80), height: target.getBoundingClientRect().height };
        })
        .filter(({ html, height }) => height < (html.startsWith("<label") ? 24 : 44)),
    );
    expect.soft(small, route).toEqual([]);
  }
});

test("printed page has its text and link URLs, and no navigation", async ({ page }) => {
  await open(page, "/support");
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("navigation")).toBeHidden();
  await expect(page.getByRole("contentinfo")).toBeHidden();
  await expect(page.getByRole("link", { name: "Exit this page" })).toBeHidden();
  await expect(page.getByText("0161 496 0312")).toBeVisible();
  const after = (name: string) =>
    page.getByRole("link", { name }).evaluate((link) => getComputedStyle(link, "::after").content.replaceAll('" "', ""));
  const address = await after("see and clear what this site has saved on your device");
  expect(address).toBe(`" (${BASE_URL}/privacy#this-device)"`);
  // Its text is the address.
  expect(await after("support.north-west@federation.example")).toBe("none");
});

test("printed region is its card", async ({ page }) => {
  await open(page, "/contacts/wales");
  await page.emulateMedia({ media: "print" });
  await expect(page.getByText("029 2018 0700")).toBeVisible();
  await expect(page.getByText("wales@federation.example", { exact: true })).toBeVisible();
  await expect(page.getByRole("heading", { name: "All regions" })).toBeHidden();
  await expect(page.getByRole("button", { name: "Print these contact details" })).toBeHidden();
});

test("printed product has its facts and the order contact, and no form", async ({ page }) => {
  await open(page, "/shop/week-poster");
  await page.emulateMedia({ media: "print" });
  await expect(page.getByText("WEEK-POSTER-RED-A4-EN")).toBeVisible();
  await expect(page.getByText("020 7946 0190")).toBeVisible();
  await expect(page.getByRole("navigation")).toHaveCount(0);
  const card = page.getByRole("link", { name: "Hand flag" });
  expect(await card.evaluate((link) => getComputedStyle(link, "::after").content)).toBe("none");
});

/** The visible texts that are not dark, or not on a light background. */
function notDarkOnLight(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const parts = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const lightness = (colour: string) => {
      const linear = parts(colour).slice(0, 3).map((part) => ((part / 255 + 0.055) / 1.055) ** 2.4);
      return 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
    };
    const ground = (element: Element | null): string => {
      if (!element) return "rgb(255, 255, 255)";
      const colour = getComputedStyle(element).backgroundColor;
      return parts(colour)[3] === 0 ? ground(element.parentElement) : colour;
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const wrong: string[] = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement!;
      if (!node.textContent?.trim() || !element.checkVisibility() || element.closest("script, style")) continue;
      const ink = getComputedStyle(element).color;
      if (lightness(ink) > 0.2 || lightness(ground(element)) < 0.8) {
        wrong.push(`${node.textContent.trim().slice(0, 40)}: ${ink} on ${ground(element)}`);
      }
    }
    return wrong;
  });
}

for (const palette of ["standard", "high contrast", "more contrast by the device"]) {
  test(`print is dark on white, ${palette}`, async ({ page }) => {
    if (palette === "more contrast by the device") await page.emulateMedia({ contrast: "more" });
    await open(page, "/");
    if (palette === "high contrast") await page.getByRole("button", { name: "High contrast" }).click();
    for (const route of [...ROUTES, await orderByApi(page)]) {
      await open(page, route);
      expect(await page.locator("html").getAttribute("data-contrast")).toBe(palette === "standard" ? "standard" : "high");
      for (const colorScheme of ["dark", "light"] as const) {
        await page.emulateMedia({ media: "print", colorScheme });
        expect.soft(await notDarkOnLight(page), `${route}, ${colorScheme} device`).toEqual([]);
      }
      await page.emulateMedia({ media: "screen" });
    }
  });
}

test("printed text is black", async ({ page }) => {
  for (const route of ["/", "/support", "/contacts/wales"]) {
    await open(page, route);
    await page.emulateMedia({ media: "print" });
    const inks = await page.locator("main").evaluate((main) =>
      [...main.querySelectorAll("*")]
        .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()))
        .filter((element) => element.checkVisibility() && !element.matches("script, option"))
        .map((element) => getComputedStyle(element).color),
    );
    expect.soft(new Set(inks), route).toEqual(new Set(["rgb(0, 0, 0)"]));
    await page.emulateMedia({ media: "screen" });
  }
});

test("nothing moves for those who prefer no motion", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await open(page, "/");
  const moving = await page.evaluate(() => document.getAnimations().length);
  expect(moving).toBe(0);
});
