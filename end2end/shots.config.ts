import { defineConfig } from "@playwright/test";

import base from "./playwright.config.js";

export default defineConfig({
  ...base,
  testDir: "pictures",
  reporter: "list",
  workers: 1,
  projects: ["walk", "unwell", "sheet"].map((name) => ({ name, testMatch: `${name}.ts` })),
});
