// A wall's log, checked by its reader: docs/transparency-log.md
const { subtle } = crypto;
const one = (selector) => document.querySelector(selector);
const utf8 = (text) => new TextEncoder().encode(text);
const decode = (bytes) => new TextDecoder().decode(bytes);
const unbase64 = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
const same = (a, b) => a.join() === b.join();
const sha = async (...parts) => new Uint8Array(await subtle.digest('SHA-256', Uint8Array.from(parts.flatMap((part) => [...part]))));
const pair = async (...two) => sha([1], ...(await Promise.all(two)));
const must = (holds) => { if (!holds) throw Error(); };
const day = (seconds) => new Date(seconds * 1000).toLocaleDateString(document.documentElement.lang, { dateStyle: 'long', timeZone: 'UTC' });

let log, head, vkey, tiles;

const say = (step, state, words) => {
  one('#' + step).dataset.state = state;
  for (const word in words) for (const place of document.querySelectorAll(`#${step} .${word}`)) place.textContent = words[word];
};

const load = async (path) => {
  const reply = await fetch(log + path, { cache: 'no-cache', credentials: 'omit' });
  must(reply.ok);
  return new Uint8Array(await reply.arrayBuffer());
};

const parse = (note) => {
  const end = note.indexOf('\n\n') + 1, text = note.slice(0, end), [origin, size, root] = text.split('\n');
  must(/^[1-9]\d{0,14}$/.test(size));
  return { note, text, origin, size: +size, root: unbase64(root), lines: note.slice(end + 1).split('\n').map((line) => line.split(' ')) };
};

const signed = async ({ text, origin, lines }) => {
  const [, name, key] = /^(.+?)\+.{8}\+(.+)$/.exec(vkey.trim()), bytes = unbase64(key);
  must(name === origin && bytes[0] === 1);
  const publicKey = await subtle.importKey('raw', bytes.slice(1), 'Ed25519', false, ['verify']);
  for (const [, who, signature] of lines)
    if (who === name && (await subtle.verify('Ed25519', publicKey, unbase64(signature).slice(4), utf8(text)))) return true;
};

const tile = (level, index) => {
  const width = Math.min(256, Math.floor(head.size / 256 ** (+level || 0)) - index * 256);
  const path = `tile/${level}/` + `00${index}`.slice(-3 * Math.ceil(`${index}`.length / 3)).replace(/...(?=.)/g, 'x$&/');
  return (tiles[path] ??= width < 256 ? load(`${path}.p/${width}`).catch(() => load(path)) : load(path));
};

const entry = async (index) => {
  const bundle = await tile('entries', Math.floor(index / 256));
  const end = (at) => at + 2 + bundle[at] * 256 + bundle[at + 1];
  let at = 0;
  for (let left = index % 256; left; left -= 1) at = end(at);
  return bundle.slice(at + 2, end(at));
};

// The root of leaves lo to hi: from tiles, but where the `known` leaf or the cut lies within.
const tree = async (lo, hi, cut, leaf, known) => {
  if (lo === leaf && hi - lo === 1) return known;
  let level = 0;
  while (2 ** level < hi - lo) level += 1;
  if (2 ** level > hi - lo || (lo < cut && cut < hi) || (lo <= leaf && leaf < hi)) {
    const middle = lo + 2 ** (level - 1);
    return pair(tree(lo, middle, cut, leaf, known), tree(middle, hi, cut, leaf, known));
  }
  const inside = level % 8, first = lo / 2 ** (level - inside), hashes = await tile((level - inside) / 8, Math.floor(first / 256));
  const root = (at, width) => (width === 1 ? hashes.slice(at * 32, at * 32 + 32) : pair(root(at, width / 2), root(at + width / 2, width / 2)));
  return root(first % 256, 2 ** inside);
};
const continues = async ({ size, root }) => size <= head.size && same(await tree(0, size), root) && same(await tree(0, head.size, size), head.root);
const included = async (index, bytes) => index < head.size && same(await tree(0, head.size, 0, index, await sha([0], bytes)), head.root);

