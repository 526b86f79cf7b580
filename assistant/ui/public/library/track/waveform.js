// The waveform of a track with its bars and keys: what plays moves in it, a click goes there.
import { clock, el, fill } from '../../player/dom.js';
import { keyChip } from '../../panel/parts.js';
import { ask } from '../../panel/server.js';

const COLUMN_PX = 3; // a bar of 2 pixels, 1 apart
const BARS_APART_PX = 5; // nearer bars are not drawn one by one
const KEY_STEP_S = 5;
const HEIGHT = 120;

const colour = (name, alpha = 1) => `hsl(${getComputedStyle(document.documentElement).getPropertyValue(name)} / ${alpha})`;

// Values of `columns` parts, each the highest of those it covers, 0..1.
export function resampled(values, columns) {
  return Array.from({ length: columns }, (_, at) => {
    const from = Math.floor((at * values.length) / columns);
    const to = Math.max(from + 1, Math.floor(((at + 1) * values.length) / columns));
    return Math.max(...values.slice(from, to)) / 255;
  });
}

// Every bar, or every second, fourth, … so that they can be told apart; times in seconds.
export function drawnBars(bars, duration, width) {
  let step = 1;
  while ((bars.length / step) * BARS_APART_PX > (width * (bars.at(-1) - bars[0] || 1)) / duration) step *= 2;
  return bars.filter((_, at) => at % step === 0);
}

export function createWaveform({ player, texts }, view) {
  const { track, beats, sections } = view;
  const duration = track.duration_s || 1;
  const canvas = el('canvas', { class: 'bbl-wave', 'aria-hidden': 'true' });
  const tip = el('span', { class: 'bbl-tip', 'aria-hidden': 'true', hidden: true });
  const slider = el('div', {
    class: 'bbl-seek', role: 'slider', tabindex: 0, 'aria-label': fill(texts.seek, { title: track.title }), 'aria-valuemin': 0, 'aria-valuemax': Math.round(duration),
    onclick: (event) => goTo(timeAt(event)), onpointermove: showTip, onpointerleave: () => { tip.hidden = true; }, onkeydown: press,
  }, canvas, tip);
  const state = el('p', { class: 'bbl-dim bbl-wave-state', role: 'status' }, texts.wave_loading);
  const keys = el('div', { class: 'bbl-keys', role: 'list', 'aria-label': texts.keys }, ...sections.map((part) => {
    const name = `${clock(part.start_s)}–${clock(part.end_s)} ${part.name}`;
    const made = el('div', { class: 'bbl-key-part', role: 'listitem', title: name, 'aria-label': name }, part.camelot ? keyChip(part.camelot) : null, el('span', { class: 'bbl-file' }, part.name));
    made.style.left = `${(part.start_s / duration) * 100}%`;
    made.style.width = `${((part.end_s - part.start_s) / duration) * 100}%`;
    return made;
  }));
  const notes = el('p', { class: 'bbl-dim' }, [
    beats.origin ? fill(texts[`beats_${beats.origin}`], { beats: beats.beats_s.length.toLocaleString(texts.language), bars: beats.bars_s.length.toLocaleString(texts.language) }) : texts.beats_none,
    sections.length ? null : texts.keys_none, texts.sections_none,
  ].filter(Boolean).join(' '));
  const node = el('section', { class: 'bbl-box bbl-waves', 'aria-label': texts.waveform }, state, slider, sections.length ? keys : null, notes);
  let found = null;
  let frame = 0;
  let hover = null;

  const mine = () => Boolean(player.track) && player.track.id === track.id;
  const position = () => (mine() ? player.audio.currentTime || player.deck.seekTo || 0 : 0);
  const timeAt = (event) => {
    const { left, width } = slider.getBoundingClientRect();
    return Math.min(Math.max((event.clientX - left) / width, 0), 1) * duration;
  };

  function goTo(seconds) {
    if (!mine()) player.play(Object.assign([track], { id: `track-${track.id}` }), 0);
    player.seek(seconds);
    draw();
  }

  function press(event) {
    const at = position();
    const to = { ArrowLeft: at - KEY_STEP_S, ArrowDown: at - KEY_STEP_S, ArrowRight: at + KEY_STEP_S, ArrowUp: at + KEY_STEP_S, Home: 0, End: duration - KEY_STEP_S, PageUp: at + 30, PageDown: at - 30 }[event.key];
    if (to === undefined && event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    if (to !== undefined) goTo(Math.max(to, 0));
    else if (mine()) player.toggle();
    else goTo(0);
  }

  function showTip(event) {
    hover = timeAt(event);
    const part = sections.findLast((one) => one.start_s <= hover);
    tip.textContent = [clock(hover), sections.length > 1 ? part?.name : null].filter(Boolean).join(' · ');
    tip.hidden = false;
    tip.style.left = `${Math.min(Math.max((hover / duration) * 100, 4), 92)}%`;
  }

  function draw() {
    const width = slider.clientWidth;
    const seconds = position();
    slider.setAttribute('aria-valuenow', Math.round(seconds));
    slider.setAttribute('aria-valuetext', fill(texts.seek_value, { at: clock(seconds), length: clock(duration, { length: true }) }));
    if (!width || !node.isConnected) return;
    const scale = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * scale)) {
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(HEIGHT * scale);
    }
    const pen = canvas.getContext('2d');
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, HEIGHT);
    if (beats.bars_s.length > 1) {
      pen.fillStyle = colour('--foreground', 0.12);
      drawnBars(beats.bars_s, duration, width).forEach((time) => pen.fillRect((time / duration) * width, 0, 1, HEIGHT));
    }
    const columns = Math.floor(width / COLUMN_PX);
    const peaks = found ? resampled(found.peaks, columns) : [];
    const levels = found ? resampled(found.levels, columns) : [];
    const loudest = Math.max(...peaks, 0.05);
    const played = (seconds / duration) * width;
    peaks.forEach((peak, at) => {
      const x = at * COLUMN_PX;
      const done = mine() && x < played;
      const bar = (value, alpha) => {
        const height = Math.max((value / loudest) * (HEIGHT - 8), 2);
        pen.fillStyle = done ? colour('--primary', alpha) : colour('--muted-foreground', alpha * 0.75);
        pen.fillRect(x, (HEIGHT - height) / 2, COLUMN_PX - 1, height);
      };
      bar(peak, 0.55);
      bar(levels[at], 1);
    });
    if (mine()) {
      pen.fillStyle = colour('--foreground');
      pen.fillRect(played - 1, 0, 2, HEIGHT);
    }
  }

  function follow() {
    cancelAnimationFrame(frame);
    if (!node.isConnected) return;
    draw();
    if (mine() && player.playing && !document.hidden) frame = requestAnimationFrame(() => setTimeout(follow, 60));
  }

  ask(`/api/browse/tracks/${track.id}/waveform`).then((waves) => {
    found = waves;
    state.hidden = true;
    draw();
  }).catch((refused) => { state.textContent = refused.message || texts.no_waveform; });
  player.listeners.add(follow);
  const sizes = new ResizeObserver(() => draw());
  sizes.observe(slider);
  const theme = new MutationObserver(() => draw());
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ['class'] });
  return {
    node,
    shown: follow,
    end() {
      cancelAnimationFrame(frame);
      player.listeners.delete(follow);
      sizes.disconnect();
      theme.disconnect();
    },
  };
}
