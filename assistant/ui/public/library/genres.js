// The genres as tiles, and the tracks of one.
import { cover, el } from '../player/dom.js';
import { counted } from '../panel/parts.js';
import { ask } from '../panel/server.js';
import { library } from './address.js';
import { loading } from './album_page.js';
import { createListActions } from './artist_page.js';
import { createTrackTable } from './track_table.js';

function tile(texts, genre, at) {
  const hue = (at * 67 + 250) % 360;
  const pictures = genre.covers.slice(0, 3).map((url, place) => cover({ id: place, title: genre.label, cover_url: `${url}?size=96` }));
  const made = el('a', { class: 'bbl-tile', href: library('genre', genre.name) },
    el('span', { class: 'bbl-name' }, genre.label), el('span', { class: 'bbl-under' }, counted(texts, 'tracks', genre.tracks)), el('span', { class: 'bbl-fan', 'aria-hidden': 'true' }, ...pictures));
  made.style.background = `linear-gradient(135deg, hsl(${hue} 42% 34%), hsl(${(hue + 40) % 360} 46% 22%))`;
  return el('li', {}, made);
}

export function createGenres({ texts }) {
  return loading(texts, async () => {
    const genres = await ask('/api/browse/genres');
    const list = el('ul', { class: 'bbl-tiles', 'aria-label': texts.section_genres }, ...genres.map((genre, at) => tile(texts, genre, at)));
    return { nodes: [el('div', { class: 'bbl-heading' }, el('h2', {}, texts.section_genres), el('span', { class: 'bbl-dim' }, counted(texts, 'genres', genres.length))), genres.length ? list : el('p', { class: 'bbl-none' }, texts.no_genres)] };
  });
}

export function createGenre(home, name) {
  const { texts } = home;
  return loading(texts, async () => {
    const known = (await ask('/api/browse/genres')).find((one) => one.name === name);
    const label = known ? known.label : name;
    const table = createTrackTable(home, { name: label, id: `genre-${name}`, query: { genres: [name] } });
    const actions = createListActions(home, { name: label, id: `genre-${name}`, table: table.table, total: known ? known.tracks : Infinity, charts: false });
    const facts = known ? counted(texts, 'tracks', known.tracks) : '';
    return {
      nodes: [el('header', { class: 'bbl-head plain' }, el('div', { class: 'bbl-titles' }, el('p', { class: 'bbl-kind' }, texts.genre), el('h2', { class: 'bbl-title' }, label), el('p', { class: 'bbl-dim' }, facts), actions.node)), table.node],
      end() { actions.end(); table.end(); },
    };
  });
}
