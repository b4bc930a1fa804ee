// The region finder: from a place to the right region, with and without the app.
import type { Page } from "@playwright/test";
import { address, apiRequests, appReady, expect, hold, open, test } from "./hub_test.ts";

const field = (page: Page) => page.getByRole("textbox", { name: /^(Postcode or region|Cod post neu ranbarth)$/ });
const find = (page: Page) => page.getByRole("button", { name: /^Find my region|^Dod o hyd/ });
const list = (page: Page) => page.getByRole("navigation", { name: "List of regions" });
const map = (page: Page) => page.getByRole("navigation", { name: "Map of regions" });

test("home page to postcode to region to call", async ({ page }) => {
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url() + (request.postData() ?? "")));
  await open(page, "/");
  await field(page).fill("sk1 1ab");
  await expect(page.getByText("Your region for SK1 1AB is North West.")).toBeVisible();
  await expect(page.getByRole("link", { name: "0161 496 0300" })).toHaveAttribute("href", "tel:01614960300");
  await field(page).press("Enter");
  await expect(page).toHaveURL("/contacts/north-west");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("North West");
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect(page.getByRole("link", { name: "0161 496 0300" })).toHaveAttribute("href", "tel:01614960300");
  await expect(page.getByRole("link", { name: "north-west@federation.example", exact: true })).toHaveAttribute(
    "href",
    "mailto:north-west@federation.example",
  );
  // With the app, no part of the postcode has left the device.
  expect(requests.filter((request) => /sk1|1ab/i.test(request))).toEqual([]);
});

test("the table of postcodes is fetched once, when it is first needed", async ({ page }) => {
  const tables: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("postcode-regions")) tables.push(request.url());
  });
  await open(page, "/");
  expect(tables).toEqual([]);
  await field(page).fill("M1");
  await expect(page.getByText("Your region for M1 is North West.")).toBeVisible();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Find your region" }).click();
  // The home page has such a field too.
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await field(page).fill("CF10 1AA");
  await expect(page.getByText("Your region for CF10 1AA is Wales.")).toBeVisible();
  expect(tables.length).toBe(1);
});

test("a border outcode offers its regions, and list, map and answer agree", async ({ page }) => {
  await open(page, "/contacts");
  await field(page).fill("sk22");
  await expect(page.getByText(/^SK22 is in more than one region/)).toBeVisible();
  for (const name of ["Midlands", "North West"]) {
    await expect(list(page).getByRole("listitem").filter({ hasText: name })).toContainText("matches your search");
    await expect(map(page).getByRole("link", { name: new RegExp(`^\\d ${name}, matches your search$`) })).toBeVisible();
  }
  await expect(list(page).getByText("matches your search")).toHaveCount(2);
  await field(page).press("Enter");
  await expect(page.locator("#finder-answer")).toBeFocused();
  await field(page).fill("sk22 1aa");
  await expect(list(page).getByText("matches your search")).toHaveCount(1);
  await expect(page.getByText("Your region for SK22 1AA is Midlands.")).toBeVisible();
  await map(page).getByRole("link", { name: /Midlands/ }).click();
  await expect(page).toHaveURL("/contacts/midlands");
  await expect(list(page).getByRole("link", { name: "Midlands" })).toHaveAttribute("aria-current", "page");
  await expect(map(page).getByRole("link", { name: "Midlands" })).toHaveAttribute("aria-current", "page");
  await page.goBack();
  await expect(page).toHaveURL("/contacts");
});

test("a typo is explained, kept and corrected", async ({ page }) => {
  await open(page, "/contacts");
  await field(page).fill("m1 1a1");
  await find(page).click();
  const summary = page.getByRole("alert").filter({ hasText: "There is a problem" });
  await expect(summary).toBeFocused();
  await expect(summary).toContainText("A postcode cannot end in “1A1”");
  await expect(field(page)).toHaveValue("m1 1a1");
  await expect(field(page)).toHaveAttribute("aria-invalid", "true");
  await expect(field(page)).toHaveAccessibleDescription(/cannot end in “1A1”/);
  await summary.getByRole("link").press("Enter");
  await expect(field(page)).toBeFocused();
  await field(page).fill("m1 1aa");
  await expect(summary).toBeHidden();
  await expect(field(page)).not.toHaveAttribute("aria-invalid");
  await find(page).click();
  await expect(page).toHaveURL("/contacts/north-west");
});

