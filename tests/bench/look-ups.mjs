// Measures how long the region finder takes for 2,000 postcodes in a row, with the CPU slowed
// four times, and whether its memory grows: prints one JSON object. Run by `cargo xtask
// stress`; the first argument is the site's URL.
import { chromium } from "@playwright/test";

const [, , site] = process.argv;
const LOOK_UPS = 2000;
const WARM_UP = 10_000;
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage();
await page.addInitScript(() => {
  // The module's memory, which is not accessible otherwise.
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

const result = await page.evaluate(async ([count, warmUp]) => {
  // Areas with the number of their outcodes from 1 on.
  const areas = [["SK", 17], ["CH", 8], ["LA", 23], ["DN", 12], ["PE", 16], ["SY", 25], ["M", 9], ["EH", 49], ["BT", 49], ["JE", 4], ["SN", 16], ["TS", 29]];
  const input = document.querySelector("#place");
  // The app's work after the event runs in microtasks; a frame drawn in between would not be
  // the app's.
  const answered = async (code) => {
    for (let turn = 0; turn < 50; turn += 1) {
      if (document.querySelector("#finder-answer")?.textContent.includes(code)) return;
      await null;
    }
    throw new Error(`no answer to ${code}`);
  };
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const megabytes = () => globalThis.moduleMemory.buffer.byteLength / 1024 / 1024;
  const lookUps = async (total) => {
    const times = [];
    for (let index = 0; index < total; index += 1) {
      const [area, halves] = areas[index % areas.length];
      const half = `${area}${(index % halves) + 1}`;
      input.value = index % 3 === 0 ? half : `${half} ${index % 10}AA`;
      const started = performance.now();
      input.dispatchEvent(new Event("input", { bubbles: true }));
      await answered(input.value);
      times.push(performance.now() - started);
      if (index % 20 === 0) await frame();
    }
    return times.sort((one, other) => one - other);
  };
  // Until the memory has grown to the peak that typing needs: it grows in pages of 64 KB, and
  // never shrinks.
  await lookUps(warmUp);
  const before = megabytes();
  const times = await lookUps(count);
  return { mean: times.reduce((sum, time) => sum + time) / count, p99: times[Math.floor(count * 0.99)], slowest: times.at(-1), before, after: megabytes() };
}, [LOOK_UPS, WARM_UP]);
await browser.close();
console.log(JSON.stringify({ lookUps: LOOK_UPS, warmUp: WARM_UP, ...result }));
