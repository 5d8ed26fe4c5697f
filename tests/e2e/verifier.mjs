// The verifier's page in a real browser: an honest wall is found honest, and each way of spoiling one is told in its own words.
//
//   node tests/e2e/verifier.mjs LOG OTHER RECEIPT PICTURES PAGE
//
// LOG: folder of an honest wall's log, with items.json; OTHER: of another tree under the same name and key; RECEIPT: of one entry of LOG;
// PAGE: address of the lone verifier, on an origin of its own. The log is served here, on another.

import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(fileURLToPath(new URL('../node/package.json', import.meta.url)));
const { chromium } = require('playwright-core');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

const [log, other, receiptFile, pictures, verifier] = process.argv.slice(2);
mkdirSync(pictures, { recursive: true });
const receipt = readFileSync(receiptFile, 'utf8');
const faults = [];

// --- the wall, spoilt as the scenario wants

const wall = { folder: log, more: {}, spoil: (name, bytes) => bytes };
const server = http.createServer((request, reply) => {
  const name = decodeURIComponent(request.url).replace(/^\/wall\/acme\/log\//, '');
  try {
    const there = wall.more[name] ?? readFileSync(path.join(wall.folder, name));
    const bytes = wall.spoil(name, there);
    reply.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end(bytes);
  } catch {
    reply.writeHead(404, { 'Access-Control-Allow-Origin': '*' }).end();
  }
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const address = `http://127.0.0.1:${server.address().port}/wall/acme`;

const items = JSON.parse(readFileSync(path.join(log, 'items.json'), 'utf8'));
const whole = items.items.find((item) => item.status === 'published' && item.version === item.ref && item.rating && item.fields.text.value.includes('<script>'));
const later = items.items.find((item) => item.status === 'published' && item.version !== item.ref);
const masked = items.items.find((item) => item.fields.text.digest);
const index = +/^index (\d+)$/m.exec(receipt)[1];

const changedItem = (change) => (name, bytes) => {
  if (name !== 'items.json') return bytes;
  const all = JSON.parse(bytes);
  change(all.items.find((item) => item.ref === whole.ref), all);
  return JSON.stringify(all);
};
const flipped = (matches, at) => (name, bytes) => {
  if (!matches.test(name)) return bytes;
  const copy = Buffer.from(bytes);
  copy[at(copy)] ^= 1;
  return copy;
};
// The first byte of an entry's JSON.
const entryAt = (wanted) => (bundle) => {
  let at = 0;
  for (let i = 0; i < wanted % 256; i += 1) at += 2 + bundle.readUInt16BE(at);
  return at + 2 + bundle.readUInt16BE(at) - 3;
};
// Witnesses (c2sp.org/tlog-cosignature), written from the format alone.
class Witness {
  constructor(name) {
    this.name = name;
    this.pair = generateKeyPairSync('ed25519');
    const raw = Buffer.concat([Buffer.from([4]), this.pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)]);
    this.id = createHash('sha256').update(`${name}\n`).update(raw).digest().subarray(0, 4);
    this.key = `${name}+${this.id.toString('hex')}+${raw.toString('base64')}`;
  }

  line(note, at = 1790000000) {
    const text = note.slice(0, note.indexOf('\n\n') + 1), time = Buffer.alloc(8);
    time.writeBigUInt64BE(BigInt(at));
    const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${at}\n${text}`), this.pair.privateKey);
    return `\u2014 ${this.name} ${Buffer.concat([this.id, time, signature]).toString('base64')}\n`;
  }
}
const changedSignature = (name, bytes) => (name === 'checkpoint' ? String(bytes).replace(/(\u2014 \S+ .{20})(.)/, (all, start, letter) => start + (letter === 'A' ? 'B' : 'A')) : bytes);
const changedSize = (name, bytes) => (name === 'checkpoint' ? String(bytes).replace(/\n(\d+)\n/, (all, size) => `\n${+size - 1}\n`) : bytes);
const digit = (number) => String(Math.floor(number / 256)).padStart(3, '0');

// --- a reader

async function reader(browser, language = 'en', width = 1280, before = () => {}) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.on('dialog', (dialog) => { faults.push('a dialog opened'); dialog.dismiss(); });
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('console', (message) => { if (message.type() === 'error' && !/404/.test(message.text())) faults.push(`console: ${message.text()}`); });
  await page.addInitScript(before);
  await page.goto(`${verifier}?lang=${language}`);
  return page;
}

async function check(page, { leaf = '', file = null, key = '' } = {}) {
  await page.fill('#wall', address);
  await page.fill('#leaf', String(leaf));
  if (file !== null) await page.setInputFiles('#file', { name: 'receipt.tlog-proof', mimeType: 'text/plain', buffer: Buffer.from(file) });
  if (key) {
    await page.click('summary');
    await page.fill('#key', key);
  }
  await page.click('button');
  await page.waitForFunction(() => !['', 'wait'].includes(document.querySelector('#verdict').dataset.state));
  return page.evaluate(() => Object.fromEntries([...document.querySelectorAll('[data-state]')].map((one) => [one.id, one.dataset.state])));
}

async function expect(what, states, wanted, page, sentence) {
  for (const [step, state] of Object.entries(wanted))
    if (states[step] !== state) faults.push(`${what}: ${step} is "${states[step]}", expected "${state}" (${JSON.stringify(states)})`);
  const shown = await page.locator('body').innerText();
  if (sentence && !shown.includes(sentence)) faults.push(`${what}: does not say "${sentence}"`);
}

// A log of two entries, made by a brand that holds its key: a review, and its own reply, which commits to words of the brand's.
function replyAsReview() {
  const hmac = (key, text) => createHmac('sha256', key).update(text).digest(), sha = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
  const names = ['text', 'author', 'when', 'place', 'order', 'media'], key = Buffer.alloc(32, 7);
  const seal = (values) => sha(Buffer.from('vigie-c1'), ...names.map((name) => hmac(key, `${name}\0${values[name] ?? ''}`))).toString('base64url');
  const praise = { text: 'Parfait.', author: 'client-0001', when: '2026-11' };
  const entries = [
    { c: seal({ text: 'Jamais livré.' }), h: 1790000000, inc: 'none', k: '', lang: 'fr', scale: '1-5', src: 'web', survey: '', t: 'sub', v: 1, ver: 'none' },
    { c: seal(praise), h: 1790000000, ref: 0, st: 'published', t: 'rep', v: 1 },
  ].map((entry) => Buffer.from(JSON.stringify(entry)));
  const hashes = entries.map((entry) => sha(Buffer.from([0]), entry)), root = sha(Buffer.from([1]), ...hashes);
  const pair = generateKeyPairSync('ed25519'), origin = 'avis.example/log';
  const raw = Buffer.concat([Buffer.from([1]), pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)]);
  const id = sha(Buffer.from(`${origin}\n`), raw).subarray(0, 4), text = `${origin}\n2\n${root.toString('base64')}\n`;
  const fields = Object.fromEntries(names.map((name) => [name, { key: key.toString('base64url'), value: praise[name] ?? '' }]));
  return {
    vkey: `${origin}+${id.toString('hex')}+${raw.toString('base64')}\n`,
    checkpoint: `${text}\n\u2014 ${origin} ${Buffer.concat([id, sign(null, Buffer.from(text), pair.privateKey)]).toString('base64')}\n`,
    'tile/0/000.p/2': Buffer.concat(hashes),
    'tile/entries/000.p/2': Buffer.concat(entries.flatMap((entry) => [Buffer.from([entry.length >> 8, entry.length & 255]), entry])),
    'items.json': JSON.stringify({ items: [{ ref: 0, version: 1, received: 1790000000, published: 1790000000, status: 'published', fields }] }),
  };
}

const [one, two, three, stranger] = ['one', 'two', 'three', 'stranger'].map((name) => new Witness(`${name}.example/w`));
const named = `witness one ${one.key}\nwitness two ${two.key}\nwitness three ${three.key}\ngroup most 2 one two three\nquorum most\n`;
const checkpoint = readFileSync(path.join(log, 'checkpoint'), 'utf8'), otherCheckpoint = readFileSync(path.join(other, 'checkpoint'), 'utf8');
const signedBy = (note, ...who) => note + who.map((witness) => witness.line(note)).join('');
const forgedLine = one.line(checkpoint).replace(/.{8}\n$/, 'AAAAAAA=\n');

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });

// An honest wall, twice: the second time it is compared with the first.
{
  const page = await reader(browser);
  let states = await check(page, { leaf: whole.ref, file: receipt });
  await expect('honest', states, { verdict: 'ok', read: 'ok', signature: 'ok', seen: 'first', review: 'ok', receipt: 'ok' }, page, 'Everything agrees');
  await expect('honest', states, {}, page, whole.fields.text.value);
  states = await check(page, { leaf: whole.ref });
  await expect('honest again', states, { verdict: 'ok', seen: 'ok' }, page, 'nothing of it was changed');
  if (later) await expect('a later version', await check(page, { leaf: later.ref }), { verdict: 'ok', review: 'later' }, page, 'the log does not prove');
  else faults.push('the wall shows no review in a later version');
  if (masked) await expect('masked', await check(page, { leaf: masked.ref }), { verdict: 'ok', review: 'masked' }, page, 'hidden parts');
  await expect('not shown', await check(page, { leaf: 999999 }), { verdict: 'unable', review: 'absent' }, page, 'is not in the wall’s list');
  const key = readFileSync(path.join(log, 'vkey'), 'utf8').trim();
  await expect('with a key', await check(page, { leaf: whole.ref, key }), { verdict: 'ok', signature: 'ok' }, page);
  const extra = Buffer.from(JSON.stringify(items.items.find((item) => item.version === index)?.fields ?? {})).toString('base64');
  const opened = receipt.replace(/^index/m, `extra ${extra}\nindex`);
  await expect('a receipt with its fields', await check(page, { file: opened }), { receipt: 'ok' }, page, `entry ${index} is still in the log`);
  const lied = Buffer.from(Buffer.from(extra, 'base64').toString().replace(/"value":"/, '"value":"x')).toString('base64');
  const earlier = receipt.replace(/(— \S+ )\S+/, (all, start) => start + Buffer.alloc(68, 7).toString('base64'));
  await expect('a receipt that an earlier key signed', await check(page, { file: earlier }), { receipt: 'ok' }, page, 'is still in the log');
  await expect('a receipt with another text', await check(page, { file: opened.replace(extra, lied) }), { receipt: 'bad', verdict: 'bad' }, page);
  await expect('a receipt that is none', await check(page, { file: 'c2sp.org/tlog-proof@v1\n' }), { receipt: 'bad', verdict: 'bad' }, page, 'This file is no receipt');
  await expect('a receipt with another root', await check(page, { file: receipt.replace(/(\n\n.*\n\d+\n)./, (all, start) => start + (all.endsWith('A') ? 'B' : 'A')) }), { receipt: 'bad', verdict: 'bad' }, page);
  // The same reader, shown another history under the same key.
  wall.folder = other;
  states = await check(page, { file: receipt });
  await expect('another tree', states, { verdict: 'bad', signature: 'ok', seen: 'bad', receipt: 'gone' }, page, 'entries were changed or taken away');
  wall.folder = log;
}

const spoilt = [
  ['an entry', flipped(new RegExp(`^tile/entries/${digit(whole.version)}`), entryAt(whole.version)), { verdict: 'bad', review: 'bad' }, 'is not in the signed log'],
  ['a tile', flipped(new RegExp(`^tile/0/${digit(whole.version)}`), () => 32 * ((whole.version % 256) ^ 1) + 3), { verdict: 'bad', review: 'bad' }, 'Something does not agree'],
  ['a tile cut short', (name, bytes) => (/^tile\/0\/000/.test(name) ? bytes.subarray(0, 64) : bytes), { verdict: 'bad', review: 'bad' }, 'is not in the signed log'],
  ['the upper tile', flipped(/^tile\/1\/000/, () => 3), { verdict: 'bad', seen: 'bad' }, 'do not lead to the signed summary'],
  ['a text', changedItem((item) => { item.fields.text.value += '!'; }), { verdict: 'bad', review: 'changed' }, 'is not shown as it was received'],
  ['an author', changedItem((item) => { item.fields.author.value = 'client-0'; }), { verdict: 'bad', review: 'changed' }, 'is not shown as it was received'],
  ['a rating', changedItem((item) => { item.rating = (item.rating % 5) + 1; }), { verdict: 'bad', review: 'changed' }, 'is not shown as it was received'],
  ['a date of receipt', changedItem((item) => { item.received -= 86400; }), { verdict: 'bad', review: 'changed' }, 'is not shown as it was received'],
  ['fields of another review', changedItem((item, all) => { item.fields = all.items.find((one) => one.ref !== item.ref && one.status === 'published').fields; }), { verdict: 'bad', review: 'changed' }, 'is not shown'],
  ['the entry of another review', changedItem((item, all) => { Object.assign(item, { ...all.items.find((one) => one.ref !== item.ref && one.status === 'published'), ref: item.ref }); }), { verdict: 'bad', review: 'changed' }, 'is not shown'],
  ['the signature', changedSignature, { verdict: 'bad', signature: 'bad' }, 'The signature is not the log’s'],
  ['the size', changedSize, { verdict: 'bad', signature: 'bad', seen: 'bad' }, 'do not lead'],
  ['no checkpoint', (name, bytes) => { if (name === 'checkpoint') throw Error(); return bytes; }, { verdict: 'bad', read: 'bad' }, 'No readable log'],
  ['no items', (name, bytes) => { if (name === 'items.json') throw Error(); return bytes; }, { verdict: 'bad', review: 'bad' }, ''],
];
for (const [what, spoil, wanted, sentence] of spoilt) {
  wall.spoil = spoil;
  const page = await reader(browser);
  await expect(what, await check(page, { leaf: whole.ref }), wanted, page, sentence);
  await page.context().close();
}
wall.spoil = (name, bytes) => bytes;

// Witnesses: what those named signed, what is forged, and in words what could not be checked.
const cosigned = [
  ['no list', {}, { verdict: 'ok', witnesses: 'none' }, 'publishes no list of witnesses'],
  ['no list, a signature', { checkpoint: signedBy(checkpoint, one) }, { verdict: 'ok', witnesses: 'none' }, '1 stand on the log'],
  ['two of three', { witnesses: named, checkpoint: signedBy(checkpoint, one, three, stranger) }, { verdict: 'ok', witnesses: 'ok' }, '2 of the 3 witnesses that this wall names signed the log'],
  ['a stranger', { witnesses: named, checkpoint: signedBy(checkpoint, one, three, stranger) }, { witnesses: 'ok' }, 'Other signatures, not checked: 1'],
  ['one of three', { witnesses: named, checkpoint: signedBy(checkpoint, two) }, { verdict: 'unable', witnesses: 'few' }, 'too few by its own rule'],
  ['none of three', { witnesses: named }, { verdict: 'unable', witnesses: 'few' }, '0 of the 3 witnesses'],
  ['an earlier checkpoint', { witnesses: named, cosigned: signedBy(checkpoint, one, two) }, { verdict: 'ok', witnesses: 'ok' }, '(one, two; on'],
  ['a forged line', { witnesses: named, checkpoint: signedBy(checkpoint, two, three) + forgedLine }, { verdict: 'bad', witnesses: 'bad' }, 'a witness who did not make it'],
  ['a signature of another tree', { witnesses: named, checkpoint: checkpoint + one.line(otherCheckpoint) }, { verdict: 'bad', witnesses: 'bad' }, 'a witness who did not make it'],
  ['witnesses of another tree', { witnesses: named, cosigned: signedBy(otherCheckpoint, one, two) }, { verdict: 'bad', witnesses: 'bad' }, 'signed another log'],
  ['a list that is none', { witnesses: 'witness one nonsense\nquorum one\n' }, { verdict: 'bad', witnesses: 'bad' }, ''],
];
for (const [what, more, wanted, sentence] of cosigned) {
  wall.more = more;
  const page = await reader(browser);
  await expect(`witnesses, ${what}`, await check(page, {}), wanted, page, sentence);
  await page.context().close();
}
{
  wall.more = replyAsReview();
  const page = await reader(browser);
  await expect('a reply in place of a review', await check(page, { leaf: '0' }), { signature: 'ok', seen: 'first', verdict: 'bad', review: 'changed' }, page, 'is not shown as it was received');
  await page.context().close();
}
wall.more = {};

// A browser without Ed25519 says so, and shows no green.
{
  const page = await reader(browser, 'en', 1280, () => {
    const importKey = crypto.subtle.importKey.bind(crypto.subtle);
    crypto.subtle.importKey = (format, key, algorithm, ...rest) =>
      (algorithm === 'Ed25519' ? Promise.reject(new DOMException('', 'NotSupportedError')) : importKey(format, key, algorithm, ...rest));
  });
  const states = await check(page, { leaf: whole.ref });
  await expect('without Ed25519', states, { verdict: 'unable', signature: 'unable', seen: 'first', review: 'ok' }, page, 'not supported by this browser');
  if (await page.evaluate(() => localStorage.length)) faults.push('an unchecked checkpoint was remembered');
}

// What it looks like, and what axe thinks of it.
for (const language of ['fr', 'en']) {
  for (const width of [320, 768, 1280]) {
    const page = await reader(browser, language, width);
    await check(page, { leaf: whole.ref, file: receipt });
    await page.screenshot({ path: path.join(pictures, `verify-${language}-${width}.png`), fullPage: true });
    wall.spoil = changedItem((item) => { item.fields.text.value += '!'; });
    await check(page, { leaf: whole.ref });
    await page.screenshot({ path: path.join(pictures, `verify-spoilt-${language}-${width}.png`), fullPage: true });
    wall.spoil = (name, bytes) => bytes;
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    if (wide) faults.push(`${language} ${width}: scrolls sideways`);
    await page.evaluate(() => document.querySelector('meta[http-equiv]')?.remove());
    const client = await page.context().newCDPSession(page);
    await client.send('Runtime.evaluate', { expression: axeSource });
    const { result } = await client.send('Runtime.evaluate', { expression: 'axe.run().then((found) => JSON.stringify(found.violations.map((v) => v.id + ": " + v.nodes[0].html)))', awaitPromise: true });
    for (const violation of JSON.parse(result.value)) faults.push(`axe ${language} ${width}: ${violation}`);
    await page.context().close();
  }
}

await browser.close();
server.close();
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
console.log(`the verifier told ${spoilt.length} spoilt walls from an honest one`);
