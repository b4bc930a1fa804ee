// The campaign week over time.
import { expect, open, test } from "./hub_test.ts";
import { Server } from "./server.ts";

for (const { now, english, welsh } of [
  { now: "2027-02-05T12:00:00Z", english: "3 days to go", welsh: "3 diwrnod i fynd" },
  { now: "2027-02-06T12:00:00Z", english: "2 days to go", welsh: "2 ddiwrnod i fynd" },
  { now: "2027-02-07T12:00:00Z", english: "1 day to go", welsh: "1 diwrnod i fynd" },
  { now: "2027-02-10T12:00:00Z", english: "It’s on now: day 3 of 7", welsh: "Mae’n digwydd nawr: diwrnod 3 o 7" },
  { now: "2027-02-15T00:00:00Z", english: "This year’s week has ended. Thank you.", welsh: "Mae wythnos eleni wedi dod i ben. Diolch." },
]) {
  test(`home page at ${now} says "${english}"`, async ({ page }) => {
    const server = await Server.start(now);
    try {
      await open(page, server.url);
      await expect(page.locator(".countdown")).toHaveText(english);
      await open(page, `${server.url}/cy`);
      await expect(page.locator(".countdown")).toHaveText(welsh);
      // A device whose clock is wrong sees the same.
      await page.clock.setFixedTime("2031-01-01T00:00:00Z");
      await open(page, server.url);
      await expect(page.locator(".countdown")).toHaveText(english);
    } finally {
      await server.stop();
    }
  });
}

test("a reopened page shows the new day after midnight", async ({ page }) => {
  const server = await Server.start("2027-02-07T23:59:50Z");
  try {
    await open(page, server.url);
    await expect(page.locator(".countdown")).toHaveText("1 day to go");
    await expect(async () => {
      await page.reload();
      await expect(page.locator(".countdown")).toHaveText("It’s on now: day 1 of 7", { timeout: 100 });
    }).toPass({ timeout: 20_000 });
  } finally {
    await server.stop();
  }
});
