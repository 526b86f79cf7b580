// The lyrics of the track that plays; lines with a time follow the music and can be clicked.
import { button, el, fill } from './dom.js';

export function createLyricsPanel(player, texts) {
  const close = button('close', texts.lyrics_close, () => panel.toggle());
  const body = el('div', { class: 'bbp-lyrics', tabindex: 0, 'aria-labelledby': 'bbp-lyrics-title' });
  const node = el('aside', { id: 'bbp-lyrics', class: 'bbp-panel', 'aria-labelledby': 'bbp-lyrics-title', hidden: true, onkeydown: (event) => {
    if (event.key === 'Escape') panel.toggle();
  } }, el('div', { class: 'bbp-head' }, el('h2', { id: 'bbp-lyrics-title' }, texts.lyrics), close), body);
  let opener = null;
  let shown = null; // id of the track
  let lines = []; // elements of the lines with a time
  let current = null;

  const panel = {
    node,
    onToggle: () => {},
    isOpen: () => !node.hidden,
    toggle(from) {
      node.hidden = !node.hidden;
      if (from) opener = from;
      panel.onToggle();
      if (!node.hidden) close.focus({ preventScroll: true });
      else if (opener) opener.focus();
    },
    draw() {
      if (node.hidden) return;
      const id = player.track && player.track.id;
      if (id !== shown) load(id);
      follow();
    },
  };

  async function load(id) {
    shown = id;
    lines = [];
    body.replaceChildren();
    const found = id && await fetch(`/api/tracks/${id}/lyrics`).then((reply) => (reply.ok ? reply.json() : null)).catch(() => null);
    if (shown !== id) return; // another track plays by now
    const made = ((found && found.lines) || []).map(line);
    body.replaceChildren(...(made.length ? made : [el('p', { class: 'bbp-none' }, texts.lyrics_none)]));
    body.scrollTop = 0;
    lines = made.filter((one) => one.dataset.time);
    current = null;
    follow();
  }

  function line({ time_s: time, text }) {
    if (time === null) return el('p', {}, text || '\u00a0');
    const label = fill(texts.lyrics_go, { text });
    return el('button', { type: 'button', class: 'bbp-sung', 'data-time': time, title: text ? label : null, onclick: () => player.seek(time) }, text || '♪');
  }

  function follow() {
    const now = player.audio.currentTime + 0.15; // read a little ahead
    const sung = lines.findLast((one) => Number(one.dataset.time) <= now) || null;
    if (sung === current) return;
    if (current) current.removeAttribute('aria-current');
    current = sung;
    if (!sung) return;
    sung.setAttribute('aria-current', 'true');
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    body.scrollTo({ top: sung.offsetTop - body.clientHeight / 2, behavior: calm ? 'auto' : 'smooth' });
  }
  return panel;
}
