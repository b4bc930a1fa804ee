// Events: upcoming and past events, each event, calendars, and the visitor's local time.
import { LOCALES, address, expect, open, test } from "./hub_test.ts";

test("from the home page to the next event, all events, past events and back", async ({ page }) => {
  await open(page, "/");
  await page.getByRole("region", { name: "How to have a good organising conversation" }).or(page.locator("#next-event")).getByRole("link", { name: "About the event" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await page.getByRole("main").getByRole("link", { name: "Events", exact: true }).click();
  await expect(page.getByRole("heading", { level: 2, name: "6 events" })).toBeVisible();
  const choices = page.getByRole("navigation", { name: "Filter events" });
  await choices.getByRole("link", { name: "Past 2" }).click();
  await expect(page).toHaveURL("/events?when=past");
  await expect(page.getByRole("heading", { level: 2, name: "2 past events" })).toBeVisible();
  await page.getByRole("link", { name: "Organising when nobody is in the building" }).click();
  await expect(page.getByText("This event has ended.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "If you missed it" })).toBeVisible();
  await page.getByRole("link", { name: /^Play .*Organising at a distance/ }).click();
  const film = page.locator("video");
  await expect.poll(() => film.evaluate((film: HTMLVideoElement) => film.currentTime)).toBeGreaterThan(0.2);
  await expect(page.getByRole("link", { name: "Add to your calendar" })).toHaveCount(0);
  await page.goBack();
  await expect(page.getByRole("link", { name: "Organising when nobody is in the building" })).toBeFocused();
});

test("an event that was cancelled says so, in the list and on its page", async ({ page }) => {
  await open(page, "/events");
  const card = page.getByRole("listitem").filter({ hasText: "Street stall" });
  await expect(card.getByText("Cancelled")).toBeVisible();
  await card.getByRole("link").click();
  await expect(page.getByText("This event has been cancelled")).toBeVisible();
  await expect(page.getByText("being repaved")).toBeVisible();
});

test("calendar files are downloads", async ({ page, request }) => {
  await open(page, "/cy/events");
  const feed = page.getByRole("link", { name: /events\.ics$/ });
  await expect(feed).toHaveAttribute("href", /^http:\/\/127\.0\.0\.1:\d+\/cy\/events\.ics$/);
  await open(page, "/cy/events/opening-call");
  const file = await page.getByRole("link", { name: "Ychwanegu at eich calendr" }).getAttribute("href");
  const answer = await request.get(file ?? "");
  expect(answer.headers()["content-type"]).toBe("text/calendar; charset=utf-8");
  expect(await answer.text()).toContain("SUMMARY:Yr alwad sy’n agor yr wythnos");
});

for (const [zone, words] of [
  ["Europe/London", null],
  ["Africa/Abidjan", null],
  ["Europe/Paris", "In your local time: Monday 8 February 2027, 8pm to 9pm."],
  ["Asia/Kathmandu", "In your local time: Tuesday 9 February 2027, 12:45am to 1:45am."],
] as const) {
  test.describe(`in ${zone}`, () => {
    test.use({ timezoneId: zone });
    test("the visitor's local time is shown if it differs", async ({ page }) => {
      await open(page, "/events/opening-call");
      await expect(page.getByText("Monday 8 February 2027, 7pm to 8pm")).toBeVisible();
      if (words) await expect(page.getByText(words)).toBeVisible();
      else await expect(page.getByText("In your local time")).toHaveCount(0);
      // The same for an event that this one links to.
      await page.getByRole("link", { name: "Harassment is a hazard" }).click();
      await expect(page.getByRole("heading", { level: 1, name: /Harassment is a hazard/ })).toBeFocused();
      await expect(page.getByText("In your local time: Thursday 21 January 2027,")).toHaveCount(words ? 1 : 0);
    });
  });
}

test("a filter without results links to all events", async ({ page }) => {
  await open(page, "/events?kind=seminar&union=federation");
  await expect(page.getByText("No events match your filters.")).toBeVisible();
  await page.getByRole("link", { name: "All upcoming events" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "6 events" })).toBeVisible();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });
  test("choices, events and files are links", async ({ page }) => {
    await page.goto("/cy/events");
    await page.getByRole("link", { name: "Gweminar 1" }).click();
    await page.getByRole("link", { name: "Sut i gael sgwrs dda wrth drefnu" }).click();
    await expect(page.getByText("Dydd Mawrth 2 Chwefror 2027, 6yh tan 7:15yh")).toBeVisible();
  });
});

for (const locale of LOCALES) {
  test(`the accessibility tree of the list and of an event: ${locale}`, async ({ page }) => {
    await open(page, address("/events?union=public-service", locale));
    await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: `events-${locale}.aria.yml` });
    await open(page, address("/events/opening-call", locale));
    await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: `event-${locale}.aria.yml` });
  });
}
