// Reads a wall as its visitors do and refuses what they, or the law, would miss.
//
//   node tests/e2e/wall_pages.mjs FOLDER WALL LEAF [--lcp]
//
// WALL: the address of a wall with more than 20 reviews; LEAF: the number of one that is shown. In French and in English: every item that
// must stand on a wall, a review's page, the method page and the page of improvements is looked for by its selector; the wall's weight as it was transferred; layout
// shift; the same page without script; axe at 320, 768 and 1280 pixels. Pictures go to FOLDER. Exit 1 with a line for each thing missed.
// --lcp: the largest contentful paint of five visits at 1.6 Mbit/s, 150 ms and a processor four times slower; their median is at most 1.5 s.

import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const require = createRequire(fileURLToPath(new URL('../node/package.json', import.meta.url)));
const { chromium } = require('playwright-core');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const MOST_BYTES = 60 * 1024;
const REVIEWS = 20;
const MOST_PAINT = 1500; // ms, median of the visits
const VISITS = 5;
const WIDTHS = [320, 768, 1280];
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

// What law and norms ask for, and where it stands. "*": on each of the reviews.
const ON_WALL = {
  'a control exists or not, said near the reviews (D111-17 1° a)': '.notice .control',
  'date of publication of each review (D111-17 1° b)': '* time.published[datetime]',
  'date of the experience of each review, or that it was not given (D111-17 1° b)': '* .experience',
  'criterion of the order (D111-17 1° c)': '.notice .ranking',
  'way to the method (D111-17 2°, D111-18)': '.notice a.method[href*="/method"]',
  'reporting each review (L111-7-2; DSA 16)': '* a.report[href*="/report/"]',
  'what was checked of each review (L121-4 27°)': '* .verification',
  'how each review was collected': '* .collected',
  'update and older wordings (L111-7-2)': '.review time.modified[datetime], .review details.versions',
  'incentive on the review itself (16 CFR 465.4)': '.review .incentive',
  'who runs it, and that it is not independent (16 CFR 465.6)': 'main .run-by',
  'claim of completeness while it holds (16 CFR 465.7)': '.claim.all',
  'count of what was received and what became of it': '.strip .received data[value]',
  'refusals by reason': '#refusals li[data-code] data[value]',
  'delay by rating': 'table data.delay[value]',
  'refusals by rating': 'table data.refused[value]',
  'overall rating': '.mean data.number[value]',
  'its number of ratings': '.score data.n[value]',
  'its interval': '.score .interval',
  'its window': '.score .window',
  'its formula': '.score .formula',
  'state of the proof': '.proof .witnesses',
  'masking shown as masking': '.review .masked',
  'an address of its own for each review': '* a.permalink[href*="review="]',
  'verifying each review': '* a.verify[href*="/verify"]',
  'feed': 'link[rel="alternate"][type="application/atom+xml"]',
  'other language': 'link[rel="alternate"][hreflang]',
};
const ON_REVIEW = {
  'control': '.notice .control', 'order': '.notice .ranking', 'method': '.notice a.method', 'both dates': 'time.published[datetime]',
  'experience': '.experience', 'report': 'a.report', 'verification': '.verification', 'collection': '.collected', 'who runs it': '.run-by',
  'history': '.history li time[datetime]',
};
const ON_METHOD = {
  'who runs it and answers for it': '#who', 'how reviews are collected': '#collection', 'whether and how they are checked': '#control',
  'what verification means': '#verification', 'who may be contacted': '#contactable', 'whether and how a review can be changed': '#change',
  'how its author is told of a refusal (D111-19)': '#told', 'reasons for refusal': '#reasons dt code', 'delay of publication': '#delay',
  'right of reply and its delay': '#reply', 'time of keeping': '#keep', 'order': '#ranking', 'counterpart or none': '#counterpart',
  'formula of the rating': '#score code', 'how to report': '#report', 'how to verify': '#verify a', 'versions by date': '#versions time[datetime]',
  'the exact text': '#versions a[href*="format=json"]',
};
const ON_IMPROVEMENTS = {
  'title': '.made h2', 'state': '.made .state', 'dates of its steps': '.made .steps time[datetime]', 'reviews that led to it': '.made .because a[href*="review="]',
  'other pages': '.pager a',
};
const REASONS = 14;

