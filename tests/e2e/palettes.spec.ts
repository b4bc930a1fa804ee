// What the palettes show beside text: boxes, swatches, buttons, edges. The contrast of text is
// measured by axe, and that of pairs of colours by the rules check.
import type { Locator, Page } from "@playwright/test";
import { expect, open, test } from "./hub_test.ts";

const OWN = ["standard", "dark", "high"] as const;
const FORCED = ["forced light", "forced dark"] as const;

async function paint(page: Page, palette: (typeof OWN)[number] | (typeof FORCED)[number]): Promise<void> {
  await page.emulateMedia({
    forcedColors: palette.startsWith("forced") ? "active" : "none",
    colorScheme: palette.endsWith("dark") ? "dark" : "light",
  });
  if (palette === "high") await page.addInitScript(() => localStorage.setItem("contrast", "high"));
}

/** The colours of an element or its pseudo-element, and the background behind it. */
interface Colours {
  text: string;
  ground: string;
  edge: string;
  behind: string;
}

function coloursOf(element: Locator, pseudo?: string): Promise<Colours> {
  return element.evaluate((element, pseudo) => {
    const behind = (element: Element | null): string => {
      if (!element) return getComputedStyle(document.documentElement).backgroundColor;
      const colour = getComputedStyle(element).backgroundColor;
      return /^rgba.*, 0\)$/.test(colour) ? behind(element.parentElement) : colour;
    };
    const style = getComputedStyle(element, pseudo);
    return {
      text: style.color,
      ground: style.backgroundColor,
      edge: style.borderBlockEndColor,
      behind: behind(pseudo ? element : element.parentElement),
    };
  }, pseudo);
}

