// Badge, frame and widget on other people's pages, in a real browser: under a strict policy of that page, without moving anything on it.
//
//   node tests/e2e/embeds.mjs VIGIE SNIPPETS ALLOWED_PORT OTHER_PORT PICTURES
//
// VIGIE: address of a running wall whose settings let http://127.0.0.1:ALLOWED_PORT frame it; SNIPPETS: what `vigie wall embed` printed.

import { mkdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const require = createRequire(fileURLToPath(new URL('../node/package.json', import.meta.url)));
const { chromium } = require('playwright-core');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

const [vigie, snippetsFile, allowedPort, otherPort, pictures] = process.argv.slice(2);
mkdirSync(pictures, { recursive: true });
const snippets = readFileSync(snippetsFile, 'utf8');
const faults = [];
const check = (holds, what) => { if (!holds) faults.push(what); };

// --- somebody's site

const style = 'body { margin: 1rem; font: 16px sans-serif } vigie-wall { display: block; height: 480px; max-width: 420px } iframe { max-width: 100%; border: 0 } .far { height: 2500px }';
const policy = `default-src 'none'; style-src 'self'; img-src ${vigie}; frame-src ${vigie}; script-src ${vigie}; connect-src ${vigie}; base-uri 'none'; require-trusted-types-for 'script'; trusted-types vigie`;
const frameOf = (address) => `<iframe src="${address}" title="wall" width="360" height="480"></iframe>`;
const bodies = {
  '/fr': snippets,
  '/en': snippets.replaceAll('lang=fr', 'lang=en').replaceAll('lang="fr"', 'lang="en"'),
  '/frame': frameOf(`${vigie}/wall/acme/embed`),
  '/wall': frameOf(`${vigie}/wall/acme`),
  '/verify': frameOf(`${vigie}/wall/acme/verify`),
};
const site = http.createServer((request, reply) => {
  const name = request.url.split('?')[0];
  if (name === '/style.css') return reply.writeHead(200, { 'Content-Type': 'text/css' }).end(style);
  if (!bodies[name]) return reply.writeHead(404).end();
  return reply.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy })
    .end(`<!doctype html><html lang="${name.slice(1)}"><title>Somebody's site</title><link rel="stylesheet" href="/style.css"><h1>Before</h1>${bodies[name]}<p id="after">After</p>`);
});
await new Promise((done) => site.listen(+allowedPort, '127.0.0.1', done));
const other = http.createServer(site.listeners('request')[0]);
await new Promise((done) => other.listen(+otherPort, '127.0.0.1', done));
const allowed = `http://127.0.0.1:${allowedPort}`, elsewhere = `http://127.0.0.1:${otherPort}`;

// --- its reader

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });

async function open(address, width, noise = true) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.on('dialog', (dialog) => { faults.push(`${address}: a dialog opened`); dialog.dismiss(); });
  page.on('pageerror', (error) => faults.push(`${address}: ${error.message}`));
  if (noise) page.on('console', (message) => { if (['error', 'warning'].includes(message.type()) && !/favicon/.test(message.location().url)) faults.push(`${address}: ${message.text()}`); });
  await page.addInitScript(() => {
    globalThis.shifted = 0;
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) globalThis.shifted += entry.value; }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(address, { waitUntil: 'load' });
  return page;
}

