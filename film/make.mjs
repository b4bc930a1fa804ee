// Makes the films of /videos from the site's own drawings: no picture has words in
// it, so that one film serves both languages; captions carry them.
//
//   node film/make.mjs [name]     needs Chromium and ffmpeg
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";

const FRAMES_PER_SECOND = 25;
const [WIDTH, HEIGHT] = [1280, 720];

const wanted = process.argv[2];
const films = Object.entries(JSON.parse(readFileSync("film/films.json", "utf8")));
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
for (const [name, scenes] of films.filter(([name]) => !wanted || name === wanted)) {
  const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT } });
  const drawings = readFileSync("public/pictures.svg", "utf8");
  const style = readFileSync("style/tokens.css", "utf8") + readFileSync("film/film.css", "utf8");
  await page.setContent(`<style>${style}</style><div hidden>${drawings}</div><div id="stage"></div>`);
  await page.addScriptTag({ path: "film/film.js" });
  const seconds = await page.evaluate((scenes) => window.build(scenes), scenes);

  const frames = mkdtempSync(join(tmpdir(), "film-"));
  const count = seconds * FRAMES_PER_SECOND;
  for (let frame = 0; frame < count; frame++) {
    await page.evaluate((time) => window.show(time), frame / FRAMES_PER_SECOND);
    await page.screenshot({ path: join(frames, `${String(frame).padStart(5, "0")}.png`) });
  }
  await page.close();

  // H.264 as phones of ten years ago play it; its index comes first, so that
  // playing starts before all of it has arrived.
  execFileSync("ffmpeg", [
    "-loglevel", "error", "-y", "-framerate", String(FRAMES_PER_SECOND), "-i", join(frames, "%05d.png"),
    "-c:v", "libx264", "-profile:v", "main", "-level", "3.1", "-pix_fmt", "yuv420p", "-preset", "veryslow",
    "-tune", "animation", "-crf", "29", "-g", "125", "-movflags", "+faststart", "-map_metadata", "-1",
    "-fflags", "+bitexact", `public/media/${name}.mp4`,
  ]);
  rmSync(frames, { recursive: true });
  console.log(`${name}: ${seconds} s`);
}
await browser.close();
