// Opens mails' HTML as a browser shows it and refuses what a reader would trip over.
//
//   node look_at_mails.mjs FILE.html...
//
// Each at 320 and 640 pixels, in a light and a dark scheme. A line, and exit 1, for each axe violation and each page wider than its
// window.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
const page = await browser.newPage();
let wrong = 0;
for (const file of process.argv.slice(2)) {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [320, 640]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await page.goto(pathToFileURL(resolve(file)).href);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      await page.evaluate(axeSource);
      const found = await page.evaluate(async () => (await axe.run()).violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 120)}`));
      if (wider > 0) found.push(`${wider} pixels wider than its window`);
      for (const line of found) console.log(`${file}, ${colorScheme}, ${width}: ${line}`);
      wrong += found.length;
    }
  }
}
await browser.close();
process.exit(wrong > 0 ? 1 : 0);
