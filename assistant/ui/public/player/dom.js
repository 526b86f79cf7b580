// Elements, icons and texts of the player bar.
const SVG = 'http://www.w3.org/2000/svg';
// Strokes on a ground of 24 × 24.
const ICONS = {
  play: ['M7 4.5v15l12-7.5z', 'full'],
  pause: ['M7 5h3.5v14H7zM13.5 5H17v14h-3.5z', 'full'],
  next: ['M5 5l10 7-10 7zM18.5 5v14', 'full'],
  previous: ['M19 5L9 12l10 7zM5.5 5v14', 'full'],
  shuffle: ['M3 6.5h3.5c5 0 6 11 11 11H21M3 17.5h3.5c1.7 0 2.9-1.2 3.8-2.8M14 9.5c.9-1.7 2-3 3.5-3H21M18.5 4L21 6.5 18.5 9M18.5 15l2.5 2.5-2.5 2.5'],
  repeat: ['M4 11.5V9.5a3 3 0 0 1 3-3h13M17.5 4L20 6.5 17.5 9M20 12.5v2a3 3 0 0 1-3 3H4M6.5 20L4 17.5 6.5 15'],
  queue: ['M4 6h16M4 11h16M4 16h8M16 14.5v6l5-3z'],
  volume: ['M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11'],
  mute: ['M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5'],
  heart: ['M12 19.5S4 14.7 4 9.3C4 6.7 6 5 8.2 5c1.6 0 3 .9 3.8 2.3C12.8 5.9 14.2 5 15.8 5 18 5 20 6.7 20 9.3c0 5.4-8 10.2-8 10.2z'],
  mix: ['M3 17.5c8 0 7-11 14-11h4M3 6.5c8 0 7 11 14 11h4'],
  radio: ['M12 10.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3M8.5 15.5a5 5 0 0 1 0-7M15.5 8.5a5 5 0 0 1 0 7M5.5 18.5a9.2 9.2 0 0 1 0-13M18.5 5.5a9.2 9.2 0 0 1 0 13'],
  lyrics: ['M4 5.5h16v10.5h-8L7.5 20v-4H4zM8 9h8M8 12.5h5'],
  up: ['M6 15l6-6 6 6'],
  down: ['M6 9l6 6 6-6'],
  close: ['M6 6l12 12M18 6L6 18'],
  undo: ['M4 9h10a5.5 5.5 0 0 1 0 11h-4M8.5 4.5L4 9l4.5 4.5'],
  more: ['M5.5 10.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3M12 10.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3M18.5 10.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3', 'full'],
  enqueue: ['M4 6h16M4 11h16M4 16h8M15 17h6M18 14v6'],
  insert: ['M4 5l6 4-6 4zM13 9h7M4 16h16M4 20h16'],
  similar: ['M9 18V5.5l10-2V15M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zM19 15a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z'],
  drum: ['M12 8c5 0 8.5-1.2 8.5-2.8S17 2.5 12 2.5 3.5 3.6 3.5 5.2 7 8 12 8zM3.5 5.2v11C3.5 18 7 19.5 12 19.5s8.5-1.5 8.5-3.3v-11M8 7.6v11.3M16 7.6v11.3'],
  info: ['M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M12 11v5.5M12 7.6v.2'],
  page: ['M6 3.5h8.5L18.5 8v12.5H6zM14 3.5V8.5h4.5M9 12.5h6.5M9 16h6.5'],
  album: ['M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M12 9.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4'],
  artist: ['M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4.5 20c.6-3.6 3.6-5.5 7.5-5.5s6.9 1.9 7.5 5.5'],
  lock: ['M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3'],
  download: ['M12 4v11M7 10.5l5 5 5-5M5 20h14'],
  again: ['M20 5v5h-5M19.5 10A8 8 0 1 0 20 14.5'],
  clear: ['M4 7h16M9 7V4.5h6V7M6 7l1 13h10l1-13'],
};

// Other parts of the page bring icons of their own.
export const addIcons = (more) => Object.assign(ICONS, more);

export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, '');
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

export function icon(name) {
  const [strokes, kind = ''] = ICONS[name];
  const made = document.createElementNS(SVG, 'svg');
  made.setAttribute('viewBox', '0 0 24 24');
  made.setAttribute('aria-hidden', 'true');
  made.setAttribute('class', `bbp-icon ${kind}`);
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', strokes);
  made.append(path);
  return made;
}

// A button with an icon; `show` gives it another icon, name or state.
export function button(name, label, onclick, className = '') {
  const made = el('button', { type: 'button', class: `bbp-button ${className}`, 'aria-label': label, title: label, onclick });
  made.append(icon(name));
  made.dataset.icon = name;
  return made;
}

export function show(made, { icon: name, label, pressed, active }) {
  if (name && made.dataset.icon !== name) {
    made.dataset.icon = name;
    made.firstChild.replaceWith(icon(name));
  }
  if (label && made.getAttribute('aria-label') !== label) {
    made.setAttribute('aria-label', label);
    made.title = label;
  }
  if (pressed !== undefined) made.setAttribute('aria-pressed', String(pressed));
  made.classList.toggle('on', Boolean(active ?? pressed));
}

export function cover(track) {
  const hue = (track.id * 47) % 360;
  const letter = el('span', { class: 'bbp-cover', 'aria-hidden': 'true' }, (track.title || '?').slice(0, 1).toUpperCase());
  letter.style.background = `linear-gradient(135deg, hsl(${hue} 45% 38%), hsl(${(hue + 50) % 360} 50% 28%))`;
  if (!track.cover_url) return letter;
  return el('img', { class: 'bbp-cover', src: track.cover_url, alt: '', loading: 'lazy', onerror: (event) => event.target.replaceWith(letter) });
}

// A position is cut, a length rounded.
export function clock(seconds, { length = false } = {}) {
  if (!Number.isFinite(seconds)) return '–:––';
  const whole = length ? Math.round(seconds) : Math.floor(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const tail = String(whole % 60).padStart(2, '0');
  return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}

export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