test("an empty field is an error", async ({ page }) => {
  await open(page, "/contacts");
  await find(page).click();
  await expect(page.getByRole("alert").filter({ hasText: "Enter a postcode or a region" })).toBeFocused();
});

test("special places and names lead to their regions", async ({ page }) => {
  await open(page, "/contacts");
  for (const [typed, sentence, region] of [
    ["BFPO 12", "BFPO 12 is a British Forces address", "National office"],
    ["bx1 1lt", "BX1 1LT is used by an organisation", "National office"],
    ["JE2 3AB", "JE2 3AB is in the Channel Islands", "National office"],
    ["EH1", "Your region for EH1 is Scotland.", "Scotland"],
    ["bt1 oaa", "Your region for BT1 0AA is Northern Ireland.", "Northern Ireland"],
    ["yorks", "Matching regions:", "Yorkshire and the Humber"],
  ] as const) {
    await field(page).fill(typed);
    await expect(page.locator("#finder-answer")).toContainText(sentence);
    await expect(page.locator("#finder-answer").getByRole("link").first()).toHaveText(region);
  }
});

test("a postcode typed before the app is ready is looked up", async ({ page }) => {
  const release = await hold(page, "**/*.wasm");
  await page.goto("/");
  await field(page).fill("sk1 1ab");
  release();
  await appReady(page);
  await expect(page.getByText("Your region for SK1 1AB is North West.")).toBeVisible();
  await expect(field(page)).toHaveValue("sk1 1ab");
});

test("the answer is announced when typing pauses", async ({ page }) => {
  await open(page, "/contacts");
  await field(page).pressSequentially("LS1 1AA", { delay: 30 });
  await expect(page.locator("#announcer")).toHaveText("Your region for LS1 1AA is Yorkshire and the Humber.");
});

test("an open place stays open in the other language", async ({ page }) => {
  await open(page, "/contacts?regions=midlands+north-west");
  await page.getByRole("link", { name: "Cymraeg" }).click();
  await expect(page).toHaveURL("/cy/contacts?regions=midlands+north-west");
  await appReady(page);
  await expect(page.getByText("Mae’r ardal cod post hon mewn mwy nag un rhanbarth.")).toBeVisible();
  await expect(page.getByText("yn cyfateb i’ch chwiliad")).toHaveCount(2);
});

test("finder in Welsh", async ({ page }) => {
  await open(page, "/cy");
  await field(page).fill("SY23 3DD");
  await expect(page.getByText("Eich rhanbarth ar gyfer SY23 3DD: Cymru.")).toBeVisible();
  await find(page).click();
  await expect(page).toHaveURL("/cy/contacts/wales");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Cymru");
  await expect(page.getByRole("heading", { name: "Swyddog y Gymraeg" })).toBeVisible();
});

