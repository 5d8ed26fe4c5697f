// Who of the witnesses that a wall names signed its log (c2sp.org/tlog-cosignature), by their keys in its file `witnesses`
// (c2sp.org/tlog-policy). verify.js asks, and lends its tools.
const bytesOf = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

// The time of a witness's line; 0: it is none of theirs; an error: it bears their name and number, and they did not sign it.
const signedAt = async (key, note) => {
  const [, name, id, rest] = /^(.+?)\+(.{8})\+(.+)$/.exec(key), bytes = bytesOf(rest);
  for (const [, who, line] of note.lines) {
    const signature = who === name ? bytesOf(line) : [];
    if (hex(signature.slice(0, 4)) !== id) continue;
    const at = parseInt(hex(signature.slice(4, 12)), 16);
    const publicKey = await crypto.subtle.importKey('raw', bytes.slice(1), 'Ed25519', false, ['verify']);
    const text = new TextEncoder().encode(`cosignature/v1\ntime ${at}\n${note.text}`);
    if (bytes[0] !== 4 || !(await crypto.subtle.verify('Ed25519', publicKey, signature.slice(12), text))) throw Error();
    return at;
  }
  return 0;
};

const cosigners = async (policy, note) => {
  const times = {}, met = new Set();
  let quorum = false;
  for (const [word, name, key, ...members] of policy) {
    if (word === 'witness' && (times[name] = await signedAt(key, note))) met.add(name);
    if (word === 'group' && members.filter((one) => met.has(one)).length >= (key === 'all' ? members.length : +key || 1)) met.add(name);
    if (word === 'quorum') quorum = name === 'none' || met.has(name);
  }
  const all = Object.keys(times), names = all.filter((name) => times[name]);
  return { quorum, names, all: all.length, at: Math.max(0, ...names.map((name) => times[name])) };
};

globalThis.witnessed = async ({ load, parse, signed, continues, head }) => {
  const read = (name) => load(name).then((bytes) => new TextDecoder().decode(bytes), () => '');
  const policy = (await read('witnesses')).split('\n').map((line) => line.trim().split(/\s+/));
  const keys = policy.filter(([word]) => word === 'witness').map(([, , key]) => key.split('+')[0]);
  const strangers = new Set(head.lines.map(([, who]) => who).filter((who) => who && who !== head.origin && !keys.includes(who))).size;
  if (!keys.length) return ['none', { strangers }];
  let note = head, found = await cosigners(policy, head);
  const before = found.quorum ? '' : await read('cosigned');
  if (before) {
    const old = parse(before), then = await cosigners(policy, old);
    if (!(await signed(old)) || !(await continues(old))) return ['bad'];
    if (then.quorum) [note, found] = [old, then];
  }
  const at = found.at && new Date(found.at * 1000).toLocaleDateString(document.documentElement.lang, { dateStyle: 'long', timeZone: 'UTC' });
  const words = { count: found.names.length, all: found.all, names: found.names.join(', ') || '–', size: note.size, at: at || '–', strangers };
  return [found.quorum ? 'ok' : 'few', words];
};
