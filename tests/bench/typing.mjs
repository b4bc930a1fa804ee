// Measures the longest frame while someone types in the shop's search, with the CPU slowed
// four times: prints one JSON object. Run by `cargo xtask bench`; the first argument is the
// site's URL.
import { chromium } from "@playwright/test";

const [, , site] = process.argv;
const WORDS = ["heart mug", "steward t-shirt", "poster", "night shift pencil", "zzzz", "branch"];
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
await page.goto(`${site}/shop`);
await page.locator("html[data-app=ready]").waitFor({ state: "attached" });
const devtools = await page.context().newCDPSession(page);
await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
const input = page.getByRole("searchbox");
await input.focus();

/** The longest tasks on the page's main thread, in milliseconds. */
const events = [];
devtools.on("Tracing.dataCollected", ({ value }) => events.push(...value));
await devtools.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: ["devtools.timeline", "disabled-by-default-devtools.timeline"] } });
await page.evaluate(() => {
  globalThis.frames = [];
  let last = performance.now();
  const frame = (now) => {
    globalThis.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
});
let letters = 0;
let lists = 0;
page.on("response", (response) => (lists += Number(response.url().includes("/api/v1/products"))));
for (const word of WORDS) {
  // Slower than the debounce delay, so that the list follows every letter.
  await input.pressSequentially(word, { delay: 200 });
  letters += word.length;
  await page.waitForTimeout(400);
  await input.press("Control+a");
  await input.press("Backspace");
  await page.waitForTimeout(400);
}
const frames = await page.evaluate(() => globalThis.frames.slice(1).sort((one, other) => one - other));
const done = new Promise((resolve) => devtools.once("Tracing.tracingComplete", resolve));
await devtools.send("Tracing.end");
await done;
await browser.close();
// The page's thread is the one that does the layout.
const main = events.find((event) => event.name === "UpdateLayoutTree");
const tasks = events
  .filter((event) => event.tid === main?.tid && event.pid === main?.pid && event.name === "RunTask")
  .map((event) => event.dur / 1000)
  .sort((one, other) => one - other);
const at = (list, share) => list[Math.min(list.length - 1, Math.floor(list.length * share))];
console.log(JSON.stringify({
  letters,
  lists,
  frames: frames.length,
  p99: at(frames, 0.99),
  longest: frames.at(-1),
  longestTask: tasks.at(-1),
}));
