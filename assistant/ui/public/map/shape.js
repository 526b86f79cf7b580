// The shape of a playlist: its way over the Camelot wheel, its tempo and its energy, as drawings.
import { el, fill } from '../player/dom.js';
import { hsl, keyColour } from './colours.js';
import { mapTexts } from './texts.js';

const SVG = 'http://www.w3.org/2000/svg';
const KEPT = 'backbeat-shape'; // in the browser: whether it is open
const [RADIUS, BETWEEN, INNER] = [118, 84, 50]; // of the rings of the wheel
const [WIDTH, HEIGHT, MARGIN] = [300, 64, 8]; // of a curve

function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  made.append(...children);
  return made;
}

const point = (radius, hour) => [radius * Math.sin((hour * Math.PI) / 6), -radius * Math.cos((hour * Math.PI) / 6)];

function segment(code, used) {
  const hour = parseInt(code, 10);
  const [outer, inner] = code.endsWith('B') ? [RADIUS, BETWEEN] : [BETWEEN, INNER];
  const [a, b, c, d] = [point(outer, hour - 0.5), point(outer, hour + 0.5), point(inner, hour + 0.5), point(inner, hour - 0.5)];
  const path = `M${a}A${outer} ${outer} 0 0 1 ${b}L${c}A${inner} ${inner} 0 0 0 ${d}Z`;
  const [x, y] = point((outer + inner) / 2, hour);
  const name = svg('text', { x, y, class: used ? 'bbw-code used' : 'bbw-code' });
  name.textContent = code;
  const shape = svg('path', { d: path, class: 'bbw-segment' });
  if (used) shape.style.fill = hsl(keyColour(code).map((value, at) => (at === 2 ? 74 : value)));
  return [shape, name];
}

// The way goes through the middle of each segment; several tracks in one key lie beside each other.
function wheel(tracks, texts) {
  const keys = tracks.map((track) => track.camelot).filter(Boolean);
  const label = keys.length ? fill(texts.wheel, { way: keys.join(' → ') }) : texts.wheel_none;
  const segments = Array.from({ length: 24 }, (_, at) => segment(`${(at % 12) + 1}${at < 12 ? 'B' : 'A'}`, keys.includes(`${(at % 12) + 1}${at < 12 ? 'B' : 'A'}`)));
  const often = new Map();
  const stops = keys.map((code) => {
    const before = often.get(code) || 0;
    often.set(code, before + 1);
    const turn = ((before + 1) >> 1) * (before % 2 ? 0.11 : -0.11);
    return point(code.endsWith('B') ? (RADIUS + BETWEEN) / 2 + 11 : BETWEEN - 9, parseInt(code, 10) + Math.max(Math.min(turn, 0.4), -0.4));
  });
  const line = stops.map(([x, y], at) => `${at ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
  const dots = stops.map(([x, y], at) => svg('circle', { cx: x, cy: y, r: at && at + 1 < stops.length ? 3 : 5, class: at ? 'bbw-stop' : 'bbw-stop first' }));
  return svg('svg', { viewBox: '-122 -122 244 244', class: 'bbw-wheel', role: 'img', 'aria-label': label },
    ...segments.map(([shape]) => shape), svg('path', { d: line, class: 'bbw-way' }), ...dots, ...segments.map(([, name]) => name));
}

function curve(values, name, label, unit, area) {
  const known = values.map((value, at) => [at, value]).filter(([, value]) => value != null);
  if (known.length < 2) return null;
  const [low, high] = area || [Math.min(...known.map(([, value]) => value)), Math.max(...known.map(([, value]) => value))];
  const span = Math.max(high - low, 1e-6);
  const flat = high === low;
  const place = ([at, value]) => [MARGIN + ((WIDTH - 2 * MARGIN) * at) / Math.max(values.length - 1, 1), flat ? HEIGHT / 2 : HEIGHT - MARGIN - ((HEIGHT - 2 * MARGIN) * (value - low)) / span];
  const places = known.map(place);
  const line = places.map(([x, y], at) => `${at ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
  const picture = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'bbw-curve', role: 'img', 'aria-label': label },
    svg('path', { d: `${line}L${places.at(-1)[0]} ${HEIGHT}L${places[0][0]} ${HEIGHT}Z`, class: 'bbw-area' }), svg('path', { d: line, class: 'bbw-line' }),
    ...places.map(([x, y]) => svg('circle', { cx: x, cy: y, r: 2.6, class: 'bbw-stop' })));
  const round = (value) => Math.round(value);
  return el('div', { class: 'bbw-part' }, el('div', { class: 'bbw-name' }, el('span', {}, name), el('span', { 'aria-hidden': 'true' }, `${round(Math.min(...known.map(([, value]) => value)))}–${round(Math.max(...known.map(([, value]) => value)))} ${unit}`)), picture);
}

function tempoCurve(tracks, texts) {
  const values = tracks.map((track) => track.bpm || null);
  const known = values.filter(Boolean).map(Math.round);
  if (!known.length) return null;
  const label = fill(texts.tempo_curve, { first: known[0], last: known.at(-1), lowest: Math.min(...known), highest: Math.max(...known) });
  return curve(values, texts.tempo, label, 'BPM');
}

function energyCurve(tracks, texts) {
  const values = tracks.map((track) => (track.energy == null ? null : 100 * track.energy));
  const known = values.filter((value) => value != null).map(Math.round);
  if (!known.length) return null;
  return curve(values, texts.energy, fill(texts.energy_curve, { first: known[0], last: known.at(-1) }), '%', [0, 100]);
}

// A part that folds; it is drawn while it is open. `draw(tracks)` gives it other tracks. It shows
// itself once its texts are there and two tracks have something to compare.
export function createShape({ kept = false } = {}) {
  const body = el('div', { class: 'bbw' });
  const summary = el('summary', {});
  const node = el('details', { class: 'bbw-shape', hidden: true, ontoggle: () => {
    if (kept) localStorage.setItem(KEPT, node.open ? 'open' : '');
    drawOpen();
  } }, summary, body);
  let tracks = [];
  let drawn = null;

  async function drawOpen() {
    const texts = await mapTexts().catch(() => null);
    node.hidden = !texts || tracks.length < 2;
    if (!texts) return;
    Object.assign(summary, { textContent: texts.shape, title: texts.shape_help });
    const key = JSON.stringify(tracks.map((track) => [track.id, track.bpm, track.camelot, track.energy]));
    if (!node.open || key === drawn) return;
    drawn = key;
    body.replaceChildren(wheel(tracks, texts), el('div', { class: 'bbw-curves' }, ...[tempoCurve(tracks, texts), energyCurve(tracks, texts)].filter(Boolean)));
  }

  if (kept) node.open = localStorage.getItem(KEPT) === 'open';
  return {
    node,
    draw(shown) {
      tracks = shown;
      drawOpen();
    },
  };
}
