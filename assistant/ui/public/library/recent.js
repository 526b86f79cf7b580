// What was added last, and what the person likes.
import { el } from '../player/dom.js';
import { counted } from '../panel/parts.js';
import { ask } from '../panel/server.js';
import { loading } from './album_page.js';
import { createListActions } from './artist_page.js';
import { albumCard, shelf } from './cards.js';
import { createTrackTable } from './track_table.js';

const ALBUMS = 24;

export function createRecent(home) {
  const { texts } = home;
  return loading(texts, async () => {
    const { entries } = await ask(`/api/browse/albums?order=added&limit=${ALBUMS}`);
    const table = createTrackTable(home, { name: texts.section_recent, id: 'library-recent', query: { sort: 'added' } });
    return {
      nodes: [el('div', { class: 'bbl-heading' }, el('h2', {}, texts.section_recent)),
        entries.length ? shelf(texts.section_albums, entries.map((album) => albumCard(home, album)), { row: true }) : null,
        el('section', { class: 'bbl-part' }, el('h2', {}, texts.tracks), table.node)].filter(Boolean),
      end: table.end,
    };
  });
}

export function createLiked(home) {
  const { texts } = home;
  return loading(texts, async () => {
    const { liked } = await ask('/api/browse/overview');
    const heading = el('div', { class: 'bbl-heading' }, el('h2', {}, texts.section_liked), liked ? el('span', { class: 'bbl-dim' }, counted(texts, 'tracks', liked)) : null);
    if (!liked) return { nodes: [heading, el('div', { class: 'bbl-none' }, el('p', {}, texts.no_liked), el('p', {}, texts.no_liked_help))] };
    const table = createTrackTable(home, { name: texts.section_liked, id: 'library-liked', query: { liked: true, sort: 'added' } });
    const actions = createListActions(home, { name: texts.section_liked, id: 'library-liked', table: table.table, total: liked, charts: false, likes: false });
    return { nodes: [heading, actions.node, table.node], end() { actions.end(); table.end(); } };
  });
}
