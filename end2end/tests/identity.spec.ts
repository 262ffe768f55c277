// What stands for the product outside its pages: icons, manifest, social card, a description for each page.
import { expect, test } from "./support/test.js";

/** PNG's width and height, from its header. */
const size = (png: Buffer): [number, number] => [png.readUInt32BE(16), png.readUInt32BE(20)];

test("the start page names its icons, its manifest and its card, and all of them are there", async ({ page, baseURL }) => {
  await page.goto("/");
  const attribute = (selector: string, name: string) => page.locator(selector).getAttribute(name);
  const files = new Map<string, string>();
  for (const [selector, type] of [
    ['link[rel="icon"][href$=".ico"]', "image/x-icon"],
    ['link[rel="icon"][type="image/svg+xml"]', "image/svg+xml"],
    ['link[rel="apple-touch-icon"]', "image/png"],
    ['link[rel="manifest"]', "application/manifest+json"],
  ]) {
    files.set((await attribute(selector, "href"))!, type);
  }
  const card = await attribute('meta[property="og:image"]', "content");
  expect(card).toBe(`${baseURL}/social-card.png`);
  files.set(card!, "image/png");
  const manifest = (await (await page.request.get("/site.webmanifest")).json()) as {
    name: string;
    icons: { src: string; type: string; sizes: string; purpose?: string }[];
  };
  expect(manifest.name).toBe("Agentwright");
  for (const icon of manifest.icons) files.set(icon.src, icon.type);
  expect(manifest.icons.filter((icon) => icon.purpose === "maskable").map((icon) => icon.sizes)).toEqual(["192x192", "512x512"]);
  for (const [file, type] of files) {
    const answer = await page.request.get(file);
    expect(answer.status(), file).toBe(200);
    expect(answer.headers()["content-type"], file).toContain(type);
  }
  for (const icon of manifest.icons.filter((icon) => icon.type === "image/png")) {
    expect(size(await (await page.request.get(icon.src)).body()).join("x"), icon.src).toBe(icon.sizes);
  }
  expect(size(await (await page.request.get("/social-card.png")).body())).toEqual([1200, 630]);
  expect(size(await (await page.request.get("/apple-touch-icon.png")).body())).toEqual([180, 180]);
  expect(await attribute('meta[name="twitter:card"]', "content")).toBe("summary_large_image");
  expect(await page.locator('meta[name="theme-color"]').count()).toBe(2);
});

test("each page has a title and a description of its own", async ({ page }) => {
  const seen = new Set<string>();
  const paths = ["/", "/history", "/settings"];
  for (const path of paths) {
    await page.goto(path);
    await expect(page).toHaveTitle(/Agentwright/);
    const description = page.locator('meta[name="description"]');
    await expect(description).toHaveCount(1);
    seen.add(`${await page.title()}: ${await description.getAttribute("content")}`);
  }
  expect(seen.size).toBe(paths.length);
});

test("an interview is for its owner: the card tells nothing of it, and it is kept out of indexes", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("textbox", { name: "Describe your agent" }).fill("A bot that answers questions about our wine");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.waitForURL(/\/s\/[0-9a-f-]{36}/);
  // As whoever opens the link gets it.
  await page.reload();
  await expect(page.locator('meta[name="robots"]')).toHaveAttribute("content", "noindex");
  for (const content of await page.locator("meta[property^=og]").evaluateAll((all) => all.map((it) => it.getAttribute("content")))) {
    expect(content).not.toContain("wine");
  }
});
