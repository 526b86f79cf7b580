// The card beside the track that is pointed at: cover, title, artist, what is known of it.
import { cover, el } from '../player/dom.js';
import { keyChip } from '../panel/parts.js';

const WAIT_MS = 70;
const KEPT = 2000; // tracks whose facts are kept
const GAP_PX = 16;

// Facts of tracks by id, asked for once each.
export function createFacts() {
  const known = new Map();
  return {
    known: (id) => known.get(id),
    async of(ids) {
      const missing = ids.filter((id) => !known.has(id));
      for (let at = 0; at < missing.length; at += 200) {
        const reply = await fetch(`/api/map/tracks?ids=${missing.slice(at, at + 200).join(',')}`);
        if (!reply.ok) break;
        if (known.size > KEPT) known.clear();
        (await reply.json()).forEach((track) => known.set(track.id, track));
      }
      return ids.map((id) => known.get(id)).filter(Boolean);
    },
  };
}

export function createTip(facts) {
  const node = el('div', { class: 'bbm-tip', hidden: true, 'aria-hidden': 'true' });
  let wanted = null;
  let timer = 0;

  function draw(track, x, y) {
    const line = [track.artist, track.year].filter(Boolean).join(' · ');
    node.replaceChildren(cover(track), el('div', { class: 'bbp-names' },
      el('span', { class: 'bbp-title' }, track.title), el('span', { class: 'bbp-artist' }, line),
      el('span', { class: 'bbs-line' }, track.bpm ? el('span', { class: 'bbs-fact' }, `${Math.round(track.bpm)} BPM`) : null, track.camelot ? keyChip(track.camelot) : null)));
    node.hidden = false;
    const box = node.parentElement.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = node;
    const left = x + GAP_PX + width > box.width ? x - GAP_PX - width : x + GAP_PX;
    const top = y + GAP_PX + height > box.height ? y - GAP_PX - height : y + GAP_PX;
    node.style.translate = `${Math.max(left, 4)}px ${Math.max(top, 4)}px`;
  }

  return {
    node,
    show(id, x, y, told = () => {}) {
      clearTimeout(timer);
      wanted = id;
      const track = facts.known(id);
      if (track) {
        draw(track, x, y);
        told(track);
        return;
      }
      timer = setTimeout(async () => {
        const [found] = await facts.of([id]).catch(() => []);
        if (!found || wanted !== id) return;
        draw(found, x, y);
        told(found);
      }, WAIT_MS);
    },
    hide() {
      clearTimeout(timer);
      wanted = null;
      node.hidden = true;
    },
  };
}
