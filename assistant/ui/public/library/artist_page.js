// An artist: own albums, those of others it plays on, all tracks.
import { el } from '../player/dom.js';
import { counted } from '../panel/parts.js';
import { ask } from '../panel/server.js';
import { createActions } from './actions.js';
import { loading, pageHead } from './album_page.js';
import { albumCard, shelf } from './cards.js';
import { createTrackTable } from './track_table.js';

const PLAYED = 200;

// The tracks of a query for the actions of a page: those that are loaded, and some more.
export function tracksOf(table) {
  return async () => {
    if (table.rows.loaded.length < Math.min(PLAYED, table.rows.total)) await table.rows.show(PLAYED);
    return table.rows.loaded;
  };
}

export function createArtistPage(home, id) {
  const { texts } = home;
  return loading(texts, async () => {
    const artist = await ask(`/api/browse/artists/${encodeURIComponent(id)}`);
    const tracks = artist.tracks ? createTrackTable(home, { name: artist.name, id: `artist-${artist.id}`, query: { artists: [artist.full_name.slice(0, 200)], sort: 'year', descending: true } }) : null;
    const facts = [artist.albums ? counted(texts, 'albums', artist.albums) : null, counted(texts, 'tracks', artist.tracks)].filter(Boolean).join(' · ');
    const actions = tracks ? createActions(home, { name: artist.name, id: `artist-${artist.id}`, tracks: tracksOf(tracks.table) }).node : null;
    const cards = (albums) => albums.map((album) => albumCard(home, album));
    const nodes = [pageHead({ entry: artist, kind: texts.artist, title: artist.name, lines: [el('p', { class: 'bbl-dim' }, facts)], actions, round: true })];
    if (artist.own.length) nodes.push(shelf(texts.section_albums, cards(artist.own)));
    if (artist.guest.length) nodes.push(shelf(texts.appears_on, cards(artist.guest)));
    if (tracks) nodes.push(el('section', { class: 'bbl-part' }, el('h2', {}, texts.all_tracks), tracks.node));
    return { nodes, end: () => tracks?.end() };
  });
}