function contrast(one: string, other: string): number {
  const [light, dark] = [one, other]
    .map((colour) => {
      const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map((part) => {
        const share = Number(part) / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
    })
    .sort((a, b) => b - a);
  return light! / dark!;
}

for (const palette of OWN) {
  test(`boxes can be seen, and whether they are ticked: ${palette}`, async ({ page }) => {
    await paint(page, palette);
    const least = palette === "high" ? 7 : 3;
    for (const [route, role] of [["/shop", "checkbox"], ["/take-part/member", "checkbox"], ["/shop/heart-t-shirt", "radio"]] as const) {
      await open(page, route);
      const box = page.getByRole("main").getByRole(role, { checked: false }).first();
      // Not the browser's own box, which has other colours than its style says.
      await expect(box).toHaveCSS("appearance", "none");
      const empty = await coloursOf(box);
      expect.soft(contrast(empty.edge, empty.behind), `${route}: box on its background`).toBeGreaterThanOrEqual(least);
      expect.soft(contrast(empty.edge, empty.ground), `${route}: edge of the box`).toBeGreaterThanOrEqual(least);
      // The locator would find another box once this one is ticked.
      const ticked = (await box.elementHandle())!;
      const markOf = () =>
        ticked.evaluate((box) => {
          const style = getComputedStyle(box, "::before");
          return { clip: style.clipPath, colour: style.borderBlockEndColor, ground: getComputedStyle(box).backgroundColor };
        });
      expect.soft((await markOf()).clip, `${route}: no mark`).toBe("inset(0px 100% 100% 0px)");
      await ticked.check();
      await expect.poll(async () => (await markOf()).clip, `${route}: mark`).toBe("inset(0px)");
      const mark = await markOf();
      expect.soft(contrast(mark.colour, mark.ground), `${route}: mark on its box`).toBeGreaterThanOrEqual(least);
      expect.soft(contrast(mark.ground, empty.behind), `${route}: ticked box on its background`).toBeGreaterThanOrEqual(least);
    }
  });
}

test("a mark is drawn only for those who do not mind motion", async ({ page }) => {
  await open(page, "/take-part/member");
  const box = page.getByRole("checkbox").first();
  await box.check();
  const duration = () => box.evaluate((box) => getComputedStyle(box, "::before").transitionDuration);
  expect(await duration()).toBe("0.12s");
  await page.emulateMedia({ reducedMotion: "reduce" });
  expect(await duration()).toBe("0s");
});

for (const palette of FORCED) {
  test(`boxes are the system's: ${palette}`, async ({ page }) => {
    await paint(page, palette);
    for (const [route, role] of [["/shop", "checkbox"], ["/take-part/member", "checkbox"], ["/shop/heart-t-shirt", "radio"]] as const) {
      await open(page, route);
      await expect(page.getByRole("main").getByRole(role).first(), route).toHaveCSS("appearance", "auto");
    }
  });
}

/** The colours of products, whatever the palette. */
const SWATCHES: Record<string, string> = {
  red: "rgb(216, 30, 58)",
  plum: "rgb(109, 47, 99)",
  green: "rgb(47, 138, 82)",
  yellow: "rgb(255, 197, 51)",
  blue: "rgb(143, 201, 216)",
  white: "rgb(255, 250, 240)",
  black: "rgb(45, 42, 50)",
};

for (const palette of [...OWN, ...FORCED]) {
  test(`swatches have the product's colour and a ring: ${palette}`, async ({ page }) => {
    await paint(page, palette);
    for (const [route, count] of [["/shop", 7], ["/shop/heart-t-shirt", 2]] as const) {
      await open(page, route);
      const labels = await page.locator(".choice[data-colour] .choice__label").all();
      expect(labels.length, route).toBeGreaterThanOrEqual(count);
      for (const label of labels) {
        const colour = (await label.locator("..").getAttribute("data-colour")) ?? "";
        const swatch = await coloursOf(label, "::before");
        expect.soft(swatch.ground, `${route}: ${colour}`).toBe(SWATCHES[colour]);
        expect.soft(contrast(swatch.edge, swatch.behind), `${route}: ring of ${colour}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });
}

/** The colour of the pixel at this share of an element's width and height. */
async function pixelOf(page: Page, element: Locator, across: number, down: number): Promise<string> {
  const box = (await element.boundingBox())!;
  const clip = { x: box.x + box.width * across, y: box.y + box.height * down, width: 1, height: 1 };
  const image = (await page.screenshot({ clip })).toString("base64");
  return page.evaluate(async (image) => {
    const picture = new Image();
    picture.src = `data:image/png;base64,${image}`;
    await picture.decode();
    const context = document.createElement("canvas").getContext("2d")!;
    context.drawImage(picture, 0, 0);
    return `rgb(${[...context.getImageData(0, 0, 1, 1).data].slice(0, 3).join(", ")})`;
  }, image);
}

for (const palette of FORCED) {
  test(`nothing is lost but decoration: ${palette}`, async ({ page }) => {
    await paint(page, palette);
    await open(page, "/");
    for (const title of await page.locator(".demand__title").all()) {
      const number = await coloursOf(title, "::before");
      expect.soft(contrast(number.text, number.behind), "number of a demand").toBeGreaterThanOrEqual(4.5);
    }
    const [main, other] = [page.locator(".hero .button--main"), page.locator(".hero .button:not(.button--main)")];
    expect.soft((await coloursOf(main)).ground, "main button").not.toBe((await coloursOf(other)).behind);
    // Otherwise the browser puts the page's colour between the text and the button.
    await expect.soft(main).toHaveCSS("forced-color-adjust", "none");
    // The page's colour behind the text must not look like boxes on the heart.
    const canvas = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    expect.soft(await pixelOf(page, page.locator(".countdown"), 0.5, 0.75), "heart").toBe(canvas);

    await open(page, "/events/street-stall");
    const state = await coloursOf(page.getByRole("main").getByText("Cancelled", { exact: true }).first());
    expect.soft(contrast(state.edge, state.behind), "edge of a status").toBeGreaterThanOrEqual(3);
    expect.soft(contrast(state.text, state.ground), "text of a status").toBeGreaterThanOrEqual(4.5);
  });
}
