// Keeps what was typed if the network drops, and makes the secret that withdraws a review in its author's browser alone. Sends
// nothing by itself: an answer leaves with its author's own press of the button.
const page = location.pathname;
const read = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
const write = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private windows keep nothing */ } };
const drop = (key) => { try { localStorage.removeItem(key); } catch { /* the same */ } };
const base64url = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

const KEPT = ['text', 'author', 'when'];
const form = document.querySelector('form[data-keep]');
if (form) {
  const key = `survey:${page}`;
  const kept = JSON.parse(read(key) ?? '{}');
  for (const name of KEPT) {
    const field = form.elements[name];
    if (field && !field.value && kept[name]) field.value = kept[name];
  }
  form.addEventListener('input', () => {
    for (const name of KEPT) if (form.elements[name]) kept[name] = form.elements[name].value;
    write(key, JSON.stringify(kept));
  });
  form.addEventListener('submit', (event) => {
    if (navigator.onLine || !form.dataset.last) return;
    event.preventDefault();
    const said = form.querySelector('.offline');
    said.textContent = form.dataset.last;
    said.hidden = false;
  });
}

const lock = form?.elements.lock;
if (lock && crypto.subtle) {
  const key = `secret:${page}`;
  const secret = read(key) ?? base64url(crypto.getRandomValues(new Uint8Array(32)));
  write(key, secret);
  const bytes = Uint8Array.from(atob(secret.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  // Only a secret that this browser still holds may lock: nobody could withdraw otherwise.
  if (read(key) === secret) crypto.subtle.digest('SHA-256', bytes).then((hash) => { lock.value = base64url(hash); });
}

const shown = document.querySelector('[data-secret]');
if (shown) {
  const secret = read(`secret:${page}`);
  if (secret) {
    shown.querySelector('code').textContent = secret;
    shown.hidden = false;
  }
  drop(`survey:${page}`);
}
