// The moods of a track as a radar: opposites lie opposite each other. And all of them as bars.
import { el, fill } from '../../player/dom.js';

const SVG = 'http://www.w3.org/2000/svg';
const AXES = ['happy', 'uplifting', 'energetic', 'party', 'epic', 'aggressive', 'sad', 'dark', 'melancholic', 'relaxed', 'chill', 'romantic'];
const SIZE = 320;
const RADIUS = 108;
const RINGS = [0.25, 0.5, 0.75, 1];
const SHOWN = 0.5; // from here on a mood belongs to a track

function svg(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  made.append(...children);
  return made;
}

const point = (at, count, part) => {
  const angle = (at / count) * 2 * Math.PI - Math.PI / 2;
  return [SIZE / 2 + Math.cos(angle) * RADIUS * part, SIZE / 2 + Math.sin(angle) * RADIUS * part];
};
const polygon = (points) => points.map((pair) => pair.map((value) => value.toFixed(1)).join(',')).join(' ');
const percent = (value) => `${Math.round(value * 100)} %`;

// `moods`: { name, label, value } each, the strongest first.
export function createRadar(texts, moods) {
  const byName = new Map(moods.map((mood) => [mood.name, mood]));
  const axes = AXES.filter((name) => byName.has(name)).map((name) => byName.get(name));
  if (axes.length < 3) return null;
  const count = axes.length;
  const said = moods.filter((mood) => mood.value >= SHOWN).map((mood) => `${mood.label} ${percent(mood.value)}`).join(', ');
  const picture = svg('svg', { viewBox: `0 24 ${SIZE} ${SIZE - 48}`, class: 'bbl-radar', role: 'img', 'aria-label': fill(texts.radar_label, { moods: said || texts.none_strong }) });
  RINGS.forEach((part) => picture.append(svg('polygon', { class: 'ring', points: polygon(axes.map((_, at) => point(at, count, part))) })));
  axes.forEach((_, at) => {
    const [x, y] = point(at, count, 1);
    picture.append(svg('line', { class: 'ring', x1: SIZE / 2, y1: SIZE / 2, x2: x, y2: y }));
  });
  picture.append(svg('polygon', { class: 'area', points: polygon(axes.map((mood, at) => point(at, count, Math.max(mood.value, 0.02)))) }));
  axes.forEach((mood, at) => {
    const [x, y] = point(at, count, Math.max(mood.value, 0.02));
    picture.append(svg('circle', { class: 'dot', cx: x, cy: y, r: 3 }));
    const [tx, ty] = point(at, count, 1.15);
    const anchor = Math.abs(tx - SIZE / 2) < 12 ? 'middle' : tx > SIZE / 2 ? 'start' : 'end';
    picture.append(svg('text', { x: tx, y: ty + 4, 'text-anchor': anchor, class: mood.value >= SHOWN ? 'strong' : '' }, mood.label));
  });
  return picture;
}

export function bar(label, value, note = null) {
  const part = el('div');
  part.style.width = `${Math.round(Math.min(Math.max(value, 0), 1) * 100)}%`;
  return el('li', { class: 'bbl-bar' }, el('span', { class: 'bbl-bar-name' }, el('span', {}, label), note ? el('span', { class: 'bbl-dim' }, note) : null, el('span', { class: 'bbl-dim bbl-figure' }, percent(value))),
    el('div', { class: 'bb-bar', 'aria-hidden': 'true' }, part));
}
