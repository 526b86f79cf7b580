// Cards of albums and artists, and rows of them that scroll sideways.
import { button, cover, el, fill } from '../player/dom.js';
import { counted } from '../panel/parts.js';
import { ask } from '../panel/server.js';
import { library } from './address.js';

const sized = (url, size) => (url ? `${url}?size=${size}` : null);

export function picture(entry, size = 320) {
  const made = cover({ id: entry.id, title: entry.title || entry.name, cover_url: sized(entry.cover_url, size) });
  made.classList.add('bbl-picture');
  return made;
}

// Plays an album from its first track on.
export async function playAlbum({ player, texts, say }, id) {
  const album = await ask(`/api/browse/albums/${id}`).catch(() => null);
  if (album && album.rows.length) player.play(Object.assign(album.rows, { id: `album-${id}` }), 0);
  else say(texts.failed);
}

// Returns the parts of a card: a link, and a button that plays.
export function albumCard(home, album) {
  const { texts } = home;
  const under = [album.artist, album.year].filter(Boolean).join(' · ');
  const link = el('a', { class: 'bbl-card', href: library('album', album.id) },
    el('span', { class: 'bbl-frame' }, picture(album)),
    el('span', { class: 'bbl-name', title: album.title }, album.title),
    el('span', { class: 'bbl-under', title: under }, under || ' '));
  return [link, button('play', fill(texts.play_album, album), () => playAlbum(home, album.id), 'bbl-play')];
}

export function artistCard({ texts }, artist) {
  const under = artist.albums ? counted(texts, 'albums', artist.albums) : counted(texts, 'tracks', artist.tracks);
  return [el('a', { class: 'bbl-card bbl-round', href: library('artist', artist.id) },
    el('span', { class: 'bbl-frame' }, picture(artist)),
    el('span', { class: 'bbl-name', title: artist.name }, artist.name),
    el('span', { class: 'bbl-under' }, under))];
}

// Some cards under a heading, in lines or in one row that scrolls sideways.
export function shelf(title, cards, { row = false } = {}) {
  const list = el('ul', { class: `bbl-shelf ${row ? 'row' : ''}`, 'aria-label': title }, ...cards.map((parts) => el('li', { class: 'bbl-cell' }, ...parts)));
  return el('section', { class: 'bbl-part' }, el('h2', {}, title), list);
}
