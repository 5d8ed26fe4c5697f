// <vigie-wall brand="acme" lang="fr"> shows a wall inside another site. It reads, and does nothing else: no cookie, no
// identifier, no script and no style from what it fetches. docs/embed.md says how to place it.
const home = new URL('.', import.meta.url);
const kTags = ['SECTION', 'ARTICLE', 'H2', 'H3', 'P', 'UL', 'LI', 'A', 'SPAN', 'BDI', 'DATA', 'TIME', 'STRONG', 'B'];
const kAttributes = ['class', 'href', 'lang', 'dir', 'role', 'aria-label', 'aria-hidden', 'datetime', 'value'];
const kLargest = 64 * 1024;

const style = new CSSStyleSheet();
style.replaceSync(`
:host { display: block; box-sizing: border-box; overflow: auto; border: 1px solid #8b979e; border-radius: 10px; background: #fff; color: #1d2429;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; text-align: start; }
:host(:focus-visible), a:focus-visible { outline: 3px solid #1f4e6b; outline-offset: 2px; }
section { padding: 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 0 0 .25rem; } h3 { font-size: 1rem; margin: 0; } p { margin: .35rem 0; }
ul { list-style: none; margin: .35rem 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0 .9rem; }
a { color: #1f4e6b; text-underline-offset: .15em; } .go a { display: inline-flex; align-items: center; min-height: 44px; margin-inline-end: 1rem; }
.mean data { font-size: 1.9rem; font-weight: 650; } .stars { color: #a35b00; } .quiet, .facts { color: #55616a; font-size: .875rem; }
article { border-top: 1px solid #dcdfe0; padding: .7rem 0 .4rem; } .text { white-space: pre-line; }`);

// A copy made of nothing but what is named above.
const copy = (from, to) => {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) to.append(node.data);
    if (!kTags.includes(node.nodeName)) continue;
    const made = document.createElement(node.nodeName);
    for (const { name, value } of node.attributes) {
      if (!kAttributes.includes(name) || (name === 'href' && !/^https?:$/.test(new URL(value, home).protocol))) continue;
      made.setAttribute(name, name === 'href' ? new URL(value, home) : value);
    }
    if (made.nodeName === 'A') Object.assign(made, { target: '_blank', rel: 'noopener' });
    copy(node, made);
    to.append(made);
  }
};

// Sites that ask for Trusted Types allow the policy "vigie": what it lets through is only ever read, by copy().
const trusted = globalThis.trustedTypes?.createPolicy('vigie', { createHTML: (html) => html }) ?? { createHTML: (html) => html };

customElements.define('vigie-wall', class extends HTMLElement {
  async connectedCallback() {
    if (this.shadowRoot) return;
    const { lang = '', brand = '', src = `wall/${encodeURIComponent(brand)}/embed?fragment=1&lang=${encodeURIComponent(lang || document.documentElement.lang)}` } =
      Object.fromEntries([...this.attributes].map(({ name, value }) => [name, value]));
    try {
      const address = new URL(src, home);
      if (address.origin !== home.origin) throw Error(`${address} is not of ${home.origin}`);
      const reply = await fetch(address, { credentials: 'omit', referrerPolicy: 'no-referrer' });
      const html = await reply.text();
      if (!reply.ok || html.length > kLargest) throw Error(`${address}: ${reply.status}`);
      const section = new DOMParser().parseFromString(trusted.createHTML(html), 'text/html').querySelector('section.vigie');
      const root = this.attachShadow({ mode: 'open' });
      root.adoptedStyleSheets = [style];
      copy({ childNodes: [section] }, root);
      // The box keeps the height its site gave it, and scrolls: a keyboard must reach it.
      this.tabIndex = 0;
      this.setAttribute('role', 'region');
      this.setAttribute('aria-label', section.getAttribute('aria-label'));
    } catch (error) {
      console.warn('vigie-wall: ' + error.message);  // what stands inside the element, a link, stays
    }
  }
});

// Frames tell their height; those below what is seen may take it, since nothing that is looked at moves.
addEventListener('message', ({ source, origin, data }) => {
  for (const frame of document.querySelectorAll('iframe[data-vigie]')) {
    if (source !== frame.contentWindow || !['null', home.origin].includes(origin) || !frame.src.startsWith(home)) continue;
    const height = data?.vigieHeight;
    if (Number.isInteger(height) && height > 100 && height < 5000 && frame.getBoundingClientRect().top > innerHeight) frame.style.height = `${height}px`;
  }
});
