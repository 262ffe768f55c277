// A whole interview in German, and lines that begin at the right.
import { expect, test } from "./support/test.js";
import { hydrated, sessionId, status } from "./support/interview.js";
import { expectAccessible, expectNoOverflow } from "./support/looks.js";

const OPENING = "A phone receptionist for a dental clinic that tells callers our hours and books appointments. Call her Mia.";

test.describe("in German", () => {
  test.use({ locale: "de-DE" });

  test("an interview goes from the first words to the bundle", async ({ page }) => {
    test.setTimeout(240_000);
    await page.goto("/");
    await hydrated(page);
    await expectAccessible(page, "start in German");
    await page.getByRole("textbox", { name: "Beschreiben Sie Ihren Agenten" }).fill(OPENING);
    await page.getByRole("button", { name: "Starten", exact: true }).click();
    await page.waitForURL(/\/s\/[0-9a-f-]{36}/);
    await hydrated(page);
    await expectAccessible(page, "workspace in German");
    const composer = page.getByRole("textbox", { name: "Ihre Antwort" });
    for (let turn = 0; turn < 20; turn++) {
      const now = await status(page);
      if (!now.asking) break;
      const asked = (now.asking as unknown as { question: string }).question;
      expect(asked).not.toMatch(/\b(What|Which|Should|How|When)\b/);
      // A choice is taken in its German words; without one the answer is English.
      const choices = page.getByRole("group", { name: "Vorgeschlagene Antworten" }).getByRole("button");
      const choice = (await choices.count()) > 1 ? await choices.first().textContent() : "You decide";
      await composer.fill(choice ?? "");
      await composer.press("Enter");
      await expect.poll(async () => (await status(page)).version).toBeGreaterThan(now.version);
    }
    await composer.fill("Jetzt abschließen");
    await composer.press("Enter");
    await expect(page.getByText("Fertig. Ihr Agent hat")).toBeVisible();
    await expect(page.getByRole("link", { name: "Paket herunterladen" })).toBeVisible();
    expect((await status(page, sessionId(page))).status).toBe("completed");
    for (const name of ["Prompt", "Werkzeuge", "Testen", "Paket"]) {
      const tab = page.getByRole("navigation", { name: "Ergebnisse" }).getByRole("link", { name });
      if ((await tab.count()) > 0) await tab.click();
    }
    for (const path of ["/history", "/settings"]) {
      await page.goto(path);
      await hydrated(page);
      await expectAccessible(page, `${path} in German`);
      await page.setViewportSize({ width: 390, height: 844 });
      await expectNoOverflow(page, `${path} in German at 390`);
      await page.setViewportSize({ width: 1440, height: 900 });
    }
  });

  test("nothing sticks out on a phone", async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto("/");
    await hydrated(page);
    await expectNoOverflow(page, "start in German at 390");
    await page.getByRole("textbox", { name: "Beschreiben Sie Ihren Agenten" }).fill(OPENING);
    await page.getByRole("button", { name: "Starten", exact: true }).click();
    await page.waitForURL(/\/s\/[0-9a-f-]{36}/);
    await hydrated(page);
    for (const view of ["chat", "fields", "diagram", "bundle"]) {
      await page.goto(`/s/${sessionId(page)}?view=${view}`);
      await hydrated(page);
      await expectNoOverflow(page, `${view} in German at 390`);
    }
  });
});

test("lines that begin at the right push nothing out of the page", async ({ page }) => {
  await page.goto("/");
  await hydrated(page);
  await page.getByRole("textbox", { name: "Describe your agent" }).fill(OPENING);
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.waitForURL(/\/s\/[0-9a-f-]{36}/);
  const session = sessionId(page);
  const views = ["/", "/history", "/settings", `/s/${session}`, `/s/${session}?view=fields`, `/s/${session}?view=prompt`];
  for (const path of views) {
    for (const [width, height] of [[390, 844], [1440, 900]] as const) {
      await page.setViewportSize({ width, height });
      await page.goto(path);
      await hydrated(page);
      await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
      const wide = await page.evaluate(() => {
        const root = document.documentElement;
        return root.scrollWidth - root.clientWidth;
      });
      expect(wide, `${path} at ${width}`).toBeLessThanOrEqual(0);
      // What begins a line stands at the right now.
      const mark = await page.locator(".bar .mark").first().boundingBox();
      expect(mark && mark.x + mark.width, `${path} at ${width}`).toBeGreaterThan(width / 2);
    }
  }
});
