// One playlist: its tracks in order, and what can be done with it.
import { button, clock, cover, el, fill, icon, show } from '../player/dom.js';
import { createShape } from '../map/shape.js';
import { mapTexts } from '../map/texts.js';
import { makeDraggable } from '../player/drag.js';
import '../map/icons.js';
import { createCharts } from './charts.js';
import { counted, keyChip, lengthText, wordButton } from './parts.js';
import { ask } from './server.js';

const FORMATS = ['m3u8', 'xspf', 'nsp', 'rekordbox', 'csv'];

export function createPlaylist({ panel, player, attempt, tell, address, back, removed }) {
  const { texts } = panel;
  let now = null; // as the server has it
  let focus = null; // what has the focus after the next drawing
  let renaming = false;
  const name = el('h2', { class: 'bbs-name', tabindex: -1 });
  const facts = el('div', { class: 'bbp-artist' });
  const away = el('div', { class: 'bbs-notice', role: 'status', hidden: true });
  const rename = button('edit', texts.rename, beginRename);
  const form = el('form', { class: 'bbs-rename', hidden: true, onsubmit: endRename, onkeydown: (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    closeRename();
  } });
  const input = el('input', { type: 'text', maxlength: 200, required: true, 'aria-label': texts.rename_label });
  form.append(input, el('button', { type: 'submit', class: 'bb-button bb-main' }, texts.save), el('button', { type: 'button', class: 'bb-button', onclick: closeRename }, texts.cancel));
  const play = wordButton('play', texts.play_all, () => playFrom(0), { main: true });
  const undo = wordButton('undo', texts.undo, () => change(() => ask(`${address}/undo`, { method: 'POST' }), undo), { bare: true });
  const refill = wordButton('fresh', texts.refill, () => change(() => ask(`${address}/refill`, { method: 'POST' }), refill), { title: texts.refill_help });
  const remove = button('clear', texts.delete, () => attempt(async () => {
    await ask(address, { method: 'DELETE' });
    await removed(now);
  }));
  const heading = el('div', { class: 'bbs-heading' }, name, rename, remove);
  const talk = wordButton('chat', texts.continue, () => {
    window.postMessage({ backbeat: 'open_playlist', id: now.id }, location.origin);
    if (matchMedia('(max-width: 760px)').matches) panel.close();
  });
  const downloads = el('details', { class: 'bbs-menu', onkeydown: (event) => {
    if (event.key !== 'Escape' || !downloads.open) return;
    event.preventDefault();
    downloads.open = false;
    downloads.firstChild.focus();
  } }, el('summary', { class: 'bb-button bbs-bare', 'aria-label': texts.download, title: texts.download }, icon('download')), el('div', { class: 'bbs-choices' },
    ...FORMATS.map((format) => el('a', { href: `${address}/export.${format}`, download: true, onclick: () => { downloads.open = false; } }, texts[`download_${format}`]))));
  const list = el('ol', { class: 'bbp-entries bbs-tracks' });
  const charts = createCharts({ texts, attempt, address, changed: drawTracks });
  const shape = createShape({ kept: true });
  const onMap = button('map', '', () => {
    if (matchMedia('(max-width: 760px)').matches) panel.close();
    window.backbeatMap.open(now.id);
  });
  onMap.hidden = true;
  remove.before(onMap);
  mapTexts().then((named) => {
    show(onMap, { label: named.on_map });
    onMap.hidden = false;
  }).catch(() => {});
  const node = el('div', { class: 'bbs-playlist' },
    el('div', { class: 'bbs-top' }, button('back', texts.back, back), el('div', { class: 'bbs-names' }, heading, form, facts)), away,
    el('div', { class: 'bbs-actions' }, play, talk, charts.button, refill, downloads, undo),
    shape.node, charts.node, list);

  function draw(shown) {
    if (list.classList.contains('dragging')) return; // the next look draws it
    now = shown;
    name.textContent = shown.name;
    list.setAttribute('aria-label', shown.name);
    facts.textContent = [counted(texts, 'tracks', shown.entries.length), lengthText(texts, shown.duration_s)].join(' · ');
    away.textContent = shown.away;
    away.hidden = !shown.away;
    undo.disabled = !shown.undo;
    play.disabled = !shown.entries.length;
    drawTracks();
    shape.draw(shown.entries.map((each) => each.track));
    charts.follow();
  }

  function drawTracks() {
    if (!now) return;
    const scroll = list.scrollTop;
    const tracks = now.entries.map(entry);
    list.replaceChildren(...(tracks.length ? tracks : [el('li', { class: 'bbp-none' }, texts.empty)]));
    list.scrollTop = scroll;
    mark();
    if (!focus) return;
    const [place, kind] = focus;
    focus = null;
    const row = list.querySelector(`[data-place="${Math.min(place, now.entries.length - 1)}"]`);
    (row?.querySelector(`.bbp-${kind}:not(:disabled)`) || row?.querySelector('.bbp-jump') || play).focus();
  }

  function entry({ track, locked, reason }, place) {
    const named = (text) => fill(text, { title: track.title });
    const handle = el('span', { class: 'bbp-handle', title: named(texts.drag), 'aria-hidden': 'true' }, String(place + 1));
    const jump = el('button', { type: 'button', class: 'bbp-jump', 'aria-label': named(texts.play_from), onclick: () => playFrom(place) },
      cover(track), el('span', { class: 'bbp-names' },
        el('span', { class: 'bbp-title', title: track.title }, track.title),
        el('span', { class: 'bbs-line', title: reason || null }, el('span', { class: 'bbp-artist' }, track.artist || ''),
          track.bpm ? el('span', { class: 'bbs-fact' }, `${Math.round(track.bpm)} BPM`) : null, track.camelot ? keyChip(track.camelot) : null)));
    const up = button('up', named(texts.move_up), () => move(place, place - 1, 'up'), 'bbp-up bbs-quiet');
    const down = button('down', named(texts.move_down), () => move(place, place + 1, 'down'), 'bbp-down bbs-quiet');
    up.disabled = place === 0;
    down.disabled = place === now.entries.length - 1;
    const lock = button(locked ? 'lock' : 'unlock', named(locked ? texts.unlock : texts.lock), () => {
      focus = [place, 'lock'];
      change(() => ask(`${address}/tracks/${track.id}`, { method: 'PATCH', body: { locked: !locked } }));
    }, 'bbp-lock');
    show(lock, { pressed: locked });
    const out = button('close', named(texts.remove), () => {
      focus = [place, 'remove'];
      change(() => ask(`${address}/tracks/${track.id}`, { method: 'DELETE' }));
    }, 'bbp-remove');
    return el('li', { class: 'bbp-entry', 'data-place': place, 'data-track': track.id }, handle, jump, charts.badge(track),
      el('span', { class: 'bbp-time' }, clock(track.duration_s, { length: true })), up, down, lock, out);
  }

  // Which track sounds.
  function mark() {
    const id = player.list && player.list.id === `playlist-${now?.id}` && player.track ? player.at - (player.list.offset || 0) : -1;
    list.querySelectorAll('.bbp-entry').forEach((row, place) => {
      const on = place === id && Number(row.dataset.track) === player.track.id;
      row.classList.toggle('on', on);
      if (on) row.setAttribute('aria-current', 'true');
      else row.removeAttribute('aria-current');
    });
  }
  player.listeners.add(mark);

  function playFrom(place) {
    player.play(Object.assign(now.entries.map((each) => each.track), { id: `playlist-${now.id}` }), place);
  }

  function move(place, to, kind = null) {
    const entries = now.entries.slice();
    const [moved] = entries.splice(place, 1);
    entries.splice(to, 0, moved);
    focus = kind ? [to, kind] : null;
    now = { ...now, entries };
    drawTracks();
    panel.say(fill(texts.moved, { title: moved.track.title, place: to + 1 }));
    focus = kind ? [to, kind] : null;
    change(() => ask(`${address}/tracks`, { method: 'PUT', body: { tracks: entries.map((each) => each.track.id) } }));
  }

  // The playlist after a change; where the server refuses it, as it is now. One after another.
  let last = Promise.resolve();
  let open = 0;
  function change(work, from = null) {
    open += 1;
    last = last.then(async () => {
      tell('');
      const after = await attempt(work);
      open -= 1;
      if (after?.said) panel.say(after.said);
      const shown = after?.entries ? after : await attempt(() => ask(address));
      if (shown && !open) draw(shown);
      if (from && !from.disabled) from.focus();
      else if (from) play.focus();
    });
    return last;
  }

  function beginRename() {
    renaming = true;
    heading.hidden = true;
    form.hidden = false;
    input.value = now.name;
    input.focus();
    input.select();
  }

  function closeRename() {
    renaming = false;
    heading.hidden = false;
    form.hidden = true;
    rename.focus();
  }

  async function endRename(event) {
    event.preventDefault();
    tell('');
    const after = await attempt(() => ask(address, { method: 'PATCH', body: { name: input.value.trim() } }));
    if (!after) return;
    panel.say(after.said);
    draw(after);
    closeRename();
  }

  makeDraggable(list, (place, to) => move(place, to), drawTracks);
  return {
    node,
    address,
    draw,
    focus: () => name.focus(),
    isBusy: () => renaming || open > 0 || list.classList.contains('dragging'),
    end() {
      player.listeners.delete(mark);
      charts.end();
    },
  };
}
