// The secret that withdraws a review is made here and stays here: only its SHA-256 is sent, in the field "lock".
// Kept under that hash, so that the author's page finds it again and fills it in.
(async () => {
  const base64url = (bytes) =>
    btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const keep = (store, lock, secret) => {
    try { store().setItem("vigie:" + lock, secret); return true; } catch { return false; }
  };
  const find = (store, lock) => {
    try { return store().getItem("vigie:" + lock); } catch { return null; }
  };
  const session = () => sessionStorage, lasting = () => localStorage;

  for (const field of document.querySelectorAll("input[name=lock]")) {
    if (!globalThis.crypto?.subtle) break;  // not over https: the server makes one and shows it once
    const secret = crypto.getRandomValues(new Uint8Array(32));
    const lock = base64url(await crypto.subtle.digest("SHA-256", secret));
    if (keep(session, lock, base64url(secret))) field.value = lock;
  }

  for (const place of document.querySelectorAll("[data-lock]")) {
    const lock = place.dataset.lock;
    const secret = find(session, lock) ?? find(lasting, lock);
    if (!secret) continue;
    keep(lasting, lock, secret);
    for (const field of document.querySelectorAll("input[name=secret]")) field.value = secret;
    for (const shown of document.querySelectorAll("[data-secret]")) {
      shown.querySelector(".secret").textContent = secret;
      shown.hidden = false;
    }
  }
})();
