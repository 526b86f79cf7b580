// Draws the lanes: notes fall onto a line while the music plays. What it draws is handed in.
import { LANES } from './judge.js';
import { HUES, drawNote } from './note_shapes.js';
import { lowerBound } from './timeline.js';

const SHARES = { LC: 1.1, HH: 1, LP: 0.85, SD: 1.05, HT: 0.85, BD: 1.2, LT: 0.85, FT: 0.85, CY: 1.1, RD: 1 };
const WIDEST = 720;
const PADS = 64; // height of the row of lane names below the line
const FALL_S = 1.8; // a note is seen so long before its time, at a pace of 1
const FLASH_MS = 180;
const TEXT_MS = 520;
const JUDGED = {
  dark: { perfect: '#ffe27a', great: '#7dffa8', good: '#8fd3ff', miss: '#ff8f8f' },
  light: { perfect: '#7a5200', great: '#00652c', good: '#00549a', miss: '#a8181f' },
};
const GROUND = {
  dark: { back: '#0d0916', lane: ['#15101f', '#1a1427'], edge: '#2d2540', bar: '#a394c4', beat: '#3a3150', line: '#f5efff', name: '#f3edff', key: '#b9aed0', pad: '#221a33' },
  light: { back: '#ece8f4', lane: ['#ffffff', '#f6f3fb'], edge: '#d8d0e6', bar: '#6b5c88', beat: '#e0d9ec', line: '#2a1850', name: '#1f1533', key: '#5b5070', pad: '#e9e2f5' },
};

export class LanesCanvas {
  constructor(canvas, { keyName, words }) {
    this.canvas = canvas;
    this.brush = canvas.getContext('2d');
    this.keyName = keyName;
    this.words = words;
    this.calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.pace = 1;
    this.notes = [];
    this.bars = [];
    this.beats = [];
    this.loop = null;
    this.flashes = new Map(); // lane → { clock, hue }
    this.texts = new Map(); // lane → { clock, judgement, ms }
    this.frames = 0;
    this.resized = new ResizeObserver(() => this.#fit());
    this.resized.observe(canvas);
    this.#fit();
  }

  close() { this.resized.disconnect(); }

  flash(lane) { this.flashes.set(lane, performance.now()); }

  judge(lane, judgement, ms) { this.texts.set(lane, { clock: performance.now(), judgement, ms }); }

  clear() { this.flashes.clear(); this.texts.clear(); }

  // The lane below a place of the canvas, for touch; null beside them.
  laneAt(x) {
    return LANES.find((lane) => x >= this.places[lane].left && x < this.places[lane].left + this.places[lane].width) || null;
  }

  draw(time) {
    const { brush, height } = this;
    const dark = document.documentElement.classList.contains('dark');
    const ground = GROUND[dark ? 'dark' : 'light'];
    const line = height - PADS - 10;
    const perSecond = (line / FALL_S) * this.pace;
    const y = (at) => line - (at - time) * perSecond;
    const from = time - (PADS + 40) / perSecond;
    const to = time + line / perSecond + 0.2;
    const clock = performance.now();
    brush.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    brush.fillStyle = ground.back;
    brush.fillRect(0, 0, this.width, height);
    this.#drawLanes(ground, line, clock);
    this.#drawLoop(y, dark);
    this.#drawLines(this.beats, from, to, y, ground.beat, 1);
    this.#drawLines(this.bars, from, to, y, ground.bar, 1.5, true);
    brush.fillStyle = ground.line;
    brush.fillRect(this.left, line - 2, this.right - this.left, 4);
    this.#drawNotes(from, to, y, dark);
    this.#drawPads(ground, line);
    this.#drawTexts(line, clock, dark, ground.lane[0]);
    this.frames += 1;
  }

  #fit() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    this.scale = Math.min(devicePixelRatio || 1, 2);
    [this.width, this.height] = [width, height];
    this.canvas.width = Math.round(width * this.scale);
    this.canvas.height = Math.round(height * this.scale);
    const whole = Math.min(width, WIDEST);
    const sum = LANES.reduce((all, lane) => all + SHARES[lane], 0);
    this.left = (width - whole) / 2;
    this.right = this.left + whole;
    let at = this.left;
    this.places = Object.fromEntries(LANES.map((lane) => {
      const place = { left: at, width: (SHARES[lane] / sum) * whole };
      at += place.width;
      return [lane, place];
    }));
  }

