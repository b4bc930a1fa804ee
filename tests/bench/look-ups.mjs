// How long the finder takes to answer 2,000 postcodes in a row, with the CPU
// slowed four times, and whether its memory grows: prints one JSON object. Run
// by `cargo xtask prove`; the first argument is the site's address.
import { chromium } from "@playwright/test";

const [, , site] = process.argv;
const LOOK_UPS = 2000;
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage();
await page.addInitScript(() => {
  // The module's memory, which nothing else tells.
  const original = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = async (...source) => {
    const made = await original(...source);
    globalThis.moduleMemory ??= made.instance.exports.memory;
    return made;
  };
});
await page.goto(site);
await page.locator("html[data-app=ready]").waitFor({ state: "attached" });
await page.locator("#place").fill("M1");
await page.locator("#finder-answer").waitFor();
const devtools = await page.context().newCDPSession(page);
await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });

const result = await page.evaluate(async (count) => {
  const areas = ["SK", "CH", "LA", "DN", "PE", "SY", "M", "EH", "BT", "JE", "SN", "TS"];
  const input = document.querySelector("#place");
  // Everything that the app does after the event runs before the next task.
  const channel = new MessageChannel();
  const nextTask = () =>
    new Promise((resolve) => {
      channel.port1.onmessage = resolve;
      channel.port2.postMessage(null);
    });
  const megabytes = () => globalThis.moduleMemory.buffer.byteLength / 1024 / 1024;
  const lookUps = async (total) => {
    const times = [];
    for (let index = 0; index < total; index += 1) {
      const half = `${areas[index % areas.length]}${(index % 25) + 1}`;
      input.value = index % 3 === 0 ? half : `${half} ${index % 10}AA`;
      const started = performance.now();
      input.dispatchEvent(new Event("input", { bubbles: true }));
      await nextTask();
      times.push(performance.now() - started);
    }
    return times.sort((one, other) => one - other);
  };
  // Until the memory has grown to what a second of typing needs at once.
  await lookUps(500);
  const before = megabytes();
  const times = await lookUps(count);
  return { median: times[count / 2], p99: times[Math.floor(count * 0.99)], slowest: times.at(-1), before, after: megabytes() };
}, LOOK_UPS);
await browser.close();
console.log(JSON.stringify({ lookUps: LOOK_UPS, ...result }));
