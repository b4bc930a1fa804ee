// What a first view of each page costs on a slow phone until the app is ready: prints one JSON
// array. Run by `cargo xtask bench`; the arguments are the site's address and the pages.
import { chromium } from "@playwright/test";
import { Agent, request } from "node:http";

const [, , site, ...pages] = process.argv;
const ROUNDS = 3;
const RENDERS = 30;
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 };
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

const get = (path, headers) =>
  new Promise((resolve, reject) => {
    const start = performance.now();
    request(site + path, { agent, headers }, (answer) => {
      let bytes = 0;
      answer.on("data", (chunk) => (bytes += chunk.length));
      answer.on("end", () => resolve({ bytes, ms: performance.now() - start }));
    })
      .on("error", reject)
      .end();
  });

const median = (figures) => figures.sort((one, other) => one - other)[Math.floor(figures.length / 2)];

/** One first view, with a cache that is empty. */
async function view(browser, path) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", SLOW_4G);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await page.addInitScript(() => {
    globalThis.tasks = [];
    new PerformanceObserver((entries) => globalThis.tasks.push(...entries.getEntries().map(({ duration }) => duration)))
      .observe({ type: "longtask", buffered: true });
    const note = () => document.documentElement?.dataset.app === "ready" && performance.mark("ready");
    new MutationObserver(note).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-app"] });
  });
  await page.goto(site + path, { waitUntil: "load" });
  await page.locator("html[data-app=ready]").waitFor({ state: "attached" });
  const seen = await page.evaluate(() => {
    const ready = performance.getEntriesByName("ready")[0].startTime;
    const fetched = performance.getEntriesByType("resource").filter(({ startTime }) => startTime <= ready);
    return { ready, paths: fetched.map(({ name }) => new URL(name).pathname), longest: Math.max(0, ...globalThis.tasks) };
  });
  await context.close();
  return seen;
}

/** The page of an order that is placed for it. */
async function orderPage() {
  const order = {
    lines: [{ sku: "HEART-BADGE-RED-EN", quantity: 1 }],
    customer: { name: "A Member", email: "member@branch.example" },
    delivery: { by: "collection", region: "wales" },
    payment: { by: "transfer" },
  };
  const headers = { "Content-Type": "application/json", "Idempotency-Key": "key-of-a-measured-order" };
  const answer = await fetch(`${site}/api/v1/orders`, { method: "POST", headers, body: JSON.stringify(order) });
  return `/orders/${(await answer.json()).token}`;
}

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const rows = [];
for (const page of pages) {
  const path = page === "/orders/{token}" ? await orderPage() : page;
  const views = [];
  for (let round = 0; round < ROUNDS; round += 1) views.push(await view(browser, path));
  const code = [...new Set(views[0].paths.filter((name) => /\.(wasm|js)$/.test(name)))];
  let codeBytes = 0;
  for (const name of code) codeBytes += (await get(name, { "accept-encoding": "br" })).bytes;
  const renders = [];
  for (let time = 0; time < RENDERS; time += 1) renders.push((await get(path, {})).ms);
  rows.push({
    page,
    codeBytes,
    codeFiles: code.length,
    requests: views[0].paths.length + 1,
    readyMs: median(views.map(({ ready }) => ready)),
    longestTaskMs: median(views.map(({ longest }) => longest)),
    renderMs: median(renders),
  });
}
await browser.close();
agent.destroy();
console.log(JSON.stringify(rows));
