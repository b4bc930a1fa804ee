import { defineConfig } from "@playwright/test";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BASE_URL, NOW, serverArguments, serverProgram } from "./server.ts";

// Workers load this file too; only the main process starts the shared server.
const folder = process.env.TEST_WORKER_INDEX ? "" : mkdtempSync(join(tmpdir(), "campaign-hub-"));

const NO_LIMITS = ["--unpaid-orders", "0", "--unpaid-items", "0", "--unpaid-pence", "0", "--unpaid-share", "0"];

export default defineConfig({
  testDir: ".",
  outputDir: "../../test-results",
  fullyParallel: true,
  workers: 2,
  // Some tests visit every page; each expectation there still has five seconds.
  timeout: 90_000,
  maxFailures: process.env.CI ? 0 : 10,
  forbidOnly: Boolean(process.env.CI),
  reporter: process.env.CI ? "dot" : "list",
  // A trace of every test takes an eighth of the time: `--trace retain-on-failure` makes them.
  use: {
    baseURL: BASE_URL,
    launchOptions: {
      executablePath: "/usr/bin/chromium",
      args: [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
      ],
    },
  },
  // Interactive tests run a second time with high contrast on.
  projects: [
    { name: "standard" },
    {
      name: "high contrast",
      testMatch: /(documents|events|news|poster|take_part|unions|videos)\.spec\.ts/,
      use: {
        storageState: {
          cookies: [],
          origins: [{ origin: BASE_URL, localStorage: [{ name: "contrast", value: "high" }] }],
        },
      },
    },
  ],
  webServer: {
    // Many tests order with the same email address.
    command: [serverProgram(), ...serverArguments(BASE_URL, folder, NOW), ...NO_LIMITS].join(" "),
    url: `${BASE_URL}/health/ready`,
    cwd: "../..",
    env: { RUST_LOG: "warn" },
    gracefulShutdown: { signal: "SIGTERM", timeout: 5000 },
  },
});
