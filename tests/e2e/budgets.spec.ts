// What a first view costs. Bytes are exact, so they are a test; times are
// measured by `cargo xtask bench`.
import { request } from "node:http";
import { ROUTES, address, expect, test } from "./hub_test.ts";
import { BASE_URL } from "./server.ts";

/** Bytes on the line after compression. */
function encodedBytes(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(BASE_URL + path, { headers: { "accept-encoding": "br" } }, (answer) => {
      let bytes = 0;
      answer.on("data", (chunk: Buffer) => (bytes += chunk.length));
      answer.on("end", () => resolve(bytes));
    })
      .on("error", reject)
      .end();
  });
}

test("bytes and requests of a first view stay within their budgets", async ({ page }) => {
  const requests: string[] = [];
  page.on("request", (request) => {
    if (request.url().startsWith(BASE_URL)) requests.push(new URL(request.url()).pathname);
  });
  await page.goto("/", { waitUntil: "load" });
  const untilLoad = requests.length;
  await expect(page.locator("html[data-app=ready]")).toBeAttached();
  const code = requests.filter((path) => /\.(wasm|js)$/.test(path));
  expect(code.length).toBe(2);
  let codeBytes = 0;
  for (const path of code) codeBytes += await encodedBytes(path);

  const rows: [string, number, number][] = [["wasm and JavaScript", codeBytes, 200 * 1024]];
  for (const route of ROUTES) {
    for (const locale of ["en", "cy"] as const) {
      const path = address(route, locale);
      rows.push([`document ${path}`, await encodedBytes(path), 20 * 1024]);
    }
  }
  rows.push(["pictures", await encodedBytes(requests.find((path) => path.endsWith(".svg")) ?? ""), 40 * 1024]);
  rows.push(["display face", await encodedBytes(requests.find((path) => path.endsWith(".woff2")) ?? ""), 25 * 1024]);
  rows.push(["requests to the load event", untilLoad, 6]);
  for (const [what, figure, budget] of rows) {
    console.log(`${what.padEnd(34)} ${String(figure).padStart(8)} of ${budget}`);
  }
  for (const [what, figure, budget] of rows) expect.soft(figure, what).toBeLessThanOrEqual(budget);
});
