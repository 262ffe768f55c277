// The reference pages come from this server alone.
import { expect, test } from "./support/test.js";

for (const [path, text] of [
  ["/docs", /sessions\/create/],
  ["/redoc", /sessions\/create|Create|session/i],
] as const) {
  test(`${path} shows the calls and asks nobody else`, async ({ page, baseURL }) => {
    const foreign: string[] = [];
    page.on("request", (request) => {
      if (!request.url().startsWith(baseURL!) && !/^(data|blob):/.test(request.url())) foreign.push(request.url());
    });
    await page.goto(path);
    await expect(page.locator("body")).toContainText(text);
    expect(foreign).toEqual([]);
  });
}
