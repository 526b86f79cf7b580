// The frame of the library: its sections, its search field, the place for what is shown.
import { addIcons, button, el, icon } from '../player/dom.js';
import { ask } from '../panel/server.js';
import { library } from './address.js';

addIcons({
  library: ['M5 4v16M9.5 4v16M13.5 5l4.5 15M13.5 5l2.6-.8L20.5 19l-2.5 1'],
  genre: ['M4 12.5V4h8.5L20 11.5 11.5 20zM8 8h.1'],
  recent: ['M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M12 7.5V12l3 2'],
  warning: ['M12 4L2.8 19.5h18.4zM12 10v4.5M12 17v.2'],
  search: ['M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.5 15.5L20 20'],
  listadd: ['M4 6h16M4 11h16M4 16h7M17.5 14v6M14.5 17h6'],
});

export const SECTIONS = [
  ['albums', 'album'], ['artists', 'artist'], ['genres', 'genre'], ['folders', 'folder'], ['recent', 'recent'], ['liked', 'heart'], ['failed', 'warning'],
];
const WITHIN = { album: 'albums', artist: 'artists', genre: 'genres' }; // the section of a single one
const TYPED_MS = 180; // a pause in typing

export function createFrame({ texts }, { search, leave }) {
  const number = (value) => value.toLocaleString(texts.language);
  const counts = {};
  const links = SECTIONS.map(([kind, picture]) => {
    counts[kind] = el('span', { class: 'bbl-count' });
    return el('a', { class: 'bbl-section', href: library(kind), 'data-kind': kind }, icon(picture), el('span', {}, texts[`section_${kind}`]), counts[kind]);
  });
  const nav = el('nav', { class: 'bbl-nav', 'aria-label': texts.sections }, ...links);
  let timer = 0;
  const field = el('input', {
    type: 'search', class: 'bbl-field', placeholder: texts.search, 'aria-label': texts.search, autocomplete: 'off', spellcheck: 'false', enterkeyhint: 'search',
    oninput: () => { clearTimeout(timer); timer = setTimeout(() => search(field.value.trim()), TYPED_MS); },
    onkeydown: (event) => {
      if (event.key === 'Enter') { clearTimeout(timer); search(field.value.trim()); }
      if (event.key === 'ArrowDown') { event.preventDefault(); scroller.querySelector('a, button')?.focus(); }
    },
  });
  const back = button('back', texts.back, () => history.back());
  // a link: those to parts of a page that stand before any other are taken for ways to skip to them
  const close = el('a', { class: 'bbp-button', href: '/', 'aria-label': texts.close, title: texts.close, onclick: (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    leave();
  } }, icon('close'));
  const top = el('div', { class: 'bbl-top' }, back, el('div', { class: 'bbl-search', role: 'search' }, icon('search'), field), close);
  const scroller = el('div', { class: 'bbl-scroll' });
  const side = el('div', { class: 'bbl-side' }); // beside what scrolls: letters
  const live = el('div', { class: 'bbp-hidden', role: 'status', 'aria-live': 'polite' });
  const node = el('main', { class: 'bbl', id: 'bbl', 'aria-label': texts.title, hidden: true, onkeydown: (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    if (event.target === field && field.value) {
      field.value = '';
      search('');
    } else leave();
  } }, top, nav, el('div', { class: 'bbl-body' }, scroller, side), live);

  async function count() {
    const found = await ask('/api/browse/overview').catch(() => null);
    if (!found) return;
    ['albums', 'artists', 'liked', 'failed'].forEach((kind) => { counts[kind].textContent = found[kind] ? number(found[kind]) : ''; });
    counts.failed.classList.toggle('warn', found.failed > 0);
  }

  return {
    node,
    scroller,
    say: (text) => { live.textContent = text; },
    show(view, { kind, value }) {
      if (node.hidden || kind === 'failed' || kind === 'liked') count();
      node.hidden = false;
      scroller.replaceChildren(view.node);
      side.replaceChildren(...(view.side ? [view.side] : []));
      const section = WITHIN[kind] || kind;
      links.forEach((link) => {
        if (link.dataset.kind === section) link.setAttribute('aria-current', 'page');
        else link.removeAttribute('aria-current');
      });
      nav.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      if (kind !== 'search') field.value = '';
      else if (document.activeElement !== field) field.value = value;
    },
    hide() {
      node.hidden = true;
      scroller.replaceChildren();
    },
    // What is new has the focus, so that a screen reader begins there.
    focus(view) {
      const wanted = view.node.querySelector('h2') || view.node; // what is still being read keeps its place
      if (nav.contains(document.activeElement)) return;
      wanted.tabIndex = -1;
      wanted.focus({ preventScroll: true });
    },
    focusFirst: () => (nav.querySelector('[aria-current]') || field).focus({ preventScroll: true }),
  };
}