test("finder by keyboard alone", async ({ page }) => {
  await open(page, "/contacts");
  await field(page).focus();
  await page.keyboard.type("CH4");
  await expect(page.locator("#finder-answer")).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(find(page)).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.locator("#finder-answer").getByRole("link", { name: "North West" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/contacts/north-west");
  // Every region on the map can be clicked.
  const scotland = map(page).getByRole("link", { name: "Scotland" });
  await scotland.focus();
  await page.keyboard.press("Tab");
  await expect(map(page).getByRole("link", { name: "1 Northern", exact: true })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/contacts/northern");
});

test("a region's card can be saved", async ({ page }) => {
  await open(page, "/contacts/wales");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Save to your contacts" }).click();
  expect((await download).suggestedFilename()).toBe("wales.vcf");
});

test.describe("table that cannot be fetched", () => {
  test.use({ expectedConsole: /Failed to load resource/ });

  test("says so, and the list still leads on", async ({ page }) => {
    await page.route("**/postcode-regions*", (route) => route.abort());
    await open(page, "/contacts");
    await field(page).fill("M1 1AA");
    await expect(page.getByText("We could not load the list of postcodes.")).toBeVisible();
    await page.unroute("**/postcode-regions*");
    await find(page).click();
    await expect(page.getByText("Your region for M1 1AA is North West.")).toBeVisible();
  });

  test("is fetched again when the connection is back", async ({ page }) => {
    await page.route("**/postcode-regions*", (route) => route.abort());
    await open(page, "/");
    await field(page).fill("M1 1AA");
    await expect(page.getByText("We could not load the list of postcodes.")).toBeVisible();
    await page.unroute("**/postcode-regions*");
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await expect(page.getByText("Your region for M1 1AA is North West.")).toBeVisible();
    await expect(page.getByText("We could not load the list of postcodes.")).toBeHidden();
  });
});

test.describe("finder code that fails to load", () => {
  test.use({ expectedConsole: /Failed to (load resource|fetch)/ });

  test("the form is sent instead", async ({ page }) => {
    await open(page, "/");
    await page.route("**/split_contacts.wasm", (route) => route.abort());
    await field(page).fill("EH1 1AA");
    await find(page).click();
    await expect(page).toHaveURL("/contacts/scotland");
  });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false, expectedConsole: /422/ });

  test("form leads to the region without the place in a URL", async ({ page }) => {
    await page.goto("/");
    await field(page).fill("ls1 1aa");
    await find(page).click();
    await expect(page).toHaveURL("/contacts/yorkshire-and-the-humber");
    await page.goto("/cy/contacts");
    await field(page).fill("cymru");
    await find(page).click();
    await expect(page).toHaveURL("/cy/contacts/wales");
  });

  test("an open place is offered", async ({ page }) => {
    await page.goto("/contacts");
    await field(page).fill("sk22");
    await find(page).click();
    await expect(page).toHaveURL("/contacts?regions=midlands+north-west");
    await expect(page.getByText("This postcode area is in more than one region.")).toBeVisible();
    await expect(list(page).getByText("matches your search")).toHaveCount(2);
  });

  test("a mistake is explained and what was typed stays", async ({ page }) => {
    await page.goto("/contacts");
    await field(page).fill("zz1 1aa");
    await find(page).click();
    await expect(page).toHaveURL("/contacts");
    await expect(page.getByRole("alert")).toContainText("There is no postcode or region that starts with “ZZ”");
    await expect(field(page)).toHaveValue("zz1 1aa");
    await expect(field(page)).toHaveAccessibleDescription(/There is no postcode or region/);
    await expect(page).toHaveTitle(/^Error: /);
  });
});

test("what was typed before the app ran is not lost", async ({ page }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/*.wasm", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("/contacts");
  await field(page).fill("ls1 1aa");
  release();
  await appReady(page);
  await find(page).click();
  await expect(page).toHaveURL("/contacts/yorkshire-and-the-humber");
});

test.describe("answer to a form", () => {
  test.use({ expectedConsole: /422/ });

  test("is taken over by the app", async ({ page }) => {
    // The module never loads on the first page, so its form is submitted.
    let pages = 0;
    page.on("framenavigated", () => (pages += 1));
    await page.route("**/*.wasm", (route) => (pages > 1 ? route.continue() : undefined));
    await page.goto("/contacts");
    await field(page).fill("zz1 1aa");
    await find(page).click();
    await appReady(page);
    const alert = page.getByRole("alert").filter({ hasText: "There is a problem" });
    await expect(alert).toContainText("“ZZ”");
    await field(page).focus();
    await expect(alert).toContainText("“ZZ”");
    await field(page).fill("so14 3ab");
    await expect(page.getByText("Your region for SO14 3AB is London, South East and East.")).toBeVisible();
  });
});

test("first view of a region asks the API for nothing", async ({ page }) => {
  const requests = apiRequests(page);
  await open(page, "/contacts/scotland");
  await expect(page.getByText("Scotland has its own federation, which runs the week there.")).toBeVisible();
  expect(requests).toEqual([]);
});

test("region to region keeps one page each in the history", async ({ page }) => {
  await open(page, "/contacts/scotland");
  await list(page).getByRole("link", { name: "Wales" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Wales");
  await expect(page).toHaveTitle(/^Wales: who to contact/);
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Scotland");
  await expect(page).toHaveTitle(/^Scotland: who to contact/);
});

test("accessibility tree of the finder and of a region", async ({ page }) => {
  await open(page, "/contacts");
  await field(page).fill("SK22");
  await expect(page.locator("#finder-answer")).toBeVisible();
  await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: "finder.aria.yml" });
  await open(page, address("/contacts/wales", "cy"));
  await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: "region.aria.yml" });
});