  #drawLanes(ground, line, clock) {
    const { brush } = this;
    LANES.forEach((lane, number) => {
      const { left, width } = this.places[lane];
      brush.fillStyle = ground.lane[number % 2];
      brush.fillRect(left, 0, width, this.height);
      const age = clock - (this.flashes.get(lane) ?? -Infinity);
      if (age < FLASH_MS) {
        const strength = (1 - age / FLASH_MS) * (this.calm ? 0.25 : 0.6);
        const glow = brush.createLinearGradient(0, line, 0, line * 0.45);
        glow.addColorStop(0, `hsl(${HUES[lane]} 90% 60% / ${strength})`);
        glow.addColorStop(1, `hsl(${HUES[lane]} 90% 60% / 0)`);
        brush.fillStyle = glow;
        brush.fillRect(left, 0, width, line);
      }
      brush.fillStyle = ground.edge;
      brush.fillRect(left, 0, 1, this.height);
    });
    brush.fillRect(this.right - 1, 0, 1, this.height);
  }

  #drawLoop(y, dark) {
    if (!this.loop) return;
    const { brush } = this;
    brush.fillStyle = dark ? 'hsl(48 100% 60% / 0.08)' : 'hsl(262 80% 50% / 0.07)';
    brush.fillRect(this.left, y(this.loop.end), this.right - this.left, y(this.loop.start) - y(this.loop.end));
  }

  #drawLines(times, from, to, y, colour, thick, numbered = false) {
    const { brush } = this;
    brush.fillStyle = colour;
    brush.font = '11px system-ui, sans-serif';
    brush.textAlign = 'left';
    brush.textBaseline = 'alphabetic';
    for (let at = lowerBound(times, from); at < times.length && times[at] < to; at += 1) {
      const place = y(times[at]);
      brush.fillRect(this.left, place - thick / 2, this.right - this.left, thick);
      if (numbered) brush.fillText(String(at), this.left + 4, place - 4);
    }
  }

  #drawNotes(from, to, y, dark) {
    const { notes, places, brush } = this;
    for (let at = lowerBound(notes, from, (note) => note.time); at < notes.length && notes[at].time < to; at += 1) {
      const note = notes[at];
      if (note.judgement && note.judgement !== 'miss') continue;
      const { left, width } = places[note.lane];
      brush.globalAlpha = note.judgement === 'miss' ? 0.3 : 1;
      drawNote(brush, note, left + width / 2, y(note.time), width - Math.min(8, width * 0.16), dark);
    }
    brush.globalAlpha = 1;
  }

  #drawPads(ground, line) {
    const { brush } = this;
    brush.textAlign = 'center';
    brush.textBaseline = 'middle';
    LANES.forEach((lane) => {
      const { left, width } = this.places[lane];
      const middle = left + width / 2;
      brush.fillStyle = ground.pad;
      brush.beginPath();
      brush.roundRect(left + 2, line + 10, width - 4, PADS - 4, 6);
      brush.fill();
      brush.fillStyle = `hsl(${HUES[lane]} 85% ${ground === GROUND.dark ? 62 : 42}%)`;
      brush.fillRect(left + 6, line + 12, width - 12, 3);
      brush.fillStyle = ground.name;
      brush.font = '700 14px system-ui, sans-serif';
      brush.fillText(lane, middle, line + 31);
      brush.fillStyle = ground.key;
      brush.font = '12px system-ui, sans-serif';
      brush.fillText(this.keyName(lane), middle, line + 52);
    });
  }

  #drawTexts(line, clock, dark, halo) {
    const { brush } = this;
    brush.textAlign = 'center';
    brush.textBaseline = 'alphabetic';
    brush.strokeStyle = halo; // so that it is read over notes
    brush.lineWidth = 4;
    brush.lineJoin = 'round';
    const write = (text, x, y) => { brush.strokeText(text, x, y); brush.fillText(text, x, y); };
    this.texts.forEach(({ clock: since, judgement, ms }, lane) => {
      const age = (clock - since) / TEXT_MS;
      if (age > 1) return;
      const { left, width } = this.places[lane];
      const rise = this.calm ? 0 : 14 * age;
      brush.globalAlpha = 1 - age ** 3;
      brush.fillStyle = JUDGED[dark ? 'dark' : 'light'][judgement];
      brush.font = `800 ${width > 48 ? 13 : 10}px system-ui, sans-serif`;
      write(this.words[judgement], left + width / 2, line - 30 - rise);
      if (judgement !== 'miss' && judgement !== 'perfect') {
        brush.font = '11px system-ui, sans-serif';
        write(ms > 0 ? this.words.late : this.words.early, left + width / 2, line - 16 - rise);
      }
    });
    brush.globalAlpha = 1;
  }
}
