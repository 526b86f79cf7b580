// Theme and switches of the player as the person chose them last, on whichever machine. The server
// keeps them (/api/preferences); this browser's own storage makes the page start with them.
const ADDRESS = '/api/preferences';
const THEME = 'vite-ui-theme';
const root = document.documentElement;
const system = matchMedia('(prefers-color-scheme: dark)');

const chosenTheme = () => localStorage.getItem(THEME) || 'system';

function showTheme(theme) {
  localStorage.setItem(THEME, theme);
  const shown = theme === 'system' ? (system.matches ? 'dark' : 'light') : theme;
  root.classList.remove('light', 'dark');
  root.classList.add(shown);
  Object.entries((window.theme || {})[shown] || {}).forEach(([name, value]) => root.style.setProperty(name, value));
}

async function exchange(changes) {
  const sent = changes && { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(changes) };
  const reply = await fetch(ADDRESS, sent).catch(() => null);
  return reply && reply.ok ? reply.json() : null;
}

export async function keepPreferences(player) {
  let known = await exchange();
  if (!known) return;

  let last;
  const here = () => ({ theme: chosenTheme(), crossfade: player.crossfade.on, radio: player.radio });
  // What nobody chose yet (null) stays as it is in this browser.
  const apply = (values) => {
    known = { ...known, ...values };
    if (known.theme && known.theme !== chosenTheme()) showTheme(known.theme);
    if ((known.crossfade ?? player.crossfade.on) !== player.crossfade.on) player.setCrossfade(known.crossfade);
    if ((known.radio ?? player.radio) !== player.radio) player.setRadio(known.radio);
    last = here();
  };
  // What was changed on the page itself: the settings panel shows it too.
  const keep = async () => {
    const now = here();
    const changes = Object.fromEntries(Object.entries(now).filter(([name, value]) => last[name] !== value));
    if (!Object.keys(changes).length) return;
    last = now;
    known = { ...known, ...changes };
    if (await exchange(changes)) window.postMessage({ backbeat: 'preferences_changed' }, location.origin);
  };

  apply(known);
  player.listeners.add(keep);
  new MutationObserver(keep).observe(root, { attributes: true, attributeFilter: ['class'] });
  addEventListener('message', (event) => {
    const told = event.data;
    if (event.source === window && told && told.backbeat === 'preferences') apply(told.values);
  });
}
