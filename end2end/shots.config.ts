import { defineConfig } from "@playwright/test";

import base from "./playwright.config.js";

export default defineConfig({
  ...base,
  testDir: "pictures",
  reporter: "list",
  workers: 1,
  projects: [{ name: "pictures", testMatch: "**/*.ts" }],
});
