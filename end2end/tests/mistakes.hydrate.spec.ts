// What goes wrong is said plainly, and nothing is lost or half kept.
import { expect, test } from "./support/test.js";
import { composer, hydrated, log, messages, opening, say, send, start, status } from "./support/interview.js";

test("an empty message cannot be sent", async ({ page }) => {
  await page.goto("/");
  await hydrated(page);
  const button = page.getByRole("button", { name: "Start", exact: true });
  await expect(button).toBeDisabled();
  await opening(page).fill("   \n ");
  await expect(button).toBeDisabled();
  await opening(page).fill("A bot");
  await expect(button).toBeEnabled();

  await start(page);
  await expect(send(page)).toBeDisabled();
  const before = await status(page);
  await composer(page).press("Enter");
  expect((await status(page)).version).toBe(before.version);
});

test("8,001 characters are refused with a reason, and the text stays", async ({ page, trouble }) => {
  trouble.expected(/status (413|422)|Failed to load resource/);
  await start(page);
  const before = await status(page);
  const long = `${"a word ".repeat(1142)}longer.`;
  await composer(page).fill(long);
  await composer(page).press("Enter");
  await expect(page.getByRole("region", { name: "Interview" })).toContainText(/8,000/);
  await expect(composer(page)).toHaveValue(long);
  expect((await status(page)).version).toBe(before.version);

  await composer(page).fill("a word ".repeat(1142));
  await composer(page).press("Enter");
  await expect.poll(async () => (await status(page)).version).toBeGreaterThan(before.version);
});

test("control characters do no harm", async ({ page }) => {
  await start(page);
  await composer(page).fill("Calm\u0007 and\u0001 warm\u202e please");
  await composer(page).press("Enter");
  await expect(log(page)).toContainText("warm");
  await expect(composer(page)).toHaveValue("");
});

test("HTML is text wherever it turns up", async ({ page }) => {
  const name = `<i onclick=alert(1)>Zed</i>`;
  await start(page, `A shop assistant called "${name}" that finds presents`);
  await page.goto("/history");
  await hydrated(page);
  await expect(page.locator("i[onclick]")).toHaveCount(0);
  await page.goto("/");
  await hydrated(page);
  await expect(page.locator("i[onclick]")).toHaveCount(0);
});

test("two tabs that send at once both keep what they had", async ({ context, page, trouble }) => {
  trouble.expected(/409/);
  await start(page);
  const other = await context.newPage();
  await other.goto(page.url());
  await hydrated(other);
  await composer(page).fill("It should sound calm");
  await composer(other).fill("Never give medical advice");
  await Promise.all([composer(page).press("Enter"), composer(other).press("Enter")]);

  // Each message is either in the transcript or still there to be sent again.
  await expect
    .poll(async () => {
      const kept = (await messages(page)).map((message) => message.content);
      const here = `${await composer(page).inputValue()} ${await log(page).innerText()}`;
      const there = `${await composer(other).inputValue()} ${await log(other).innerText()}`;
      return (
        (kept.includes("It should sound calm") || here.includes("It should sound calm")) &&
        (kept.includes("Never give medical advice") || there.includes("Never give medical advice")) &&
        kept.length % 2 === (kept.length > 0 && (await messages(page))[0].role === "assistant" ? 1 : 0)
      );
    })
    .toBe(true);
  for (const tab of [page, other]) {
    const again = tab.getByRole("button", { name: "Try again" });
    if (await again.isVisible()) await again.click();
    await expect(again).toBeHidden();
  }
  await expect
    .poll(async () => (await messages(page)).filter((message) => message.role === "user").map((it) => it.content))
    .toEqual(expect.arrayContaining(["It should sound calm", "Never give medical advice"]));
});

test("a lost connection keeps the text, and trying again sends it once", async ({ page, trouble }) => {
  trouble.expected(/ERR_(FAILED|INTERNET_DISCONNECTED|CONNECTION)|Failed to (load resource|fetch)/);
  await start(page);
  const before = await messages(page);
  let cut = true;
  await page.route(/./, async (route) => {
    if (cut && route.request().method() === "POST") await route.abort("connectionfailed");
    else await route.continue();
  });
  await composer(page).fill("Calm and warm");
  await composer(page).press("Enter");
  const again = page.getByRole("button", { name: "Try again" });
  await expect(again).toBeVisible();
  expect(await messages(page)).toEqual(before);

  cut = false;
  await again.click();
  await expect(again).toBeHidden();
  await expect
    .poll(async () => (await messages(page)).filter((message) => message.content === "Calm and warm").length)
    .toBe(1);
});

test("an answer lost on its way back is not sent twice", async ({ page, trouble }) => {
  trouble.expected(/ERR_(FAILED|INTERNET_DISCONNECTED|CONNECTION)|Failed to (load resource|fetch)/);
  await start(page);
  let cut = true;
  await page.route(/./, async (route) => {
    if (cut && route.request().method() === "POST") {
      await route.fetch();
      await route.abort("connectionreset");
    } else await route.continue();
  });
  await composer(page).fill("Calm and warm");
  await composer(page).press("Enter");
  const again = page.getByRole("button", { name: "Try again" });
  await expect(again).toBeVisible();
  cut = false;
  await again.click();
  await expect(again).toBeHidden();
  await say(page, "Phone");
  expect((await messages(page)).filter((message) => message.content === "Calm and warm")).toHaveLength(1);
});
