import { defineConfig } from "@playwright/test";

import { executablePath } from "./chromium.mjs";

if (!process.env.BASE_URL) throw new Error("BASE_URL is not set: run the browser tests with `make e2e`");

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  reporter: [["list"], ["html", { open: "never", outputFolder: "playwright-report" }]],
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  // A machine with two cores also runs the server.
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  use: {
    baseURL: process.env.BASE_URL,
    viewport: { width: 1440, height: 900 },
    colorScheme: "light",
    locale: "en-GB",
    actionTimeout: 15_000,
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath,
      args: ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"],
    },
  },
  projects: [
    { name: "hydrated", testMatch: "**/*.spec.ts" },
    // What everybody gets before, or without, the script.
    {
      name: "plain",
      testMatch: "**/*.spec.ts",
      testIgnore: "**/*.hydrate.spec.ts",
      use: { javaScriptEnabled: false },
    },
  ],
});
