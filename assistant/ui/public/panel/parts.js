// Small parts that the tabs of the panel share: icons, texts with counts, chips, bars.
import { addIcons, el, fill, icon } from '../player/dom.js';

addIcons({
  panel: ['M4 5h16v14H4zM14.5 5v14M17 9h1M17 12h1'],
  back: ['M15 5l-7 7 7 7'],
  lock: ['M6.5 11h11v8.5h-11zM8.5 11V8a3.5 3.5 0 0 1 7 0v3'],
  unlock: ['M6.5 11h11v8.5h-11zM8.5 11V7.5a3.5 3.5 0 0 1 6.8-1.2'],
  edit: ['M4.5 19.5l1-4L16 5l3 3L8.5 18.5z'],
  drum: ['M4 10c0-2 3.6-3.5 8-3.5s8 1.5 8 3.5-3.6 3.5-8 3.5S4 12 4 10zM4 10v6c0 2 3.6 3.5 8 3.5s8-1.5 8-3.5v-6M14 9l6-5.5'],
  chat: ['M4 5h16v11h-8L7.5 20v-4H4z'],
  download: ['M12 4v11M7.5 10.5L12 15l4.5-4.5M5 19.5h14'],
  fresh: ['M19.5 12a7.5 7.5 0 1 1-2.2-5.3M19.5 3.5v4h-4'],
  folder: ['M3.5 6h6l2 2.5h9v10h-17z'],
  model: ['M12 4l1.8 5.2L19 11l-5.2 1.8L12 18l-1.8-5.2L5 11l5.2-1.8zM18.5 16.5v4M16.5 18.5h4'],
});

export const counted = (texts, name, count) => fill(
  texts[`${name}_${new Intl.PluralRules(texts.language).select(count) === 'one' ? 'one' : 'other'}`],
  { count: count.toLocaleString(texts.language) },
);

export function lengthText(texts, seconds) {
  if (seconds < 60) return fill(texts.seconds, { seconds: Math.round(seconds) });
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return fill(texts.minutes, { minutes });
  return fill(texts.hours, { hours: Math.floor(minutes / 60), minutes: String(minutes % 60).padStart(2, '0') });
}

export const dateText = (texts, stored) => new Intl.DateTimeFormat(texts.language, { dateStyle: 'medium' }).format(new Date(stored));

export function keyChip(camelot) {
  const hue = (parseInt(camelot, 10) * 30 + 100) % 360;
  const chip = el('span', { class: 'bb-key' }, camelot);
  chip.style.background = `hsl(${hue} 65% ${camelot.endsWith('A') ? 68 : 80}%)`;
  return chip;
}

// A button with an icon and words; a bare one has its words as its name.
export function wordButton(name, label, onclick, { main = false, bare = false, title = bare ? label : null } = {}) {
  const kind = `bb-button ${main ? 'bb-main' : ''} ${bare ? 'bbs-bare' : ''}`;
  const made = el('button', { type: 'button', class: kind, title, onclick }, icon(name));
  if (bare) made.setAttribute('aria-label', label);
  else made.append(el('span', {}, label));
  return made;
}

export function progressBar(label) {
  const part = el('div');
  const bar = el('div', { class: 'bb-bar', role: 'progressbar', 'aria-label': label, 'aria-valuemin': 0, 'aria-valuemax': 100 }, part);
  return {
    node: bar,
    set(share) {
      const percent = Math.round(Math.min(Math.max(share, 0), 1) * 100);
      bar.setAttribute('aria-valuenow', percent);
      part.style.width = `${percent}%`;
    },
  };
}
