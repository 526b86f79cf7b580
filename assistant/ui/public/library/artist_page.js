// An artist: own albums, those of others it plays on, all tracks.
import { el } from '../player/dom.js';
import { counted } from '../panel/parts.js';
import { ask } from '../panel/server.js';
import { createActions } from './actions.js';
import { loading, pageHead } from './album_page.js';
import { albumCard, shelf } from './cards.js';
import { createTrackTable, FIRST } from './track_table.js';

const PLAYED = 200;
const AT_MOST = 2000; // tracks of a playlist made of a list

// The actions of a page for the tracks of a query, of which there are `total`: the table loads some, the
// rest is asked for by its ids. All are liked at once only where they are all loaded, so that it shows.
export function createListActions(home, { table, total, likes = true, ...options }) {
  const { rows } = table;
  const actions = createActions(home, {
    ...options,
    likes: likes && total <= FIRST,
    async tracks() {
      if (rows.loaded.length < Math.min(PLAYED, rows.total)) await rows.show(PLAYED);
      return rows.loaded.slice(0, AT_MOST);
    },
    rest: () => rows.rest(AT_MOST - rows.loaded.length),
  });
  const mark = () => actions.mark(rows.complete ? rows.loaded : []);
  table.parts.push(mark);
  home.tables.likes.listeners.add(mark);
  mark();
  return { node: actions.node, end: () => home.tables.likes.listeners.delete(mark) };
}

export function createArtistPage(home, id) {
  const { texts } = home;
  return loading(texts, async () => {
    const artist = await ask(`/api/browse/artists/${encodeURIComponent(id)}`);
    const tracks = artist.tracks ? createTrackTable(home, { name: artist.name, id: `artist-${artist.id}`, query: { artists: [artist.full_name.slice(0, 200)], sort: 'year', descending: true } }) : null;
    const facts = [artist.albums ? counted(texts, 'albums', artist.albums) : null, counted(texts, 'tracks', artist.tracks)].filter(Boolean).join(' · ');
    const actions = tracks ? createListActions(home, { name: artist.name, id: `artist-${artist.id}`, table: tracks.table, total: artist.tracks }) : null;
    const cards = (albums) => albums.map((album) => albumCard(home, album));
    const nodes = [pageHead({ entry: artist, kind: texts.artist, title: artist.name, lines: [el('p', { class: 'bbl-dim' }, facts)], actions: actions?.node ?? null, round: true })];
    if (artist.own.length) nodes.push(shelf(texts.section_albums, cards(artist.own)));
    if (artist.guest.length) nodes.push(shelf(texts.appears_on, cards(artist.guest)));
    if (tracks) nodes.push(el('section', { class: 'bbl-part' }, el('h2', {}, texts.all_tracks), tracks.node));
    return { nodes, end() { actions?.end(); tracks?.end(); } };
  });
}
