// Tells the page around this frame how tall it is, and nothing else.
const tell = () => parent.postMessage({ vigieHeight: document.documentElement.scrollHeight }, '*');
addEventListener('load', tell);
addEventListener('resize', tell);
