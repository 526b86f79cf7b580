// Keys, pads and latency.
import { el, fill } from '../player/dom.js';
import { Inputs } from './inputs.js';
import { LANES, tapOffset } from './judge.js';
import { DEFAULT_KEYS, DEFAULT_PADS, assignKey, assignPad, keyName } from './preferences.js';

const EVERY_MS = 600;
const TAPS = 12;
const LARGEST_MS = 300;

// `taken` hears the next key, pad or hit first: it returns whether it used it.
export function createSetup(session, inputs, texts, { keep, onClose }) {
  const { preferences } = session;
  let waiting = null; // { kind: 'key' | 'pad', lane }
  let measuring = null; // { first, taps, timer }

  const keyList = el('div', { class: 'bbd-assign' });
  const padList = el('div', { class: 'bbd-assign' });
  const devices = el('p', { class: 'bbd-note', role: 'status' });
  const connect = el('button', { type: 'button', class: 'bb-button', onclick: async () => {
    await inputs.connect();
    keep({ midi: !inputs.problem });
    draw();
  } }, texts.connect);

  const notesOf = (lane) => Object.keys(preferences.pads).filter((note) => preferences.pads[note] === lane).join(', ');

  function assignButton(kind, lane) {
    const active = waiting && waiting.kind === kind && waiting.lane === lane;
    const value = kind === 'key' ? keyName(preferences, lane, texts.space) : notesOf(lane);
    const label = active ? texts[`waiting_${kind}`] : fill(texts[`assign_${kind}`], { lane: texts.lanes[lane], key: value, notes: value });
    return el('button', { type: 'button', 'aria-label': label, 'aria-pressed': String(Boolean(active)), 'data-lane': lane, onclick: () => {
      waiting = active ? null : { kind, lane };
      draw();
      (kind === 'key' ? keyList : padList).querySelector(`[data-lane="${lane}"]`).focus();
    } }, el('span', {}, texts.lanes[lane]), el('kbd', {}, active ? texts[`waiting_${kind}`] : value || '–'));
  }

  const resetButton = (name, values) => el('button', { type: 'button', class: 'bb-button', onclick: () => {
    preferences[name] = { ...values };
    keep({});
    draw();
  } }, texts.reset);

  const offset = el('input', { type: 'number', min: -LARGEST_MS, max: LARGEST_MS, step: 1, class: 'bbd-number', 'aria-label': texts.latency_ms, onchange: () => setOffset(Number(offset.value) || 0) });
  const told = el('p', { class: 'bbd-note', role: 'status' });
  const measure = el('button', { type: 'button', class: 'bb-button', onclick: () => (measuring ? stop() : start()) }, texts.latency_start);

  function setOffset(ms) {
    keep({ offset_ms: Math.min(Math.max(Math.round(ms), -LARGEST_MS), LARGEST_MS) });
    offset.value = preferences.offset_ms;
  }

  function start() {
    session.pause();
    session.sounds.wake();
    const first = performance.now() + EVERY_MS;
    let next = 0;
    const click = () => {
      const in_ms = first + next * EVERY_MS - performance.now();
      if (in_ms > EVERY_MS) return;
      session.sounds.click(Math.max(in_ms, 1) / 1000, next % 4 === 0);
      next += 1;
    };
    measuring = { first, taps: [], timer: setInterval(click, EVERY_MS / 4) };
    measure.textContent = texts.latency_stop;
    told.textContent = fill(texts.latency_taps, { count: 0 });
    measure.blur(); // so that the space bar taps
  }

  function stop() {
    clearInterval(measuring.timer);
    session.sounds.silence();
    measuring = null;
    measure.textContent = texts.latency_start;
    told.textContent = '';
  }

  function tap(at) {
    measuring.taps.push(at);
    told.textContent = fill(texts.latency_taps, { count: measuring.taps.length });
    if (measuring.taps.length < TAPS) return;
    const ms = tapOffset(measuring.taps, measuring.first, EVERY_MS);
    stop();
    if (ms !== null) setOffset(ms);
    told.textContent = ms === null ? texts.latency_unsure : fill(texts.latency_result, { ms });
  }

  function draw() {
    keyList.replaceChildren(...LANES.map((lane) => assignButton('key', lane)));
    padList.replaceChildren(...LANES.map((lane) => assignButton('pad', lane)));
    offset.value = preferences.offset_ms;
    connect.hidden = !Inputs.hasMidi || Boolean(inputs.access);
    const names = inputs.devices.map((device) => device.name).join(', ');
    if (inputs.problem || !Inputs.hasMidi) devices.textContent = texts[inputs.problem === 'refused' ? 'midi_refused' : 'midi_none'];
    else if (inputs.access) devices.textContent = names ? fill(texts.connected, { names }) : texts.connected_none;
  }

  const close = el('button', { type: 'button', class: 'bb-button bb-main', onclick: onClose }, texts.setup_close);
  const node = el('section', { class: 'bbd-sheet', 'aria-labelledby': 'bbd-setup-title', hidden: true },
    el('h3', { id: 'bbd-setup-title' }, texts.setup),
    el('h4', {}, texts.latency), el('p', { class: 'bbd-note' }, texts.latency_help),
    el('div', { class: 'bbd-buttons' }, measure, offset, el('span', {}, 'ms')), told,
    el('h4', {}, texts.keys), el('p', { class: 'bbd-note' }, texts.keys_help), keyList, resetButton('keys', DEFAULT_KEYS),
    el('h4', {}, texts.pads), el('p', { class: 'bbd-note' }, texts.pads_help), el('div', { class: 'bbd-buttons' }, connect), devices, padList, resetButton('pads', DEFAULT_PADS),
    el('div', { class: 'bbd-buttons' }, close));

  return {
    node,
    draw,
    focus: () => close.focus({ preventScroll: true }),
    // A key or pad that is being assigned.
    takes(kind, value) {
      if (node.hidden || !waiting || waiting.kind !== kind) return false;
      const { lane } = waiting;
      waiting = null;
      if (value !== 'Escape') (kind === 'key' ? assignKey : assignPad)(preferences, value, lane);
      keep({});
      draw();
      (kind === 'key' ? keyList : padList).querySelector(`[data-lane="${lane}"]`).focus();
      return true;
    },
    // A hit that measures the latency.
    taps(clock) {
      if (!measuring) return false;
      tap(clock);
      return true;
    },
    closed() {
      waiting = null;
      if (measuring) stop();
    },
  };
}
