// Judges hits on notes. No page and no sound: times are seconds of the music.
// Windows to both sides, in ms; the two inner ones are those of DTXMania, which also counts hits up
// to 117 ms as poor. What is further away hits nothing.
export const WINDOWS_MS = { perfect: 34, great: 67, good: 100 };
export const JUDGEMENTS = ['perfect', 'great', 'good', 'miss'];
export const LANES = ['LC', 'HH', 'LP', 'SD', 'HT', 'BD', 'LT', 'FT', 'CY', 'RD'];
const WEIGHTS = { perfect: 1, great: 0.6, good: 0.3, miss: 0 };
const MOST = 1_000_000;
const COMBO_SHARE = 0.15; // of the score; the rest is accuracy
const LAST_MS = WINDOWS_MS.good;

// A kit has fewer cymbals than the lanes, and one pedal may play both bass drums: a hit that finds
// no note on its own lane is tried on these.
const ALSO = {
  LC: [['CY']], CY: [['LC'], ['RD']], RD: [['CY']], BD: [['LP', 'kick_left']], LP: [['BD', 'kick']],
};

export const judgementOf = (ms) => ['perfect', 'great', 'good'].find((name) => Math.abs(ms) <= WINDOWS_MS[name]) || null;

export class Judge {
  // `notes`: { time, lane, kind }, sorted by time; `speed`: of the music, so that the windows stay
  // those of the person's own time.
  constructor(notes, { speed = 1 } = {}) {
    this.speed = speed;
    this.notes = notes.map((note) => ({ ...note, judgement: null, ms: null }));
    this.lanes = Object.fromEntries(LANES.map((lane) => [lane, this.notes.filter((note) => note.lane === lane)]));
    this.first = Object.fromEntries(LANES.map((lane) => [lane, 0]));
    this.next = 0; // of all notes: the first one that may still be missed
    this.counts = { perfect: 0, great: 0, good: 0, miss: 0 };
    this.combo = 0;
    this.longest = 0;
    this.strays = 0;
  }

  get judged() { return JUDGEMENTS.reduce((sum, name) => sum + this.counts[name], 0); }
  get hits() { return this.judged - this.counts.miss; }
  get finished() { return this.judged === this.notes.length; }

  // Of the notes judged so far, 0..1.
  get accuracy() {
    const won = JUDGEMENTS.reduce((sum, name) => sum + this.counts[name] * WEIGHTS[name], 0);
    return this.judged ? won / this.judged : 0;
  }

  get score() {
    const all = this.notes.length;
    if (!all) return 0;
    const accuracy = this.accuracy * (this.judged / all);
    return Math.round(MOST * ((1 - COMBO_SHARE) * accuracy + COMBO_SHARE * (this.longest / all)));
  }

  // Returns the note that was hit, with its judgement and how late it was in ms; null for none.
  hit(lane, time) {
    let note = this.#nearest(lane, time);
    for (const [other, kind] of ALSO[lane] || []) note ??= this.#nearest(other, time, kind);
    if (!note) {
      this.strays += 1;
      return null;
    }
    note.ms = this.#late(note, time);
    this.#settle(note, judgementOf(note.ms));
    return note;
  }

  // Notes that can no longer be hit are missed; returns them.
  advance(time) {
    const missed = [];
    while (this.next < this.notes.length && this.#late(this.notes[this.next], time) > LAST_MS) {
      const note = this.notes[this.next];
      this.next += 1;
      if (note.judgement) continue;
      this.#settle(note, 'miss');
      missed.push(note);
    }
    return missed;
  }

  // As it is kept: times are positive where hits were late.
  result() {
    return {
      score: this.score,
      accuracy: this.accuracy,
      speed: this.speed,
      longest_combo: this.longest,
      counts: { ...this.counts },
      mean_ms: mean(this.notes),
      lanes: Object.fromEntries(LANES.filter((lane) => this.lanes[lane].some((note) => note.judgement)).map((lane) => {
        const notes = this.lanes[lane].filter((note) => note.judgement);
        const misses = notes.filter((note) => note.judgement === 'miss').length;
        return [lane, { hits: notes.length - misses, misses, mean_ms: mean(notes) }];
      })),
    };
  }

  #late(note, time) { return ((time - note.time) * 1000) / this.speed; }

  #nearest(lane, time, kind = null) {
    const notes = this.lanes[lane];
    let found = null;
    while (this.first[lane] < notes.length && this.#late(notes[this.first[lane]], time) > LAST_MS) this.first[lane] += 1;
    for (let at = this.first[lane]; at < notes.length; at += 1) {
      const late = this.#late(notes[at], time);
      if (late < -LAST_MS) break;
      const free = !notes[at].judgement && (!kind || notes[at].kind === kind);
      if (free && (!found || Math.abs(late) < Math.abs(this.#late(found, time)))) found = notes[at];
    }
    return found;
  }

  #settle(note, judgement) {
    note.judgement = judgement;
    this.counts[judgement] += 1;
    this.combo = judgement === 'miss' ? 0 : this.combo + 1;
    this.longest = Math.max(this.longest, this.combo);
  }
}

function mean(notes) {
  const times = notes.filter((note) => note.ms !== null).map((note) => note.ms);
  return times.length ? times.reduce((sum, ms) => sum + ms, 0) / times.length : null;
}

// The offset of taps to clicks that come every `every` ms, all in ms of one clock; null where the
// taps are too few or too uneven to tell. The middle one counts: a slip does not move it.
export function tapOffset(taps, first, every, { least = 6, spread = 90 } = {}) {
  const offsets = taps.map((tap) => tap - first - Math.round((tap - first) / every) * every).sort((a, b) => a - b);
  if (offsets.length < least) return null;
  const quarter = Math.floor(offsets.length / 4);
  if (offsets[offsets.length - 1 - quarter] - offsets[quarter] > spread) return null;
  return Math.round(offsets[Math.floor(offsets.length / 2)]);
}