const [folder, wall, leaf, ...flags] = process.argv.slice(2);
if (!folder || !wall || !leaf) {
  console.error('usage: node wall_pages.mjs FOLDER WALL LEAF [--lcp]');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const problems = [];
const miss = (where, what) => problems.push(`${where}: ${what}`);

async function open(browser, url, options) {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.on('console', (m) => { if (m.type() === 'error') miss(url, `console: ${m.text()}`); });
  page.on('pageerror', (e) => miss(url, `script: ${e.message}`));
  await page.goto(url, { waitUntil: 'load' });
  return { context, page };
}

async function lookFor(page, where, items) {
  const reviews = await page.locator('article.review').count();
  for (const [name, selector] of Object.entries(items)) {
    const each = selector.startsWith('* ');
    const found = await page.locator(each ? `article.review ${selector.slice(2)}` : selector).evaluateAll((all) => all.filter((e) => e.tagName === 'LINK' || e.textContent.trim() !== '').length);
    if (each ? found !== reviews || reviews === 0 : found === 0) miss(where, `${name}: ${found} of ${each ? reviews : 'at least 1'} (${selector})`);
  }
}

async function transferred(context, page, url) {
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  let bytes = 0;
  session.on('Network.loadingFinished', (e) => { bytes += e.encodedDataLength; });
  await page.goto(url, { waitUntil: 'networkidle' });
  return bytes;
}

const observed = (type, pick) => `new Promise((done) => {
  let value = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) value = ${pick}; }).observe({ type: '${type}', buffered: true });
  const wait = (frames) => requestAnimationFrame(() => (frames > 0 ? wait(frames - 1) : done(value)));
  wait(30);
})`;

async function weighAndWatch(browser, url, where) {
  const { context, page } = await open(browser, 'about:blank', { viewport: { width: 360, height: 740 } });
  const bytes = await transferred(context, page, url);
  console.log(`${where}: ${bytes} bytes transferred`);
  if (bytes > MOST_BYTES) miss(where, `${bytes} bytes transferred, at most ${MOST_BYTES}`);
  await page.evaluate('window.scrollTo(0, document.body.scrollHeight)');
  const shift = await page.evaluate(observed('layout-shift', 'value + entry.value'));
  if (shift !== 0) miss(where, `layout shift ${shift}, expected none`);
  await context.close();
}

async function withoutScript(browser, url, where) {
  const plain = await open(browser, url, { javaScriptEnabled: false });
  const scripted = await open(browser, url, {});
  const [without, with_] = [await plain.page.locator('main').innerText(), await scripted.page.locator('main').innerText()];
  if (without !== with_ || without.length < 500) miss(where, 'the page without script is not the page with it');
  await plain.context.close();
  await scripted.context.close();
}

async function lookAt(browser, url, name, width, items) {
  const where = `${name} ${width}`;
  const { context, page } = await open(browser, url, { viewport: { width, height: 900 }, colorScheme: width === 768 ? 'dark' : 'light' });
  await lookFor(page, where, items);
  await page.screenshot({ path: path.join(folder, `${name}-${width}.png`) });
  await page.screenshot({ path: path.join(folder, `${name}-${width}-full.png`), fullPage: true });
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  if (content > window) miss(where, `${content} px of content in ${window} px`);
  const small = await page.evaluate(() => [...document.querySelectorAll('main a, main summary, nav a')]
    .filter((e) => !e.closest('p.interval, .strip, p.text, dd') && e.getBoundingClientRect().height > 0 && e.getBoundingClientRect().height < 43.5)
    .map((e) => `${e.className || e.tagName} "${e.textContent.trim().slice(0, 30)}" ${e.getBoundingClientRect().height}`));
  if (small.length > 0) miss(where, `targets under 44 px: ${[...new Set(small)].slice(0, 5).join(', ')}`);
  await page.evaluate(axeSource);
  const axe = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  for (const v of axe.violations) miss(where, `axe ${v.impact}: ${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(' | ')}`);
  await context.close();
}

async function largestPaint(browser, url) {
  const { context, page } = await open(browser, 'about:blank', { viewport: { width: 360, height: 740 } });
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 });
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await page.goto(url, { waitUntil: 'load' });
  const paint = await page.evaluate(observed('largest-contentful-paint', 'entry.startTime'));
  const long = await page.evaluate(observed('longtask', 'Math.max(value, entry.duration)'));
  await context.close();
  return { paint, long };
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
try {
  for (const language of ['fr', 'en']) {
    const list = `${wall}?lang=${language}`;
    const method = `${wall}/method?lang=${language}`;
    const improvements = `${wall}/improvements?lang=${language}`;
    for (const width of WIDTHS) {
      await lookAt(browser, list, `wall-${language}`, width, ON_WALL);
      await lookAt(browser, method, `method-${language}`, width, ON_METHOD);
      await lookAt(browser, improvements, `improvements-${language}`, width, ON_IMPROVEMENTS);
      await lookAt(browser, `${improvements}&page=2`, `improvements-2-${language}`, width, { ...ON_IMPROVEMENTS, 'effect measured': '.made .effect p' });
    }
    await lookAt(browser, `${list}&review=${leaf}`, `review-${language}`, 320, ON_REVIEW);
    await weighAndWatch(browser, list, `wall ${language}`);
    await weighAndWatch(browser, method, `method ${language}`);
    await weighAndWatch(browser, improvements, `improvements ${language}`);
    await withoutScript(browser, list, `wall ${language}`);
    const { context, page } = await open(browser, list, {});
    const reviews = await page.locator('article.review').count();
    if (reviews !== REVIEWS) miss(`wall ${language}`, `${reviews} reviews on a page, expected ${REVIEWS}`);
    await page.goto(method);
    const reasons = await page.locator(ON_METHOD['reasons for refusal']).count();
    if (reasons !== REASONS) miss(`method ${language}`, `${reasons} reasons, expected ${REASONS}`);
    await context.close();
  }
  if (flags.includes('--lcp')) {
    const paints = [];
    for (let visit = 0; visit < VISITS; visit += 1) {
      const { paint, long } = await largestPaint(browser, `${wall}?lang=fr`);
      console.log(`LCP ${Math.round(paint)} ms, longest task ${Math.round(long)} ms`);
      if (paint <= 0) miss('wall fr', 'the browser told no largest contentful paint');
      paints.push(paint);
    }
    const median = paints.sort((a, b) => a - b)[Math.floor(VISITS / 2)];
    console.log(`LCP median ${Math.round(median)} ms`);
    if (median > MOST_PAINT) miss('wall fr', `largest contentful paint after ${Math.round(median)} ms, at most ${MOST_PAINT}`);
  }
} finally {
  await browser.close();
}
for (const problem of problems) console.log(problem);
process.exit(problems.length > 0 ? 1 : 0);
