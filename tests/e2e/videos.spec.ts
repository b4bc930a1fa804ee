// Videos: loaded when the visitor plays them, with captions and a transcript.
import { LOCALES, address, expect, open, test } from "./hub_test.ts";

for (const [locale, name, caption] of [
  ["en", "Play (0:22, 362 KB) Say hello to your steward", "Who is the steward where you work?"],
  ["cy", "Chwarae (0:22, 362 KB) Dywedwch helô wrth eich stiward", "Pwy yw’r stiward lle rydych chi’n"],
] as const) {
  test(`a video plays in place, with captions in the page's language: ${locale}`, async ({ page }) => {
    const media: string[] = [];
    page.on("request", (request) => {
      if (request.url().includes("/media/")) media.push(request.url());
    });
    await open(page, address("/unions/physiotherapists", locale));
    const play = page.getByRole("link", { name });
    await play.focus();
    expect(media).toEqual([]);
    await page.keyboard.press("Enter");
    const video = page.locator("video");
    await expect(video).toBeFocused();
    const playing = () =>
      video.evaluate((video: HTMLVideoElement) => ({
        moves: video.currentTime > 0.5,
        shown: [...video.textTracks].filter((track) => track.mode === "showing").map((track) => track.language),
        tracks: video.textTracks.length,
        captions: [...(video.textTracks[0]!.activeCues ?? [])].map((cue) => (cue as VTTCue).text.replace("\n", " ")),
      }));
    await expect.poll(async () => (await playing()).moves).toBe(true);
    await expect.poll(async () => (await playing()).captions.join()).toContain(caption);
    expect(await playing()).toMatchObject({ shown: [locale], tracks: 2 });
    expect(new Set(media.map((url) => new URL(url).origin)).size).toBe(1);
  });
}

test("a video that fails to load says so, and links to its file", async ({ page, context }) => {
  await context.route("**/*.mp4", (route) => route.fulfill({ status: 200, contentType: "video/mp4", body: "no film" }));
  await open(page, "/videos");
  await page.getByRole("link", { name: /Three weeks, one heart/ }).click();
  await expect(page.getByRole("alert")).toHaveText(/We could not load the video/);
  await expect(page.getByRole("link", { name: "Open the video file" })).toHaveAttribute("href", "/media/three-weeks.mp4");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a video is a link, and its transcript opens", async ({ page }) => {
    await page.goto("/past-years");
    await page.getByRole("link", { name: "Videos from past years" }).click();
    await expect(page.getByRole("link", { name: /Play .*Three weeks/ })).toHaveAttribute("href", "/media/three-weeks.mp4");
    const video = page.getByRole("article").filter({ hasText: "Three weeks, one heart" });
    await video.getByText("Read the transcript").click();
    await expect(page.getByText("Every February, unions show what they do.")).toBeVisible();
  });
});

test("a video is found by its text", async ({ page }) => {
  await open(page, "/search?q=awning&kind=film");
  await page.getByRole("link", { name: "Three weeks, one heart" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Videos from past years" })).toBeFocused();
});

for (const locale of LOCALES) {
  test(`the accessibility tree of the videos: ${locale}`, async ({ page }) => {
    await open(page, address("/videos", locale));
    await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: `videos-${locale}.aria.yml` });
  });
}
