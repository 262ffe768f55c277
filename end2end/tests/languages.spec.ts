// The page in each language, with the script on and off.
import { expect, test } from "./support/test.js";

const LANGUAGES = [
  { code: "de", name: "Deutsch", menu: "Language", title: "Was soll Ihr Agent tun?", label: "Beschreiben Sie Ihren Agenten", start: "Starten" },
  { code: "es", name: "Español", menu: "Language", title: "¿Qué debe hacer su agente?", label: "Describa su agente", start: "Empezar" },
] as const;

for (const { code, name, menu, title, label, start } of LANGUAGES) {
  test(`somebody chooses ${name} in the menu, and the page stays so`, async ({ page }) => {
    await page.goto("/history?q=none");
    await page.getByRole("banner").locator("summary").and(page.getByLabel(menu)).click();
    await page.getByRole("button", { name }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", code);
    await expect(page).toHaveURL(/\/history\?q=none$/);
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("dir", "ltr");
  });

  test.describe(() => {
    test.use({ locale: code });

    test(`a browser that likes ${name} gets the page and the interview in it`, async ({ page }) => {
      await page.goto("/");
      await expect(page.locator("html")).toHaveAttribute("lang", code);
      await page.getByRole("textbox", { name: label }).fill("A friendly phone receptionist that books appointments");
      await page.getByRole("button", { name: start, exact: true }).click();
      await page.waitForURL(/\/s\/[0-9a-f-]{36}/);
      const log = page.getByRole("log");
      await expect(log).toContainText(code === "de" ? "Empfang" : "Recepción");
      await expect(page.locator("body")).not.toContainText(/What |Tone|Goals|Not saved|Finish now/);
    });
  });
}