const opens = async (fields, committed) => {
  const digests = [];
  for (const name of ['text', 'author', 'when', 'place', 'order', 'media']) {
    const { key, value, digest } = fields[name];
    digests.push(digest ? unbase64(digest) : new Uint8Array(await subtle.sign('HMAC',
      await subtle.importKey('raw', unbase64(key), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']), utf8(`${name}\0${value}`))));
  }
  return same(await sha(utf8('vigie-c1'), ...digests), unbase64(committed));
};

const checks = {
  async read() {
    head = parse(decode(await load('checkpoint')));
    vkey = one('#key').value || decode(await load('vkey'));
    return ['ok', head];
  },
  async signature() {
    return [(await signed(head)) ? 'ok' : 'bad'];
  },
  async seen() {
    const place = 'vigie ' + head.origin, { note, at } = JSON.parse(localStorage.getItem(place) || '{}'), old = note ? parse(note) : head;
    const words = { at: day(at || 0), old: old.size };
    if (!(await continues(old))) return ['bad', words];
    if (one('#signature').dataset.state === 'ok') localStorage.setItem(place, JSON.stringify({ note: head.note, at: Date.now() / 1000 }));
    return [note ? 'ok' : 'first', words];
  },
  witnesses: () => witnessed({ load, parse, signed, continues, head }),
  async review() {
    const leaf = one('#leaf').value;
    if (!leaf) return [''];
    const item = JSON.parse(decode(await load('items.json'))).items.find(({ ref }) => ref === +leaf);
    if (!item) return ['absent', { leaf }];
    const { fields, version, rating } = item, words = { leaf, rating, received: day(item.received), published: day(item.published) };
    for (const name in fields) words[name] = fields[name].digest ? '▇▇▇' : fields[name].value;
    const bytes = await entry(version);
    if (!(await included(version, bytes))) return ['bad', words];
    const { c, h, r, t, ref = version } = JSON.parse(decode(bytes));
    const kind = { sub: h === item.received && 'ok', ver: 'later' }[t]; // not a reply
    if (!kind || r !== rating || ref !== +leaf || !(await opens(fields, c))) return ['changed', words];
    return [fields.text.digest || fields.author.digest || fields.when.digest ? 'masked' : kind, words];
  },
  async receipt() {
    const [file] = one('#file').files;
    if (!file) return [''];
    const [, extra, leaf, note] = /^c2sp.org\/tlog-proof@v1\n(?:extra (.*)\n)?index (\d+)\n[^]*?\n\n([^]*)/.exec(await file.text());
    const kept = parse(note), index = +leaf, bytes = await entry(index);
    const fits = index < kept.size && (await continues(kept)) && (await included(index, bytes));
    if (!fits) return [(await signed(kept)) ? 'gone' : 'bad', { index }];
    return [!extra || (await opens(JSON.parse(decode(unbase64(extra))), JSON.parse(decode(bytes)).c)) ? 'ok' : 'bad', { index }];
  },
};

const run = async () => {
  let worst = 'ok';
  head = 0;
  tiles = {};
  log = one('#wall').value.replace(/[?#].*/, '').replace(/\/*(\/log\/*)?$/, '/log/');
  for (const step in checks) say(step, '');
  say('verdict', 'wait');
  for (const step in checks) {
    const [state, words] = await checks[step]().catch((error) => [/NotSupp|Secur/.test(error.name) || !subtle ? 'unable' : 'bad']);
    say(step, state, words);
    if (/bad|gone|changed/.test(state)) worst = 'bad';
    else if (/unable|absent|few/.test(state) && worst === 'ok') worst = 'unable';
    if (!head) break;
  }
  say('verdict', worst);
};

for (const [name, id] of [['wall', '#wall'], ['review', '#leaf']]) one(id).value = new URLSearchParams(location.search + '&' + location.hash.slice(1)).get(name) || one(id).value;
one('form').onsubmit = (event) => {
  event.preventDefault();
  run();
};
if (one('#wall').value) run();
