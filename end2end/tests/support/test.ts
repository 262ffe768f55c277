// `test` of every spec: a page on which any console error, uncaught error or failed request fails the test.
import { type BrowserContext, expect, test as base } from "@playwright/test";

type Trouble = {
  /** Console errors and failed requests that match are part of the test. */
  expected(pattern: RegExp): void;
};

function listen(context: BrowserContext, found: string[], hasScript: boolean) {
  context.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      found.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  context.on("weberror", (event) => found.push(`uncaught: ${event.error().stack ?? event.error().message}`));
  context.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? "";
    // A page that is left, or a link that turns out to be a download, aborts what it was loading.
    // Without JavaScript the browser refuses to load what is there for the script.
    const isRefused = !hasScript && reason === "csp";
    if (reason !== "net::ERR_ABORTED" && !isRefused) found.push(`request failed: ${request.url()} ${reason}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 400) found.push(`status ${response.status()}: ${response.url()}`);
  });
}

export const test = base.extend<{ trouble: Trouble }>({
  trouble: [
    async ({ context, javaScriptEnabled }, use) => {
      const found: string[] = [];
      const expected: RegExp[] = [];
      listen(context, found, javaScriptEnabled);
      await use({ expected: (pattern) => expected.push(pattern) });
      expect(found.filter((line) => !expected.some((pattern) => pattern.test(line)))).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
