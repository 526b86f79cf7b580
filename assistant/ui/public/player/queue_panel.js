// The queue: what was, what plays, what comes. Entries are moved by their handle or by buttons.
import { button, clock, cover, el, fill, show } from './dom.js';
import { makeDraggable } from './drag.js';

const BEFORE = 20; // entries shown before the current one, and behind it; more on demand
const BEHIND = 80;
const MORE = 100;

export function createQueuePanel(player, texts, controls) {
  const list = el('ol', { class: 'bbp-entries', 'aria-label': texts.queue });
  const close = button('close', texts.close, () => panel.toggle());
  const clear = button('clear', texts.clear, () => player.clear());
  const undo = button('undo', texts.undo, () => player.undo());
  const mix = button('mix', texts.crossfade, () => player.setCrossfade(!player.crossfade.on));
  const radio = button('radio', texts.radio, () => player.setRadio(!player.radio));
  const head = el('div', { class: 'bbp-head' },
    el('h2', { id: 'bbp-queue-title' }, texts.queue), radio, mix, undo, clear, close);
  const extra = el('div', { class: 'bbp-extra' });
  const node = el('aside', { id: 'bbp-queue', class: 'bbp-panel', 'aria-labelledby': 'bbp-queue-title', hidden: true, onkeydown: (event) => {
    if (event.key === 'Escape') panel.toggle();
  } }, head, extra, list);
  let opener = null;
  let shownList = null;
  let shownAt = -1;
  let span = null;
  let focus = null; // what has the focus after the next drawing

  const panel = {
    node,
    say: () => {},
    onToggle: () => {},
    isOpen: () => !node.hidden,
    toggle(from) {
      node.hidden = !node.hidden;
      if (from) opener = from;
      if (!extra.childElementCount) extra.append(...controls());
      shownList = null;
      span = null;
      panel.onToggle();
      if (node.hidden) {
        if (opener) opener.focus();
      } else {
        close.focus({ preventScroll: true });
        const current = list.querySelector('.on');
        if (current) current.scrollIntoView({ block: 'center' });
      }
    },
    draw() {
      if (node.hidden) return;
      const tracks = player.list || [];
      clear.disabled = !tracks.length;
      show(radio, { pressed: player.radio });
      show(mix, { pressed: player.crossfade.on });
      list.classList.toggle('silent', !player.playing);
      if (tracks === shownList && player.at === shownAt) return;
      if (list.classList.contains('dragging')) return;
      shownList = tracks;
      shownAt = player.at;
      drawEntries(tracks);
    },
  };

  function drawEntries(tracks) {
    const [from, to] = span && player.at >= span[0] && player.at < span[1]
      ? span : [Math.max(player.at - BEFORE, 0), player.at + BEHIND];
    span = [from, to];
    const scroll = list.scrollTop;
    const shown = tracks.slice(from, to).map((track, at) => entry(track, from + at, tracks.length));
    if (from > 0) shown.unshift(more(texts.more_before, [Math.max(from - MORE, 0), to]));
    if (to < tracks.length) shown.push(more(texts.more_after, [from, to + MORE]));
    if (!tracks.length) shown.push(el('li', { class: 'bbp-none' }, texts.queue_empty));
    list.replaceChildren(...shown);
    list.scrollTop = scroll;
    if (focus) {
      const [place, name] = focus;
      const row = list.querySelector(`[data-place="${Math.min(place, tracks.length - 1)}"]`);
      const wanted = row && row.querySelector(`.bbp-${name}:not(:disabled)`);
      (wanted || (row && row.querySelector('.bbp-jump')) || close).focus();
      focus = null;
    }
  }

  function more(label, wider) {
    return el('li', {}, el('button', { type: 'button', class: 'bbp-more', onclick: () => {
      span = wider;
      drawEntries(player.list || []);
    } }, label));
  }

  function entry(track, place, count) {
    const named = (text) => fill(text, { title: track.title });
    const current = place === player.at;
    const handle = el('span', { class: 'bbp-handle', title: named(texts.drag), 'aria-hidden': 'true' }, String(place + 1));
    const up = button('up', named(texts.move_up), () => move(place, place - 1, 'up'), 'bbp-up');
    const down = button('down', named(texts.move_down), () => move(place, place + 1, 'down'), 'bbp-down');
    up.disabled = place === 0;
    down.disabled = place === count - 1;
    const remove = button('close', named(texts.remove), () => {
      focus = [place, 'remove'];
      panel.say(named(texts.removed));
      player.remove(place);
    }, 'bbp-remove');
    const jump = el('button', { type: 'button', class: 'bbp-jump', 'aria-label': named(texts.jump), onclick: () => {
      focus = [place, 'jump'];
      player.jump(place);
    } }, cover(track), el('span', { class: 'bbp-names' }, el('span', { class: 'bbp-title' }, track.title), el('span', { class: 'bbp-artist' }, track.artist || '')));
    return el('li', { class: current ? 'bbp-entry on' : 'bbp-entry', 'data-place': place, 'aria-current': current ? 'true' : null },
      handle, jump, el('span', { class: 'bbp-time' }, clock(track.duration_s, { length: true })), up, down, remove);
  }

  function move(place, to, name) {
    const track = player.list[place];
    focus = name ? [to, name] : null;
    panel.say(fill(texts.moved, { title: track.title, place: to + 1 }));
    player.move(place, to);
  }

  makeDraggable(list, (place, to) => move(place, to), () => { shownList = null; panel.draw(); });
  return panel;
}
