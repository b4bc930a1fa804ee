// A branch's own poster: a live preview, an image saved without the server, and a PDF made by
// it.
import type { Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { LOCALES, address, appReady, expect, hold, open, test } from "./hub_test.ts";

/** The colour of the preview's footer, and the number of light pixels in its text. */
function preview(page: Page) {
  return page.locator("canvas").evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas;
    const copy = Object.assign(document.createElement("canvas"), { width, height });
    const context = copy.getContext("2d", { willReadFrequently: true })!;
    context.drawImage(canvas, 0, 0);
    const [red, green, blue] = context.getImageData(width * 0.5, height * 0.97, 1, 1).data;
    const pixels = context.getImageData(0, height * 0.2, width, height * 0.6).data;
    let light = 0;
    for (let at = 0; at < pixels.length; at += 4) light += pixels[at]! > 200 && pixels[at + 2]! > 200 ? 1 : 0;
    return { strip: [red, green, blue], light };
  });
}

async function fill(page: Page) {
  await page.getByLabel("Headline").fill("Come and talk");
  await page.getByLabel("Message").fill("Tea and cake.\nNo pressure.");
  await page.getByLabel("When").fill("Thursday, 12.30pm");
  await page.getByLabel("Web address for the QR code").fill("branch.example/talk");
}

test("from resources to an image, without sending any text", async ({ page }) => {
  await open(page, "/resources");
  await page.getByRole("link", { name: "Make your own poster" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Make your own poster" })).toBeFocused();
  await expect(page.getByRole("img", { name: "Preview of your poster, with the words from the form" })).toBeVisible();
  await expect.poll(async () => (await preview(page)).strip).toEqual([255, 214, 89]);
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  const example = await preview(page);
  await fill(page);
  // The placeholder is paler than typed text.
  await expect.poll(async () => (await preview(page)).light).toBeGreaterThan(example.light);
  await page.getByLabel("Light (uses less ink)").check();
  await expect.poll(async () => (await preview(page)).strip).toEqual([255, 255, 255]);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as an image (PNG)" }).click();
  const saved = await download;
  expect(saved.suggestedFilename()).toBe("poster.png");
  const picture = await readFile(await saved.path());
  expect(picture.subarray(1, 4).toString()).toBe("PNG");
  expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([1754, 2480]);
  await expect(page.getByRole("status").filter({ hasText: "We have saved the image to your downloads." })).toBeVisible();
  expect(requests.filter((url) => url.startsWith("http"))).toEqual([]);
});

test("the PDF is made, and the input is kept", async ({ page }) => {
  await open(page, "/poster-maker");
  await fill(page);
  await page.getByLabel("A3").check();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download PDF" }).click();
  const pdf = await readFile(await (await download).path());
  expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
  await expect(page.getByLabel("Headline")).toHaveValue("Come and talk");
  await expect(page.getByText("Your PDF is downloading.")).toBeVisible();
});

test("what was typed and chosen before the app was ready is on the poster", async ({ page }) => {
  const release = await hold(page, "**/*.wasm");
  await page.goto("/poster-maker");
  await page.getByLabel("Headline").fill("Come and talk");
  await page.getByLabel("Light (uses less ink)").check();
  release();
  await appReady(page);
  await expect(page.getByLabel("Headline")).toHaveValue("Come and talk");
  await expect.poll(async () => (await preview(page)).strip).toEqual([255, 255, 255]);
  // Without a headline, the app would refuse the form.
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download PDF" }).click();
  await download;
  await expect(page.getByText("Your PDF is downloading.")).toBeVisible();
});

test("errors are in a summary and beside their fields, and disappear once corrected", async ({ page }) => {
  await open(page, "/cy/poster-maker");
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  await page.getByLabel("Pryd").fill("7pm 🎉");
  await page.getByLabel("Cyfeiriad gwe ar gyfer y cod QR").fill("javascript:alert(1)");
  await page.getByLabel("Pryd").press("Enter");
  const summary = page.locator("#error-summary");
  await expect(summary).toBeFocused();
  await expect(summary.getByRole("link")).toHaveCount(3);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const headline = page.getByLabel("Pennawd");
  await expect(headline).toBeFocused();
  await expect(headline).toHaveAccessibleDescription(/^Nodwch bennawd/);
  await expect(headline).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Pryd")).toHaveValue("7pm 🎉");
  await headline.fill("Dewch");
  await page.getByLabel("Pryd").fill("7pm");
  await page.getByLabel("Cyfeiriad gwe ar gyfer y cod QR").fill("");
  expect(requests).toEqual([]);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Lawrlwytho’r PDF" }).click();
  await download;
  await expect(summary).toHaveCount(0);
  await expect(headline).toHaveAttribute("aria-invalid", "false");
});

test.describe("without JavaScript", () => {
  // The browser reports the response that refuses the form.
  test.use({ expectedConsole: /422/, javaScriptEnabled: false, viewport: { width: 320, height: 640 } });

  test("the form makes a PDF and shows errors", async ({ page }) => {
    await page.goto("/poster-maker");
    await expect(page.getByRole("button", { name: /PNG/ })).toBeHidden();
    await page.getByLabel("When").fill("Noon");
    await page.getByRole("button", { name: "Download PDF" }).click();
    await expect(page.locator("#error-summary")).toContainText("Enter a headline");
    await expect(page.getByLabel("When")).toHaveValue("Noon");
    await page.getByLabel("Headline").fill("Come and talk");
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download PDF" }).click();
    expect((await download).suggestedFilename()).toBe("poster.pdf");
  });
});

for (const locale of LOCALES) {
  test(`the accessibility tree of the poster maker: ${locale}`, async ({ page }) => {
    await open(page, address("/poster-maker", locale));
    await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: `poster-maker-${locale}.aria.yml` });
  });
}
