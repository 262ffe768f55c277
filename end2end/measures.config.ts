import { defineConfig } from "@playwright/test";

import base from "./playwright.config.js";

export default defineConfig({
  ...base,
  testDir: "measures",
  reporter: "list",
  workers: 1,
  timeout: 300_000,
  projects: [{ name: "measures", testMatch: "**/*.ts" }],
});
