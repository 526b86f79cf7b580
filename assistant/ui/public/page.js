// What Chainlit's page leaves out: the conversation in the address, its export, the theme of the
// system, an Enter while the page connects.
(() => {
  const BASE = '/chat';
  const THEME = 'vite-ui-theme';
  const system = matchMedia('(prefers-color-scheme: dark)');

  // The theme follows the system until the person chooses one.
  if (!localStorage.getItem(THEME)) localStorage.setItem(THEME, 'system');
  function applyTheme() {
    const chosen = localStorage.getItem(THEME);
    const theme = chosen === 'system' ? (system.matches ? 'dark' : 'light') : chosen;
    document.documentElement.classList.remove('light', 'dark');
    document.documentElement.classList.add(theme);
    Object.entries((window.theme || {})[theme] || {}).forEach(([name, value]) => document.documentElement.style.setProperty(name, value));
  }
  applyTheme(); // what is seen first has its colours
  system.addEventListener('change', () => { if (localStorage.getItem(THEME) === 'system') applyTheme(); });

  // Reading the page's script takes a second on a small machine: it begins once something is seen.
  const FIRST_PAINT_AT_MOST_MS = 300; // a page in the background is not painted
  let begun = false;
  function begin() {
    if (begun) return;
    begun = true;
    const script = document.createElement('script');
    Object.assign(script, { type: 'module', crossOrigin: '', src: document.getElementById('page-script').href });
    document.head.append(script);
  }
  addEventListener('DOMContentLoaded', () => {
    requestAnimationFrame(() => setTimeout(begin));
    setTimeout(begin, FIRST_PAINT_AT_MOST_MS);
  });

  // The page connects twice, at last for the conversation of its address; the later socket takes the
  // place of the earlier one, so that the replies which they wait for must come in their order.
  const { fetch } = window;
  let cookie = Promise.resolve();
  window.fetch = (input, init) => {
    const address = typeof input === 'string' ? input : input.url || String(input);
    if (!address.endsWith('/set-session-cookie')) return fetch(input, init);
    cookie = cookie.catch(() => {}).then(() => fetch(input, init));
    return cookie;
  };

  // A reload opens the address: it names the conversation from its first answer on.
  addEventListener('message', (event) => {
    const told = event.data;
    if (event.source !== window || !told || told.backbeat !== 'conversation') return;
    event.stopImmediatePropagation(); // else Chainlit's page sends it back to the server
    const address = `${BASE}/thread/${told.id}`;
    if (location.pathname === `${BASE}/` || location.pathname === BASE) history.replaceState(history.state, '', address + location.hash);
  });

  // A tooltip above the menu takes the first Escape.
  function close(menu, tries = 5) {
    if (!tries || !menu.isConnected || menu.dataset.state !== 'open') return;
    menu.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));
    setTimeout(() => close(menu, tries - 1), 50);
  }

  // The menu of a conversation also exports it, to read and as data.
  let texts;
  async function addExports(menu) {
    const entry = document.querySelector('#thread-options[data-state="open"]')?.closest('[id^="thread-"]:not(#thread-options)');
    if (!entry || menu.querySelector('#export-thread-md')) return;
    const links = ['md', 'json'].map((kind) => {
      const link = menu.querySelector('#rename-thread').cloneNode(false);
      link.id = `export-thread-${kind}`;
      menu.querySelector('#delete-thread').before(link);
      link.addEventListener('click', () => {
        const file = document.createElement('a');
        file.href = `/api/conversations/${entry.id.slice('thread-'.length)}/export.${kind}`;
        file.download = '';
        file.click();
        close(menu);
      });
      link.addEventListener('pointermove', () => link.focus());
      link.addEventListener('keydown', (event) => { if (event.key === 'Enter') link.click(); });
      return [kind, link];
    });
    texts ??= fetch(`/api/conversations/texts?lang=${encodeURIComponent(navigator.language)}`).then((reply) => reply.json());
    const names = await texts;
    links.forEach(([kind, link]) => { link.textContent = names[kind]; });
  }

  // An Enter while the page connects is sent once it can be; what is typed after it takes it back.
  let waiting = false;
  const connecting = () => !document.querySelector('#stop-button') && document.querySelector('#chat-submit')?.disabled;
  addEventListener('keydown', (event) => {
    if (event.target.id !== 'chat-input') return;
    if (event.key !== 'Enter') waiting = false;
    else if (!event.shiftKey && !event.isComposing && connecting() && event.target.value.trim()) {
      waiting = true;
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);

  // After a logout the server shows its own login page.
  const login = `${BASE}/login`;
  let inside = location.pathname !== login;

  new MutationObserver(() => {
    if (inside && location.pathname === login) {
      inside = false;
      location.reload();
    }
    const menu = document.querySelector('#rename-thread')?.parentElement;
    if (menu) addExports(menu);
    const submit = waiting && document.querySelector('#chat-submit');
    if (submit && !submit.disabled) {
      waiting = false;
      submit.click();
    }
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['disabled'] });
})();
