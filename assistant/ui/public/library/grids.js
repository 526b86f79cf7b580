// All albums and all artists, each as a grid with letters to jump to.
import { el } from '../player/dom.js';
import { counted } from '../panel/parts.js';
import { ask } from '../panel/server.js';
import { albumCard, artistCard } from './cards.js';
import { createGrid } from './virtual_grid.js';

const ORDER = 'backbeat-albums'; // in the browser: the order of the albums
const ORDERS = ['artist', 'title', 'year', 'added'];

function createLetters(texts, jump) {
  const node = el('nav', { class: 'bbl-letters', 'aria-label': texts.letters, hidden: true });
  let places = [];
  return {
    node,
    show(found) {
      places = found;
      node.hidden = found.length < 4;
      node.replaceChildren(...found.map(({ letter, place }) => el('button', { type: 'button', 'aria-label': letter, onclick: () => jump(place) }, letter)));
    },
    mark(at) {
      const on = places.findLastIndex((one) => one.place <= at);
      [...node.children].forEach((button, place) => {
        if (place === on) button.setAttribute('aria-current', 'true');
        else button.removeAttribute('aria-current');
      });
    },
  };
}

function createView({ texts, say }, { title, count, address, cell, tools, empty }) {
  const letters = createLetters(texts, (place) => grid.scrollTo(place));
  const number = el('span', { class: 'bbl-dim' });
  const error = el('p', { class: 'bb-error', role: 'alert', hidden: true }, texts.failed);
  const none = el('div', { class: 'bbl-none', hidden: true }, el('p', {}, empty), el('p', {}, texts.none_help));
  const [path, query = ''] = address.split('?');
  const grid = createGrid({
    label: title,
    load: (offset, limit) => ask(`${path}?${query}${query && '&'}offset=${offset}&limit=${limit}`),
    cell,
    failed: () => { error.hidden = false; say(texts.failed); },
    moved: (at) => letters.mark(at),
  });
  grid.loaded = (total) => {
    error.hidden = true;
    number.textContent = counted(texts, count, total);
    none.hidden = total > 0;
  };
  grid.begin();
  ask(`${path}/letters?${query}`).then((found) => letters.show(found)).catch(() => {});
  const node = el('div', { class: 'bbl-page' }, el('div', { class: 'bbl-heading' }, el('h2', {}, title), number, tools), error, none, grid.node);
  return { node, side: letters.node, shown: grid.shown, end: grid.end };
}

export function createArtists(home) {
  const { texts } = home;
  return createView(home, { title: texts.section_artists, count: 'artists', address: '/api/browse/artists', cell: (one) => artistCard(home, one), empty: texts.no_artists });
}

export function createAlbums(home) {
  const { texts } = home;
  const order = ORDERS.includes(localStorage.getItem(ORDER)) ? localStorage.getItem(ORDER) : ORDERS[0];
  const choice = el('select', { class: 'bb-select', onchange: () => {
    localStorage.setItem(ORDER, choice.value);
    home.open('albums');
  } }, ...ORDERS.map((name) => el('option', { value: name, selected: name === order }, texts[`order_${name}`])));
  const tools = el('label', { class: 'bbl-tools bbl-dim' }, texts.order, choice);
  return createView(home, { title: texts.section_albums, count: 'albums', address: `/api/browse/albums?order=${order}`, cell: (one) => albumCard(home, one), tools, empty: texts.no_albums });
}
