// One row of a table, and its parts. Titles and names are text, never markup.
import { button, clock, cover, el, fill, icon, show } from '../player/dom.js';

const UNSURE = 0.5; // BPM by which an alternative differs from the tempo itself

function keyChip(camelot) {
  const made = el('span', { class: 'bb-key' }, camelot);
  const hue = (parseInt(camelot, 10) * 30 + 100) % 360;
  made.style.background = `hsl(${hue} 65% ${camelot.endsWith('A') ? 68 : 80}%)`;
  return made;
}

const none = () => el('span', { class: 'bb-dim' }, '–');

function tempo(track, texts) {
  if (!track.bpm) return [none()];
  const other = track.bpm_alternative && Math.abs(track.bpm_alternative - track.bpm) > UNSURE;
  return [el('span', {}, String(Math.round(track.bpm))),
    other ? el('span', { class: 'bb-dim bb-or' }, fill(texts.bpm_or, { bpm: Math.round(track.bpm_alternative) })) : null];
}

function energy(track, texts) {
  if (track.energy == null) return none();
  const percent = Math.round(track.energy * 100);
  const label = fill(texts.energy_value, { percent });
  const bar = el('span', { class: 'bb-energy', role: 'img', 'aria-label': label, title: label }, el('span', {}));
  bar.firstChild.style.width = `${percent}%`;
  return bar;
}

// "8A → 9A, +2 BPM, same energy": no line break inside a part.
function reasons(track) {
  const parts = (track.why || []).flatMap((reason) => reason.split(', '));
  return parts.map((part, at) => el('span', { class: 'bb-part' }, at + 1 < parts.length ? `${part}, ` : part));
}

function picture(track) {
  const made = cover(track);
  made.classList.add('bb-cover');
  return made;
}

export function playButton(track, texts, onclick) {
  const made = button('play', `${texts.play}: ${track.title}`, onclick, 'bb-play');
  made.classList.remove('bbp-button');
  return made;
}

export function showPlaying(made, track, texts, playing) {
  show(made, playing ? { icon: 'pause', label: `${texts.pause}: ${track.title}` } : { icon: 'play', label: `${texts.play}: ${track.title}` });
}

function titleButton(track, table) {
  if (table.props.links) return el('a', { class: 'bb-link', href: `#library/track/${track.id}`, title: track.title }, track.title);
  const label = fill(table.texts.about, { title: track.title });
  return el('button', { type: 'button', class: 'bb-link', title: label, 'aria-label': label, onclick: () => table.press('summarize_track', track, label) }, track.title);
}

function versionsOf(track, at, table) {
  const { texts } = table;
  const versions = track.versions || [];
  if (!versions.length) return [null, null];
  const id = `bb-${table.id}-${track.id}`;
  const list = el('ul', { class: 'bb-versions', id, hidden: true }, ...versions.map((version, place) => {
    const play = playButton(version, texts, () => table.toggleVersion(version, `${id}-${place}`));
    table.watch(play, version, `${id}-${place}`);
    return el('li', {}, play, el('div', { class: 'bb-names' }, titleButton(version, table),
      el('div', { class: 'bb-dim' }, [version.album, clock(version.duration_s, { length: true })].filter(Boolean).join(' · '))));
  }));
  const label = versions.length === 1 ? texts.versions_one : fill(texts.versions_other, { count: versions.length });
  const more = el('button', { type: 'button', class: 'bb-more', 'aria-expanded': 'false', 'aria-controls': id, onclick: () => {
    list.hidden = !list.hidden;
    more.setAttribute('aria-expanded', String(!list.hidden));
  } }, icon('down'), label);
  return [more, list];
}

// The place of a track, from 0, in `table`; `showWhy` and `inOrder` say which columns there are.
export function createRow(track, at, table) {
  const { texts, showWhy } = table;
  const play = playButton(track, texts, () => table.toggle(row.at));
  const liked = icon('heart');
  liked.classList.add('bb-liked', 'full');
  const likedNote = el('span', { class: 'bb-heart', role: 'img', 'aria-label': texts.liked, title: texts.liked, hidden: true }, liked);
  const lock = track.locked ? el('span', { class: 'bb-lock', role: 'img', 'aria-label': texts.locked, title: texts.locked }, icon('lock')) : null;
  const [more, versions] = versionsOf(track, at, table);
  const names = el('div', { class: 'bb-names' },
    el('div', { class: 'bb-titled' }, titleButton(track, table), likedNote),
    el('div', { class: 'bb-dim', title: track.artist || '' }, [track.artist, track.year].filter(Boolean).join(' · ')),
    el('div', { class: 'bb-dim bb-narrow bb-facts' }, track.camelot ? keyChip(track.camelot) : null,
      el('span', {}, ...tempo(track, texts), ' BPM'), el('span', {}, clock(track.duration_s, { length: true })), energy(track, texts)),
    showWhy ? el('div', { class: 'bb-dim bb-narrow' }, ...reasons(track)) : null, more);
  const menu = button('more', fill(texts.menu, { title: track.title }), () => table.openMenu(menu, track), 'bb-menu');
  menu.setAttribute('aria-haspopup', 'menu');
  menu.setAttribute('aria-expanded', 'false');
  const node = el('tr', { 'data-track': track.id },
    el('td', { class: 'bb-num bb-dim' }, String(at + 1), lock),
    el('td', {}, play),
    el('td', {}, el('div', { class: 'bb-track' }, picture(track), names), versions),
    el('td', { class: 'bb-num bb-wide' }, ...tempo(track, texts)),
    el('td', { class: 'bb-wide' }, track.camelot ? keyChip(track.camelot) : none()),
    el('td', { class: 'bb-wide bb-mid' }, energy(track, texts)),
    el('td', { class: 'bb-wide bb-moods' }, ...(track.moods || []).slice(0, showWhy ? 2 : 3).map((mood) => el('span', { class: 'bb-chip' }, mood))),
    showWhy ? el('td', { class: 'bb-wide bb-dim bb-why' }, ...reasons(track)) : null,
    el('td', { class: 'bb-num bb-dim bb-wide' }, clock(track.duration_s, { length: true })),
    el('td', { class: 'bb-end' }, menu));
  const row = {
    node, at, track, menu,
    mark(current, playing) {
      node.classList.toggle('bb-on', current);
      showPlaying(play, track, texts, current && playing);
    },
    markLiked(value) { likedNote.hidden = !value; },
  };
  return row;
}
