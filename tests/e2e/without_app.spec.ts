// The page without its script, or without its module: all there is to read, and
// every way out of it, works.
import { expect, test } from "./hub_test.ts";

test.describe("no script", () => {
  test.use({ javaScriptEnabled: false });

  test("hub, contacts and languages are there", async ({ page }) => {
    await page.goto("/");
    await expect(page.getByText("78 days to go")).toBeVisible();
    await expect(page.getByRole("heading", { name: "A duty to prevent" })).toBeVisible();
    await page.getByRole("link", { name: "Find somebody to talk to" }).first().click();
    await expect(page.getByRole("link", { name: "029 2018 0742" })).toHaveAttribute("href", "tel:02920180742");
    await page.getByRole("link", { name: "Cymraeg" }).click();
    await expect(page).toHaveURL("/cy/support");
    await page.getByRole("link", { name: "Gadael y dudalen hon" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Mesurau’r gegin");
  });
});

for (const [name, answer] of [
  ["blocked", { abort: true }],
  ["missing", { status: 404, body: "" }],
  ["corrupt", { status: 200, contentType: "application/wasm", body: "\0asm\x01\0\0\0broken" }],
] as const) {
  test.describe(`module ${name}`, () => {
    test.use({ expectedConsole: /could not start|Failed to load resource|WebAssembly/ });

    test("page stays readable and its controls work", async ({ page }) => {
      await page.route("**/*.wasm", (route) => ("abort" in answer ? route.abort() : route.fulfill(answer)));
      await page.goto("/support");
      await expect(page.locator("html[data-app=failed]")).toBeAttached();
      await expect(page.getByRole("heading", { name: "Call your own union" })).toBeVisible();
      await page.getByRole("button", { name: "High contrast" }).click();
      await expect(page.locator("html")).toHaveAttribute("data-contrast", "high");
      await page.getByRole("contentinfo").getByRole("link", { name: "Past years" }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("What unions did in past years");
    });
  });
}

test.describe("part of the app that does not arrive", () => {
  test.use({ expectedConsole: /Failed to (load resource|fetch)/ });

  test("leaves the page as the document that it was", async ({ page }) => {
    await page.route("**/split_pages.wasm", (route) => route.abort());
    await page.goto("/support");
    await expect(page.locator("html[data-app=failed]")).toBeAttached();
    await expect(page.getByRole("heading", { name: "Call your own union" })).toBeVisible();
    await page.getByRole("contentinfo").getByRole("link", { name: "Past years" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("What unions did in past years");
  });
});

test("module that never comes leaves a page that works", async ({ page }) => {
  await page.route("**/*.wasm", () => {});
  await page.goto("/");
  await page.getByRole("contentinfo").getByRole("link", { name: "Join a union" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Join a union");
});

test.describe("app that stops", () => {
  test.use({ expectedConsole: /panicked|unreachable|could not start|hydrat/i });

  test("says so and leaves the page readable", async ({ page }) => {
    // A page that something between server and browser has changed cannot be
    // taken over.
    await page.route("/contacts", async (route) => {
      const answer = await route.fetch();
      const html = (await answer.text()).replace(/<footer.*?<\/footer>/, "<em>replaced</em>");
      await route.fulfill({ response: answer, body: html });
    });
    await page.goto("/contacts");
    await expect(page.getByRole("alert")).toContainText("Part of this page has stopped working");
    await expect(page.getByRole("link", { name: "North West", exact: true })).toBeVisible();
  });
});
