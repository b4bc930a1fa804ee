// Measures the time from a press to the paint, with the CPU slowed four times: prints one JSON
// object. Run by `cargo xtask bench`; the first argument is the site's URL.
import { chromium } from "@playwright/test";

const [, , site] = process.argv;
const PRESSES = 20;
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });

/** Milliseconds from press to paint, one for each press, in steps of 8; 0 where it took less than 16. */
async function contrastSwitch(withModule) {
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  if (!withModule) await page.route("**/*.wasm", () => {}); // Never answered: on its way for ever.
  await page.goto(site);
  if (withModule) await page.locator("html[data-app=ready]").waitFor({ state: "attached" });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await page.evaluate(() => {
    globalThis.slowest = 0;
    new PerformanceObserver((events) => {
      for (const event of events.getEntries()) globalThis.slowest = Math.max(globalThis.slowest, event.duration);
    }).observe({ type: "event", durationThreshold: 16 });
  });
  const button = page.locator("[data-contrast-switch]");
  await button.hover();
  await page.waitForTimeout(1000); // A press while the page still starts would measure the start.
  const times = [];
  for (let press = 0; press < PRESSES; press += 1) {
    const before = await button.getAttribute("aria-pressed");
    await page.evaluate(() => (globalThis.slowest = 0));
    await page.mouse.down();
    await page.mouse.up();
    await page.locator(`[data-contrast-switch]:not([aria-pressed="${before}"])`).waitFor();
    // Performance entries arrive a moment after the paint.
    await page.waitForTimeout(150);
    times.push(await page.evaluate(() => globalThis.slowest));
  }
  await page.close();
  return times;
}

const results = { ready: await contrastSwitch(true), waiting: await contrastSwitch(false) };
await browser.close();
console.log(JSON.stringify(results));
