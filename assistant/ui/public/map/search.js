// The search field of the map: what is found stays bright, the rest stands back.
import { button, el, icon } from '../player/dom.js';
import { counted } from '../panel/parts.js';
import { ask } from '../panel/server.js';

const WAIT_MS = 250;

// `on`: { found(ids or null) → how many are on the map, say(text) }
export function createSearch(texts, on) {
  const input = el('input', { type: 'search', class: 'bbm-search-input', 'aria-label': texts.search, placeholder: texts.search, maxlength: 200, autocomplete: 'off' });
  const note = el('span', { class: 'bbm-search-note' });
  const clearer = button('close', texts.search_clear, () => { clear(); input.focus(); });
  const node = el('form', { class: 'bbm-search', role: 'search', onsubmit: (event) => { event.preventDefault(); look(); } }, icon('search'), input, note, clearer);
  clearer.hidden = true;
  let timer = 0;
  let asked = '';

  async function look() {
    clearTimeout(timer);
    const words = input.value.trim();
    clearer.hidden = !words;
    if (words === asked) return;
    asked = words;
    if (!words) {
      note.textContent = '';
      on.found(null);
      return;
    }
    const reply = await ask(`/api/map/found?q=${encodeURIComponent(words)}`).catch(() => null);
    if (!reply || words !== asked) return;
    const count = on.found(reply.tracks);
    const text = count ? counted(texts, 'found', count) : texts.found_none;
    note.textContent = count ? count.toLocaleString(texts.language) : '0';
    note.title = text;
    on.say(text);
  }

  function clear() {
    input.value = '';
    clearTimeout(timer);
    look();
  }

  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(look, WAIT_MS);
  });
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !input.value) return;
    event.preventDefault();
    clear();
  });
  return { node, clear };
}
