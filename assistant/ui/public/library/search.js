// What the names of the library hold of a text that is typed.
import { el, fill } from '../player/dom.js';
import { ask } from '../panel/server.js';
import { loading } from './album_page.js';
import { albumCard, artistCard, shelf } from './cards.js';
import { createTrackTable } from './track_table.js';

export function createSearch(home, text) {
  const { texts, say } = home;
  return loading(texts, async () => {
    const found = await ask(`/api/browse/search?q=${encodeURIComponent(text.slice(0, 200))}`);
    const nodes = [el('h2', { class: 'bbp-hidden' }, fill(texts.found_for, { text }))];
    if (found.artists.length) nodes.push(shelf(texts.section_artists, found.artists.map((one) => artistCard(home, one)), { row: true }));
    if (found.albums.length) nodes.push(shelf(texts.section_albums, found.albums.map((one) => albumCard(home, one)), { row: true }));
    const table = found.tracks.length ? createTrackTable(home, { name: texts.tracks, tracks: found.tracks }) : null;
    if (table) nodes.push(el('section', { class: 'bbl-part' }, el('h2', {}, texts.tracks), table.node));
    if (nodes.length === 1) nodes.push(el('p', { class: 'bbl-none' }, fill(texts.nothing_found, { text })));
    say(fill(texts.found, { artists: found.artists.length, albums: found.albums.length, tracks: found.tracks.length }));
    return { nodes, end: () => table?.end() };
  });
}
