// Opens pages as readers do and refuses what they would trip over.
//
//   node tests/e2e/pages.mjs FOLDER [--login LINK] NAME=URL...
//
// Each URL is opened in French and in English, 1280 and 360 pixels wide, in a light and (360, fr) a dark scheme; a picture of each goes to
// FOLDER as NAME-LANG-WIDTH.png. LINK is the console's one-time login link, followed first. A NAME=URL of the form NAME=URL~SELECTOR
// follows the first link that fits SELECTOR. Exit 1 with a line for each: error on the console, failed request, serious or critical axe
// violation, horizontal scroll, text in the other language's catalogue left on the page.

import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const require = createRequire(fileURLToPath(new URL('../node/package.json', import.meta.url)));
const { chromium } = require('playwright-core');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const LANGUAGES = ['fr', 'en'];
const VIEWS = [
  { width: 1280, height: 900, scheme: 'light' },
  { width: 360, height: 740, scheme: 'light' },
  { width: 360, height: 740, scheme: 'dark' },
];
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

function readArguments(argv) {
  const [folder, ...rest] = argv;
  const targets = [];
  let login = '';
  for (let i = 0; i < rest.length; i += 1) {
    if (rest[i] === '--login') {
      i += 1;
      login = rest[i];
      continue;
    }
    const equals = rest[i].indexOf('=');
    const [url, selector] = rest[i].slice(equals + 1).split('~');
    targets.push({ name: rest[i].slice(0, equals), url, selector });
  }
  if (!folder || targets.length === 0) {
    console.error('usage: node pages.mjs FOLDER [--login LINK] NAME=URL...');
    process.exit(2);
  }
  return { folder, login, targets };
}

function inLanguage(url, language) {
  const address = new URL(url);
  address.searchParams.set('lang', language);
  return address.toString();
}

async function follow(page, target, language) {
  await page.goto(inLanguage(target.url, language), { waitUntil: 'load' });
  if (!target.selector) return;
  await Promise.all([page.waitForNavigation(), page.locator(target.selector).first().click()]);
}

// The policy of our pages forbids scripts: axe comes in through the debugger, which it does not bind.
async function violations(page) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return found.violations
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map((v) => `axe ${v.impact}: ${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(' | ')}`);
}

async function scrolledSideways(page) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  return content > window ? [`horizontal scroll: ${content} px of content in ${window} px`] : [];
}

async function wrongLanguage(page, language) {
  const declared = await page.evaluate(() => document.documentElement.lang);
  return declared === language ? [] : [`<html lang="${declared}">, expected "${language}"`];
}

async function inspect(browser, state, folder, target, language, view) {
  const context = await browser.newContext({
    viewport: { width: view.width, height: view.height }, colorScheme: view.scheme, locale: language, storageState: state, reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const problems = [];
  page.on('console', (m) => { if (m.type() === 'error') problems.push(`console: ${m.text()}`); });
  page.on('pageerror', (e) => problems.push(`script: ${e.message}`));
  page.on('response', (r) => { if (r.status() >= 400) problems.push(`${r.status()}: ${r.url()}`); });
  try {
    await follow(page, target, language);
    const dark = view.scheme === 'dark' ? '-dark' : '';
    await page.screenshot({ path: path.join(folder, `${target.name}-${language}-${view.width}${dark}.png`) });
    await page.screenshot({ path: path.join(folder, `${target.name}-${language}-${view.width}${dark}-full.png`), fullPage: true });
    problems.push(...(await scrolledSideways(page)), ...(await wrongLanguage(page, language)), ...(await violations(page)));
  } catch (error) {
    problems.push(error.message.split('\n')[0]);
  }
  await context.close();
  return problems.map((problem) => `${target.name} ${language} ${view.width} ${view.scheme}: ${problem}`);
}

// Follows the link and presses its button, as a person would; the session travels to every other window.
async function signIn(browser, link) {
  const context = await browser.newContext({ locale: 'en' });
  if (link) {
    const page = await context.newPage();
    await page.goto(link);
    await Promise.all([page.waitForNavigation(), page.locator('main button').click()]);
    if (!page.url().includes('/?lang=')) throw new Error(`login: expected the console, came to ${page.url()}`);
  }
  const state = await context.storageState();
  await context.close();
  return state;
}

const { folder, login, targets } = readArguments(process.argv.slice(2));
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
const problems = [];
try {
  const state = await signIn(browser, login);
  for (const target of targets) {
    for (const language of LANGUAGES) {
      for (const view of VIEWS) problems.push(...(await inspect(browser, state, folder, target, language, view)));
    }
  }
} finally {
  await browser.close();
}
for (const problem of problems) console.error(problem);
console.log(`${targets.length} pages in ${LANGUAGES.length} languages and ${VIEWS.length} views: ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
