// Fixtures that all end-to-end tests share: a page that must not report anything in its
// console, and the site's routes.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Page, expect, test as base } from "@playwright/test";

/** Every public page, in English; Welsh ones start with /cy. */
export const ROUTES = JSON.parse(readFileSync(resolve(import.meta.dirname, "../pages.json"), "utf8")) as string[];
export const LOCALES = ["en", "cy"] as const;
export type Locale = (typeof LOCALES)[number];

export function address(route: string, locale: Locale): string {
  if (locale === "en") return route;
  return route === "/" ? "/cy" : `/cy${route}`;
}

/** Waits until the app has hydrated the page. */
export async function appReady(page: Page): Promise<void> {
  await expect(page.locator("html[data-app=ready]")).toBeAttached();
}

export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await appReady(page);
}

/** Delays the responses to these requests until the returned function is called. */
export async function hold(page: Page, url: string): Promise<() => void> {
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route(url, async (route) => {
    await held;
    await route.continue();
  });
  return answer;
}

/** Requests to the API that the page makes from now on. */
export function apiRequests(page: Page): string[] {
  const paths: string[] = [];
  page.on("request", (request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname.startsWith("/api/")) paths.push(pathname + search);
  });
  return paths;
}

interface Fixtures {
  /** Console messages that this test expects; none by default. */
  expectedConsole: RegExp | null;
}

export const test = base.extend<Fixtures>({
  expectedConsole: [null, { option: true }],
  // Each test is a client in its own network because of the rate limits.
  extraHTTPHeaders: async ({}, use) => {
    const network = `fd${randomBytes(7).toString("hex")}`.replace(/(.{4})/g, "$1:");
    await use({ "X-Forwarded-For": `${network}:1` });
  },
  page: async ({ page, expectedConsole }, use) => {
    const messages: string[] = [];
    page.on("console", (message) => messages.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => messages.push(`error: ${error.message}`));
    await use(page);
    expect(messages.filter((message) => !expectedConsole?.test(message))).toEqual([]);
  },
});

export { expect };
