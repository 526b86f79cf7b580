// The notes, bars and beats of a chart, and where one is among them.
export const notesOf = (level) => level.notes.map(([time, lane, kind, volume]) => ({ time, lane, kind, volume }));

// Index of the first of sorted values that is not below `value`; `of` reads a value of an item.
export function lowerBound(items, value, of = (item) => item) {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (of(items[middle]) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Index of the bar that holds a time; times before the first bar belong to it.
export function barAt(bars, time) {
  return Math.max(lowerBound(bars, time + 1e-6) - 1, 0);
}

// The times of a loop from the beginning of one bar to the end of another; bars count from 0, as in
// the DTX file and its picture.
export function loopTimes(bars, one, other) {
  const inside = (bar) => Math.min(Math.max(bar, 0), bars.length - 2);
  const [from, to] = [inside(Math.min(one, other)), inside(Math.max(one, other))];
  return { from, to, start: bars[from], end: bars[to + 1] };
}

// Calls back for what comes, once each, a little ahead, so that sounds can be timed exactly.
export class Ahead {
  constructor(items, of, act) {
    this.items = items;
    this.of = of;
    this.act = act;
    this.at = 0;
  }

  seek(time) { this.at = lowerBound(this.items, time, this.of); }

  advance(until) {
    while (this.at < this.items.length && this.of(this.items[this.at]) < until) {
      this.act(this.items[this.at]);
      this.at += 1;
    }
  }
}
