// An album: its cover, what is known of it, its tracks.
import { el, fill } from '../player/dom.js';
import { counted, lengthText } from '../panel/parts.js';
import { ask } from '../panel/server.js';
import { createActions } from './actions.js';
import { library } from './address.js';
import { albumCard, picture, shelf } from './cards.js';
import { createTrackTable } from './track_table.js';

// The head of a page: a large picture, its colours behind it, a kind, a title, lines, actions.
export function pageHead({ entry, kind, title, lines, actions, round = false }) {
  const behind = entry.cover_url ? el('img', { class: 'bbl-glow', src: `${entry.cover_url}?size=96`, alt: '', 'aria-hidden': 'true' }) : null;
  return el('header', { class: 'bbl-head' }, behind,
    el('span', { class: `bbl-large ${round ? 'round' : ''}` }, picture(entry, 640)),
    el('div', { class: 'bbl-titles' }, el('p', { class: 'bbl-kind' }, kind), el('h2', { class: 'bbl-title' }, title), ...lines, actions));
}

// What is shown until something has come, and instead of it where it is gone.
export function loading(texts, work) {
  const node = el('div', { class: 'bbl-page', 'aria-busy': 'true' }, el('p', { class: 'bbl-none' }, texts.loading));
  let made = null;
  let over = false;
  work().then((ready) => {
    made = ready;
    node.removeAttribute('aria-busy');
    node.replaceChildren(...made.nodes.filter(Boolean));
    if (over) made.end?.();
    else made.shown?.();
  }).catch((error) => {
    node.removeAttribute('aria-busy');
    node.replaceChildren(el('p', { class: 'bbl-none', role: 'alert' }, error.status === 404 ? texts.gone : texts.failed));
  });
  return {
    node,
    shown: () => made?.shown?.(),
    end() {
      over = true;
      made?.end?.();
    },
  };
}

export function createAlbumPage(home, id) {
  const { texts, tables } = home;
  return loading(texts, async () => {
    const album = await ask(`/api/browse/albums/${encodeURIComponent(id)}`);
    const { rows } = album;
    const actions = createActions(home, { name: album.title, id: `album-${album.id}`, tracks: () => rows });
    const table = createTrackTable(home, { name: album.title, id: `album-${album.id}`, tracks: rows, inOrder: true });
    const by = album.artist ? el('p', {}, el('a', { class: 'bbl-link', href: library('artist', album.artist_id) }, album.artist)) : null;
    const facts = [album.year, counted(texts, 'tracks', album.tracks), lengthText(texts, album.duration_s)].filter(Boolean).join(' · ');
    const mark = () => actions.mark(rows);
    tables.likes.listeners.add(mark);
    tables.likes.load().then(mark);
    const none = rows.length ? null : el('p', { class: 'bbl-none' }, fill(texts.album_empty, { name: album.title }));
    const others = album.editions.length ? shelf(texts.editions, album.editions.map((one) => albumCard(home, one)), { row: true }) : null;
    return {
      nodes: [pageHead({ entry: album, kind: texts.album, title: album.title, lines: [by, el('p', { class: 'bbl-dim' }, facts)], actions: rows.length ? actions.node : null }), none || table.node, others],
      end() { tables.likes.listeners.delete(mark); table.end(); },
    };
  });
}