for (const language of ['fr', 'en']) {
  for (const width of [320, 1280]) {
    const where = `${language} ${width}`, page = await open(`${allowed}/${language}`, width);
    await page.waitForFunction(() => document.querySelector('vigie-wall')?.shadowRoot?.querySelector('article'));
    const widget = await page.evaluate(() => {
      const root = document.querySelector('vigie-wall').shadowRoot;
      return {
        text: root.textContent, names: [...new Set([...root.querySelectorAll('*')].map((one) => one.localName))],
        links: [...root.querySelectorAll('a')].map((one) => one.href), strange: root.querySelectorAll('[style],[onclick],[onerror],[id]').length,
        control: root.querySelector('.control')?.textContent ?? '', published: root.querySelectorAll('time.published').length,
        experience: root.querySelectorAll('.experience').length, articles: root.querySelectorAll('article').length, method: root.querySelector('a.method')?.href ?? '',
      };
    });
    check(widget.text.includes('<script>alert(1)</script>') || widget.text.includes('<img src=x'), `${where}: no hostile review is shown as text`);
    check(!widget.names.some((name) => ['script', 'img', 'style', 'link', 'iframe', 'form', 'input', 'button', 'svg'].includes(name)), `${where}: the widget holds ${widget.names}`);
    check(widget.links.length > 3 && widget.links.every((link) => link.startsWith(`${vigie}/`)), `${where}: links lead to ${widget.links}`);
    check(widget.strange === 0, `${where}: attributes that only a script or a style needs`);
    check(/contrôl|check/.test(widget.control) && widget.method.includes('/method'), `${where}: does not say whether reviews are checked`);
    check(widget.articles > 0 && widget.published === widget.articles && widget.experience === widget.articles, `${where}: a review without both dates`);
    const frame = page.frames().find((one) => one.url().includes('/embed'));
    check(frame && (await frame.locator('article').count()) > 0, `${where}: the frame shows nothing`);
    const badge = await page.evaluate(() => { const image = document.querySelector('img'); return [image.naturalWidth, image.alt]; });
    check(badge[0] === 240 && badge[1].length > 5, `${where}: the badge is ${badge}`);
    await page.waitForLoadState('networkidle');
    check((await page.evaluate(() => globalThis.shifted)) === 0, `${where}: what surrounds it moved`);
    check(!(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)), `${where}: scrolls sideways`);
    check((await page.context().cookies()).length === 0, `${where}: a cookie was set`);
    check((await page.evaluate(() => localStorage.length + sessionStorage.length)) === 0, `${where}: something was stored`);
    await page.keyboard.press('Tab');
    await page.screenshot({ path: path.join(pictures, `embeds-${language}-${width}.png`), fullPage: true });
    await page.context().close();
  }
}

// Who may frame what.
const shows = async (address) => {
  const page = await open(address, 1280, false);
  const frame = page.frames()[1];
  const shown = frame ? await frame.evaluate(() => document.querySelectorAll('h1, h2').length).catch(() => 0) : 0;
  await page.context().close();
  return shown > 0 && !frame.url().startsWith('chrome-error');
};
check(await shows(`${allowed}/frame`), 'the allowed site cannot frame the widget');
check(!(await shows(`${elsewhere}/frame`)), 'a site that is not allowed frames the widget');
check(!(await shows(`${allowed}/wall`)), 'the wall itself can be framed');
check(!(await shows(`${allowed}/verify`)), 'the verifier can be framed');

// The page in the frame, looked at by axe.
for (const language of ['fr', 'en']) {
  const page = await open(`${vigie}/wall/acme/embed?lang=${language}`, 360);
  const client = await page.context().newCDPSession(page);
  await client.send('Runtime.evaluate', { expression: axeSource });
  const { result } = await client.send('Runtime.evaluate', { expression: 'axe.run({ rules: { region: { enabled: false }, "landmark-one-main": { enabled: false }, "page-has-heading-one": { enabled: false } } }).then((found) => JSON.stringify(found.violations.map((v) => v.id + ": " + v.nodes[0].html)))', awaitPromise: true });
  for (const violation of JSON.parse(result.value)) faults.push(`axe ${language}: ${violation}`);
  await page.context().close();
}
await browser.close();
site.close();
other.close();

// What travels.
const bytes = async (address) => Buffer.from(await (await fetch(address)).arrayBuffer());
const script = /src="([^"]+widget-[^"]+)"/.exec(snippets)[1];
const sizes = { widget: gzipSync(await bytes(script), { level: 9 }).length, part: (await bytes(`${vigie}/wall/acme/embed?fragment=1&lang=fr`)).length, badge: (await bytes(`${vigie}/badge/acme.svg`)).length };
check(sizes.widget <= 5 * 1024 && sizes.part <= 15 * 1024 && sizes.badge <= 3 * 1024, `too large: ${JSON.stringify(sizes)}`);

if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
console.log(`bytes: widget ${sizes.widget} (gzip), its part ${sizes.part}, badge ${sizes.badge}; nothing moved`);
