// What a person set for the lanes, kept in the browser: keys, pads, latency, switches.
import { LANES } from './judge.js';

const KEY = 'backbeat-lanes';

// `code` of a keyboard key (its place, whatever is printed on it) → lane.
export const DEFAULT_KEYS = {
  KeyA: 'LC', KeyS: 'HH', KeyX: 'LP', KeyD: 'SD', KeyF: 'HT', Space: 'BD', KeyJ: 'LT', KeyK: 'FT', KeyL: 'CY', Semicolon: 'RD',
};

// Note of the General MIDI drum map, with the edges and rims of common kits → lane.
export const DEFAULT_PADS = {
  35: 'BD', 36: 'BD', 37: 'SD', 38: 'SD', 39: 'SD', 40: 'SD', 41: 'FT', 43: 'FT', 58: 'FT', 22: 'HH', 26: 'HH', 42: 'HH', 46: 'HH',
  44: 'LP', 45: 'LT', 47: 'LT', 48: 'HT', 50: 'HT', 49: 'LC', 55: 'LC', 52: 'CY', 57: 'CY', 51: 'RD', 53: 'RD', 59: 'RD',
};

const DEFAULTS = {
  keys: DEFAULT_KEYS, pads: DEFAULT_PADS, offset_ms: 0, midi: false, metronome: false, reduced: false, chart: false, hits: true, level: null, pace: 1,
};

function known(map) {
  return Object.fromEntries(Object.entries(map || {}).filter(([, lane]) => LANES.includes(lane)));
}

export function loadPreferences() {
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem(KEY)) || {};
  } catch { /* none, or broken: the defaults */ }
  const all = { ...DEFAULTS, ...kept };
  return { ...all, keys: kept.keys ? known(kept.keys) : { ...DEFAULT_KEYS }, pads: kept.pads ? known(kept.pads) : { ...DEFAULT_PADS } };
}

export function savePreferences(preferences) {
  localStorage.setItem(KEY, JSON.stringify(preferences));
}

// A key or pad plays one lane; a lane may have several pads and one key.
export function assignKey(preferences, code, lane) {
  const others = Object.entries(preferences.keys).filter(([other, of]) => of !== lane && other !== code);
  preferences.keys = { ...Object.fromEntries(others), [code]: lane };
}

export function assignPad(preferences, note, lane) {
  preferences.pads = { ...preferences.pads, [note]: lane };
}

let layout = null;
if (navigator.keyboard && navigator.keyboard.getLayoutMap) {
  navigator.keyboard.getLayoutMap().then((map) => { layout = map; }).catch(() => {});
}

// What is printed on the key of a lane, as far as the browser knows it.
export function keyName(preferences, lane, space) {
  const code = Object.keys(preferences.keys).find((one) => preferences.keys[one] === lane);
  if (!code) return '';
  const printed = layout && layout.get(code);
  if (printed && printed.trim()) return printed.toUpperCase();
  if (code === 'Space') return space;
  if (code === 'Semicolon') return ';';
  return code.replace(/^(Key|Digit)/, '').replace('Arrow', '');
}
