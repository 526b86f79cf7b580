// The rows of a table: those of the answer, further ones from the server, other orders.
const AT_ONCE = 200;
const AT_MOST = 1000; // rows that are fetched at once by "all"
export const STEP = 50;
export const COLUMNS = ['title', 'artist', 'bpm', 'key', 'energy', 'length'];
export const FALLING_FIRST = ['energy']; // the first press sorts the other way round

const words = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });
const VALUES = {
  title: (track) => track.title,
  artist: (track) => track.artist,
  bpm: (track) => track.bpm,
  key: (track) => track.camelot && parseInt(track.camelot, 10) * 2 + (track.camelot.endsWith('B') ? 1 : 0),
  energy: (track) => track.energy,
  length: (track) => track.duration_s,
};

// What has no value comes last either way.
export function sorted(tracks, { by, descending }) {
  const value = VALUES[by];
  const compare = (a, b) => (typeof a === 'string' ? words.compare(a, b) : a - b);
  return tracks.slice().sort((one, other) => {
    const [a, b] = [value(one) ?? null, value(other) ?? null];
    if (a === null || b === null) return (a === null) - (b === null);
    return descending ? compare(b, a) : compare(a, b);
  });
}

export class Rows {
  // `query`: a search that has further rows; without it the rows of the answer are all there are.
  constructor({ tracks, query, total, seen, rows_shown: first, language }) {
    this.answer = tracks;
    this.loaded = tracks;
    this.query = query;
    this.seen = seen || [];
    this.language = language;
    this.total = query ? Math.max(total, tracks.length) : tracks.length;
    this.count = first;
    this.order = null;
  }

  get shown() { return this.loaded.slice(0, this.count); }
  get complete() { return this.loaded.length >= this.total; }
  get left() { return Math.max(this.total - Math.min(this.count, this.loaded.length), 0); }
  get canShowAll() { return this.left > 0 && this.total <= AT_MOST; }

  // True once they are shown; false if the server could not give them.
  async show(count) {
    const wanted = Math.min(count, this.total);
    while (this.loaded.length < wanted) {
      const found = await this.#fetch(this.loaded, Math.min(wanted - this.loaded.length, AT_ONCE), this.order);
      if (!found) return false;
      this.#add(found);
      if (!found.tracks.length) break;
    }
    this.count = count;
    return true;
  }

  // `order` is `{ by, descending }`; null for that of the answer.
  async sort(order) {
    if (!order) {
      this.loaded = this.answer;
    } else if (!this.query || this.complete) {
      this.loaded = sorted(this.answer.length >= this.loaded.length ? this.answer : this.loaded, order);
    } else {
      const found = await this.#fetch([], Math.min(this.count, AT_ONCE), order);
      if (!found) return false;
      this.loaded = [];
      this.order = order;
      this.#add(found);
    }
    this.count = Math.min(this.count, this.loaded.length);
    this.order = order;
    return true;
  }

  // Ids of the tracks behind those that are loaded, for the queue.
  rest(atMost = AT_ONCE) {
    if (!this.query || this.complete) return null;
    const { loaded, order } = this;
    return async () => {
      const further = [];
      while (further.length < atMost) {
        const found = await this.#fetch([...loaded, ...further], Math.min(atMost - further.length, AT_ONCE), order);
        if (!found || !found.tracks.length) break;
        further.push(...found.tracks);
      }
      return further.map((track) => track.id);
    };
  }

  #add({ tracks, total }) {
    const known = new Set(this.loaded.map((track) => track.id));
    this.loaded = [...this.loaded, ...tracks.filter((track) => !known.has(track.id))];
    this.total = tracks.length ? Math.max(total - this.seen.length, this.loaded.length) : this.loaded.length;
    if (!this.order) this.answer = this.loaded;
  }

  async #fetch(before, count, order) {
    const body = { query: this.query, seen: [...this.seen, ...before.map((track) => track.id)], count, language: this.language };
    if (order) body.order = order;
    try {
      const reply = await fetch('/api/tracks/rows', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
      return reply.ok ? await reply.json() : null;
    } catch {
      return null;
    }
  }
}
