// Without a model the agent is tried by walking through its workflow.
import { expect, test } from "./support/test.js";
import { hydrated, output, start } from "./support/interview.js";

test("a walk leads from the start to an end, and the diagram shows where it is", async ({ page }) => {
  await start(page);
  await output(page, "Try").click();
  const walk = page.getByRole("log", { name: "Walk" });
  const ways = page.getByRole("group", { name: "Ways on" });
  await expect(ways.getByRole("button").first()).toBeVisible();
  const lit = page.locator(".graph .sel");
  await expect(lit).toHaveCount(1);
  const first = await lit.getAttribute("data-node");
  await ways.getByRole("button").first().click();
  await expect(walk.getByRole("heading")).toHaveCount(2);
  expect(await lit.getAttribute("data-node")).not.toBe(first);
  await page.getByRole("button", { name: "Step back" }).click();
  await expect(walk.getByRole("heading")).toHaveCount(1);
  expect(await lit.getAttribute("data-node")).toBe(first);

  // Another way each time leads out sooner or later.
  for (let step = 0; step < 40 && !(await walk.getByText("The conversation ends here.").isVisible()); step++) {
    const passed = await walk.getByRole("heading").count();
    const count = await ways.getByRole("button").count();
    await ways.getByRole("button").nth(step % count).click();
    await expect(walk.getByRole("heading")).toHaveCount(passed + 1);
  }
  await expect(walk).toContainText("The conversation ends here.");
});

test("the settings say that no model is connected, and how to connect one", async ({ page }) => {
  await page.goto("/settings");
  await hydrated(page);
  await expect(page.getByRole("main")).toContainText("None is connected.");
  await page.getByText("Connect a model").click();
  await expect(page.getByRole("main")).toContainText("ANTHROPIC_API_KEY");
});
