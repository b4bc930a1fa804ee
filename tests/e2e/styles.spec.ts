// A document includes the styles of its own page; those of other pages are loaded with the
// app.
import { ROUTES, expect, test } from "./hub_test.ts";

test.use({ javaScriptEnabled: false });

for (const route of ROUTES) {
  test(`${route} loads every style that it needs`, async ({ page, request }) => {
    await page.goto(route);
    const address = await page.evaluate(() => document.documentElement.dataset.styles ?? "");
    expect(address).toMatch(/\.css$/);
    const text = await (await request.get(address)).text();
    const missing = await page.evaluate((text) => {
      const all = new CSSStyleSheet();
      all.replaceSync(text);
      const rules = (list: CSSRuleList): CSSStyleRule[] =>
        [...list].flatMap((rule) =>
          rule instanceof CSSStyleRule ? [rule] : rule instanceof CSSGroupingRule ? rules(rule.cssRules) : [],
        );
      const own = new Set([...document.styleSheets].flatMap((sheet) => rules(sheet.cssRules)).map((rule) => rule.cssText));
      const needed = rules(all.cssRules).filter((rule) => document.querySelector(rule.selectorText.replace(/::[a-z-]+/g, "") || "*"));
      return needed.filter((rule) => !own.has(rule.cssText)).map((rule) => rule.selectorText);
    }, text);
    expect(missing).toEqual([]);
  });
}
