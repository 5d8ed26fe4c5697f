// Survey pages as a scanner and as customers meet them, in headless Chromium with scripts on.
//
//   node tests/e2e/survey.mjs scan URL...                 opens each address as it comes, follows every link of it, waits for scripts
//   node tests/e2e/survey.mjs answer URL RATING TEXT [--no-script]   answers as a person does; prints the receipt's address and the secret as JSON
//   node tests/e2e/survey.mjs look FOLDER URL             each screen in both languages at 320, 768 and 1280 px: pictures, axe, overflow, tap targets
//
// Exit 1 with a line for each fault.

import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const require = createRequire(fileURLToPath(new URL('../node/package.json', import.meta.url)));
const { chromium } = require('playwright-core');
const axeSource = () => readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const faults = [];

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });

async function scan(urls) {
  const page = await browser.newPage();
  for (const url of urls) {
    await page.request.head(url);
    await page.goto(url, { waitUntil: 'networkidle' });
    const links = await page.$$eval('a[href]', (all) => all.map((a) => a.href));
    for (const link of links) await page.goto(link, { waitUntil: 'networkidle' });
  }
}

// One screen after the other, as a thumb would.
async function answer(page, url, rating, text, look) {
  await page.goto(url, { waitUntil: 'load' });
  await look?.('1-rating');
  await page.locator(`input[name=rating][value="${rating}"]`).check({ force: true });
  await page.locator('main form button').click();
  await page.waitForSelector('#text');
  await page.fill('#text', text);
  await look?.('2-words');
  await page.locator('main form button').click();
  await page.waitForSelector('#experienced');
  await page.fill('#author', 'client-0042');
  await page.check('#experienced');
  if (await page.locator('#publish').count()) await page.check('#publish');
  await look?.('3-about');
  await page.locator('main form button').click();
  await page.waitForSelector('a[href*="/receipt/"]');
  await look?.('4-done');
  const receipt = await page.getAttribute('a[href*="/receipt/"]', 'href');
  const secret = await page.locator('code').first().textContent();
  return { receipt, secret };
}

async function inspect(page, name, width) {
  const { overflow, small } = await page.evaluate(() => {
    const taps = [...document.querySelectorAll('button, main label, a.button, nav a, input:not([type=hidden]):not([type=radio]):not([type=checkbox]), select, textarea')];
    return {
      overflow: document.documentElement.scrollWidth > document.documentElement.clientWidth,
      small: taps.filter((tap) => !tap.closest('.unseen') && !tap.hidden && !(tap.tagName === 'LABEL' && !tap.querySelector('input')))
        .map((tap) => ({ text: (tap.textContent || tap.name).trim().slice(0, 30), box: tap.getBoundingClientRect() }))
        .filter(({ box }) => box.height > 0 && (box.height < 43.5 || box.width < 43.5)).map(({ text, box }) => `${text} ${Math.round(box.width)}x${Math.round(box.height)}`),
    };
  });
  if (overflow) faults.push(`${name}: wider than ${width} px`);
  for (const one of small) faults.push(`${name}: smaller than 44 px: ${one}`);
  const session = await page.context().newCDPSession(page);
  await session.send('Page.setBypassCSP', { enabled: true });
  await page.evaluate(axeSource());
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
  for (const violation of found.violations) faults.push(`${name}: ${violation.id}: ${violation.nodes[0].html.slice(0, 120)}`);
}

const [what, ...rest] = process.argv.slice(2);
if (what === 'scan') {
  await scan(rest);
} else if (what === 'answer') {
  const context = await browser.newContext({ javaScriptEnabled: !rest.includes('--no-script'), viewport: { width: 320, height: 640 } });
  console.log(JSON.stringify(await answer(await context.newPage(), rest[0], rest[1], rest[2])));
} else if (what === 'look') {
  const [folder, url] = rest;
  mkdirSync(folder, { recursive: true });
  for (const lang of ['fr', 'en']) {
    for (const width of [320, 768, 1280]) {
      const context = await browser.newContext({ viewport: { width, height: 720 }, reducedMotion: 'reduce' });
      const page = await context.newPage();
      page.on('console', (message) => { if (message.type() === 'error') faults.push(`${lang} ${width}: console: ${message.text()}`); });
      page.on('pageerror', (error) => faults.push(`${lang} ${width}: script: ${error}`));
      const address = new URL(url);
      address.searchParams.set('lang', lang);
      await answer(page, address.toString(), 4, lang === 'fr' ? 'La livraison est arrivée avec deux jours de retard.' : 'The delivery came two days late.', async (step) => {
        const name = `survey-${step}-${lang}-${width}`;
        await inspect(page, name, width);
        await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
      });
      await context.close();
    }
  }
} else {
  faults.push('expected scan, answer or look');
}
await browser.close();
for (const fault of faults) console.error(fault);
process.exit(faults.length > 0 ? 1 : 0);
