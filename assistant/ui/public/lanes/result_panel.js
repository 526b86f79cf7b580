// The result of a level: score, counts, and how early or late each lane was.
import { el, fill } from '../player/dom.js';
import { HUES } from './note_shapes.js';
import { JUDGEMENTS } from './judge.js';

const SPAN_MS = 60; // to both sides of the middle
const EXACT_MS = 3;

export function timingText(texts, ms) {
  const rounded = Math.round(ms);
  if (Math.abs(rounded) < EXACT_MS) return texts.on_time;
  return fill(rounded < 0 ? texts.ms_early : texts.ms_late, { ms: Math.abs(rounded) });
}

export const percent = (share) => `${(share * 100).toFixed(1)} %`;

function laneRow(texts, lane, { hits, misses, mean_ms: ms }) {
  const track = el('div', { class: 'bbd-timing-track', 'aria-hidden': 'true' });
  if (ms !== null) {
    const at = Math.max(Math.min(ms / SPAN_MS, 1), -1);
    const mark = el('span', { class: 'bbd-timing-mark' });
    mark.style.left = `${50 + 50 * at}%`;
    mark.style.background = `hsl(${HUES[lane]} 85% 55%)`;
    track.append(mark);
  }
  return el('tr', {},
    el('th', { scope: 'row' }, texts.lanes[lane]),
    el('td', { class: 'bbd-count' }, fill(texts.lane_hits, { hits, all: hits + misses })),
    el('td', { class: 'bbd-timing' }, track),
    el('td', { class: 'bbd-count' }, ms === null ? '' : timingText(texts, ms)));
}

export function createResult(result, texts, { note, onAgain, onClose }) {
  const big = (label, value) => el('div', { class: 'bbd-big' }, el('span', {}, label), el('strong', {}, value));
  const again = el('button', { type: 'button', class: 'bb-button bb-main', onclick: onAgain }, texts.again);
  const kept = el('p', { class: 'bbd-note', role: 'status' }, note);
  const node = el('section', { class: 'bbd-sheet', 'aria-labelledby': 'bbd-result-title' },
    el('h3', { id: 'bbd-result-title' }, texts.result), kept,
    el('div', { class: 'bbd-bigs' },
      big(texts.score, result.score.toLocaleString()),
      big(texts.accuracy, percent(result.accuracy)),
      big(texts.longest, String(result.longest_combo))),
    el('div', { class: 'bbd-counts' }, ...JUDGEMENTS.map((name) => el('div', { class: `bbd-${name}` },
      el('span', {}, texts[name]), el('strong', {}, String(result.counts[name]))))),
    el('h4', {}, texts.lanes_timing),
    el('p', { class: 'bbd-note' }, result.mean_ms === null ? '' : fill(texts.mean, { timing: timingText(texts, result.mean_ms) })),
    el('table', { class: 'bbd-table' }, el('caption', { class: 'bbp-hidden' }, texts.lanes_timing),
      el('tbody', {}, ...Object.entries(result.lanes).map(([lane, timing]) => laneRow(texts, lane, timing)))),
    el('div', { class: 'bbd-buttons' }, again, el('button', { type: 'button', class: 'bb-button', onclick: onClose }, texts.setup_close)));
  return { node, say: (text) => { kept.textContent = text; }, focus: () => again.focus() };
}

// Returns the best results after it, or null where it could not be kept.
export async function keepResult(chart, level, result) {
  const body = JSON.stringify({ level, ...result });
  try {
    const reply = await fetch(`/api/charts/${chart.id}/results`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
    return reply.ok ? (await reply.json()).best : null;
  } catch {
    return null;
  }
}
