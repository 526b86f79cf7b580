// One chart being played: music, notes, judging, loop, sounds. No elements of the page.
import { Judge } from './judge.js';
import { Sounds } from './sounds.js';
import { Ahead, barAt, loopTimes, notesOf } from './timeline.js';
import { Transport } from './transport.js';

const AHEAD_S = 0.15; // sounds are timed so far ahead
const LEAD_S = 2; // before the first note
const TAIL_S = 1.5; // after the last one
const EDGE_S = 0.1; // around the border of a loop a hit may belong to the other side
const SOUND_OF = {
  LC: ['crash_left', 'crash'], HH: ['hat_closed', 'hat_open'], LP: ['hat_pedal', 'kick_left'], SD: ['snare'], HT: ['tom_high'], BD: ['kick'],
  LT: ['tom_low'], FT: ['tom_floor'], CY: ['crash', 'crash_left'], RD: ['ride'],
};

export class Session {
  // `on`: changed() · hit(lane, note) · missed(note) · passed(note) · finished(result, whole)
  constructor(chart, preferences, on) {
    this.chart = chart;
    this.preferences = preferences;
    this.on = on;
    this.sounds = new Sounds(chart.sounds);
    this.transport = new Transport({ onState: () => on.changed() });
    this.loop = null;
    this.clicks = new Ahead(chart.beats, (beat) => beat, (beat) => this.#click(beat));
    this.isBar = new Set(chart.bars);
    this.hasReduced = Boolean(chart.music.reduced);
    this.#loadMusic();
    const levels = Object.keys(chart.levels);
    this.setLevel(levels.includes(preferences.level) ? preferences.level : levels[levels.length - 1]);
  }

  get time() { return this.transport.time; }
  get playing() { return this.transport.running; }
  get bar() { return barAt(this.chart.bars, this.time); }
  get begin() { return Math.min(0, (this.notes.length ? this.notes[0].time : 0) - LEAD_S); }
  get end() { return Math.max(this.chart.duration_s, (this.notes.length ? this.notes[this.notes.length - 1].time : 0) + TAIL_S); }

  setLevel(level) {
    this.level = level;
    this.notes = notesOf(this.chart.levels[level]);
    this.strokes = new Ahead(this.notes, (note) => note.time, (note) => this.#stroke(note));
    this.seenNotes = new Ahead(this.notes, (note) => note.time, (note) => this.on.passed(note));
    this.restart({ play: false });
  }

  play() {
    this.sounds.wake();
    if (this.time >= this.end - 0.05) this.restart({ play: false });
    this.transport.play();
  }

  pause() {
    this.transport.pause();
    this.sounds.silence();
  }

  toggle() { return this.playing ? this.pause() : this.play(); }

  restart({ play = true } = {}) {
    if (!play) this.pause();
    this.#go(this.loop ? this.loop.start : this.begin);
    if (play) this.play();
  }

  seek(time) { this.#go(Math.min(Math.max(time, this.begin), this.end)); }

  seekBars(count) {
    const { bars } = this.chart;
    this.seek(bars[Math.min(Math.max(this.bar + count, 0), bars.length - 2)]);
  }

  setSpeed(speed) {
    this.transport.setSpeed(speed);
    this.#go(this.time);
  }

  // The first and the last bar; null ends the loop.
  setLoop(from, to) {
    this.loop = from === null ? null : loopTimes(this.chart.bars, from, to);
    const inside = this.loop && this.time >= this.loop.start && this.time < this.loop.end;
    this.#go(this.loop && !inside ? this.loop.start : this.time);
  }

  setSwitch(name, on) {
    this.preferences[name] = on;
    if (name === 'reduced') this.#loadMusic();
    this.#seekSounds();
  }

  // `clock`: when it was hit, as `performance.now()`.
  hit(lane, clock, volume = 1) {
    this.sounds.wake();
    const time = this.transport.timeAt(clock - this.preferences.offset_ms);
    const note = this.playing ? this.#judged(lane, time) : null;
    if (this.preferences.hits) this.sounds.drum(this.#soundOf(lane, note), 0, volume);
    this.on.hit(lane, note);
    return note;
  }

  // Every frame.
  frame() {
    if (!this.playing) return;
    this.transport.tick();
    const { time } = this;
    if (this.before && this.loop && time > this.loop.start + EDGE_S) this.before = null;
    const until = this.loop ? Math.min(time + AHEAD_S, this.loop.end) : time + AHEAD_S;
    this.clicks.advance(until);
    this.strokes.advance(until);
    this.seenNotes.advance(time);
    this.judge.advance(time - this.preferences.offset_ms / 1000).forEach((note) => this.on.missed(note));
    if (this.loop && time >= this.loop.end) this.#again();
    else if (time >= this.end) this.#finish();
  }

  close() {
    this.transport.close();
    this.sounds.close();
  }

  #loadMusic() {
    const { music } = this.chart;
    this.transport.load((this.preferences.reduced && music.reduced) || music.full);
  }

  #go(time) {
    this.sounds.silence();
    this.transport.seek(time);
    this.before = null;
    this.judge = this.#judgeFrom(time);
    this.after = this.loop && this.#judgeFrom(this.loop.start);
    const [first] = this.notes;
    this.whole = !this.loop && (!first || time < first.time - EDGE_S);
    this.#seekSounds();
    this.on.changed();
  }

  #judgeFrom(time) {
    const end = this.loop ? this.loop.end : Infinity;
    return new Judge(this.notes.filter((note) => note.time >= time - 0.001 && note.time < end - 0.001), { speed: this.transport.speed });
  }

  #judged(lane, time) {
    const { loop } = this;
    const length = loop ? loop.end - loop.start : 0;
    return (this.before && this.before.hit(lane, time + length))
      || this.judge.hit(lane, time)
      || (loop && time > loop.end - EDGE_S ? this.after.hit(lane, time - length) : null);
  }

  #again() {
    this.before = this.judge;
    this.judge = this.after;
    this.after = this.#judgeFrom(this.loop.start);
    this.transport.seek(this.loop.start);
    this.#seekSounds();
    this.on.changed();
  }

  #finish() {
    this.pause();
    this.judge.advance(Infinity);
    const { judge, whole } = this;
    if (judge.hits) this.on.finished(judge.result(), whole);
    this.#go(this.begin);
  }

  #seekSounds() { [this.clicks, this.strokes, this.seenNotes].forEach((one) => one.seek(this.time - 0.001)); }

  #inSeconds(time) { return Math.max((time - this.time) / this.transport.speed, 0); }

  #click(beat) {
    if (this.preferences.metronome) this.sounds.click(this.#inSeconds(beat), this.isBar.has(beat));
  }

  #stroke(note) {
    if (this.preferences.chart) this.sounds.drum(note.kind, this.#inSeconds(note.time), note.volume);
  }

  #soundOf(lane, note) {
    if (note) return note.kind;
    return SOUND_OF[lane].find((name) => name in this.chart.sounds) || SOUND_OF[lane][0];
  }
}
