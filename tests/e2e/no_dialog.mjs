// Opens pages in a browser with scripts on, and refuses those on which something ran that should be text.
//
//   node tests/e2e/no_dialog.mjs URL...
//
// Exit 1 with a line for each dialog, error on the console, request to another host, and element that an event handler hangs on.

import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(fileURLToPath(new URL('../node/package.json', import.meta.url)));
const { chromium } = require('playwright-core');

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const EXPECTED = [400, 404, 410, 422]; // answers that the browser notes as errors and that are right

const handlersOn = () => [...document.querySelectorAll('*')].filter((element) => [...element.attributes].some(({ name }) => name.startsWith('on'))).map((element) => element.outerHTML.slice(0, 200));

const urls = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
const faults = [];
try {
  for (const url of urls) {
    const page = await browser.newPage();
    const fault = (what) => faults.push(`${url}: ${what}`);
    page.on('dialog', async (dialog) => {
      fault(`dialog "${dialog.message()}"`);
      await dialog.dismiss();
    });
    page.on('pageerror', (error) => fault(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !EXPECTED.some((status) => message.text().includes(`status of ${status}`))) fault(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith('data:') && new URL(request.url()).host !== new URL(url).host) fault(`asked ${request.url()}`);
    });
    await page.goto(url, { waitUntil: 'load' });
    for (const element of await page.evaluate(handlersOn)) fault(`a handler on ${element}`);
    await page.close();
  }
} finally {
  await browser.close();
}
faults.forEach((fault) => console.log(fault));
process.exit(faults.length === 0 ? 0 : 1);
