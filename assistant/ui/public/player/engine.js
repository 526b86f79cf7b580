// What plays: follows the state of the server and reports to it. `version` says how new a state is,
// `started` the version at which its current track began.
import { Crossfade } from './crossfade.js';
import { Deck } from './deck.js';
import { ask, findAll, send, sendOnLeaving, setLike } from './requests.js';

const REPORT_EVERY_MS = 10000;
const PRELOAD_S = 20; // before the end
const WATCH_S = 1; // before the end the clock takes over from `timeupdate`, which comes four times a second
const LEAD_S = 0.02; // an element needs about this long to sound
const LATE_S = 0.2; // a crossfade that begins later would be off the beat
const NEAR_S = 0.05;
const AGAIN_AFTER_S = 3; // later than this "previous" begins the track again
const SKIP_BROKEN_MS = 3000;
const RADIO_KEY = 'backbeat-radio';
const RADIO_AHEAD = 2; // tracks that are left when more are asked for
const RESUME_KEY = 'backbeat-plays'; // of this tab: whether it sounded when it was left

class Engine {
  constructor() {
    this.listeners = new Set();
    // The tracks queued; its `id` is that of the table that shows it, from its entry `offset` on.
    this.list = null;
    this.at = -1;
    this.version = 0;
    this.started = 0;
    this.volume = 1;
    this.shuffle = false;
    this.repeat = 'off';
    this.reported = 0;
    this.changes = 0;
    this.handover = 0;
    this.crossfade = new Crossfade();
    this.radio = localStorage.getItem(RADIO_KEY) === 'on';
    this.continued = null; // the queue for which more was asked
    this.broken = 0; // tracks in a row that could not be played
    const hear = (name, deck) => this.#heard(name, deck);
    this.deck = new Deck(hear);
    this.standby = new Deck(hear);
    this.others = new BroadcastChannel('backbeat-player');
    this.others.onmessage = () => this.#silence(); // another tab sounds
    addEventListener('pagehide', () => this.#leave());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && this.audio.paused) this.refresh();
    });
  }

  get audio() { return this.deck.audio; }
  get track() { return (this.list && this.list[this.at]) || null; }
  get error() { return this.deck.broken; }
  get playing() { return !this.audio.paused && !this.error; }

  tell() { this.listeners.forEach((listener) => listener()); }

  // --- what the person does

  // A list of the page becomes the queue; it sounds before the server knows. The rest of what the
  // `query` finds (a query, or a function that returns ids), which the list does not show, comes behind it.
  async play(list, at = 0, query = null) {
    this.list = Object.assign(list.slice(), { id: list.id, offset: 0 });
    this.shuffle = false;
    this.#begin(at);
    const shown = list.map((track) => track.id);
    const mine = this.#change({ action: 'play', tracks: shown, place: at });
    if (!query) return;
    const { changes } = this;
    const found = await (typeof query === 'function' ? query() : findAll(query));
    await mine;
    const rest = found.filter((id) => !shown.includes(id));
    if (rest.length && changes === this.changes) this.#change({ action: 'append', tracks: rest });
  }

  // Tracks of which the page knows the ids alone become the queue; returns whether they did.
  async playIds(ids) {
    this.shuffle = false;
    const state = await this.#change({ action: 'play', tracks: ids, place: 0 });
    if (state && this.track && this.audio.paused) this.#sound();
    return Boolean(state);
  }

  jump(at) {
    if (!this.list || !this.list[at]) return;
    this.#begin(at);
    this.#change({ action: 'jump', place: at });
  }

  toggle = () => {
    if (!this.track) return;
    if (!this.audio.paused) this.pause();
    else if (this.error) this.#begin(this.at);
    else this.#sound();
  };

  pause() {
    this.crossfade.end(this.deck);
    this.deck.pause();
  }

  next() {
    const at = this.#behind();
    if (at >= 0) this.jump(at);
    else this.#change({ action: 'next' });
  }

  previous() {
    if (this.audio.currentTime > AGAIN_AFTER_S) this.seek(0);
    else if (this.at > 0) this.jump(this.at - 1);
    else if (this.repeat === 'all' && this.list) this.jump(this.list.length - 1);
    else this.seek(0);
  }

  seek(seconds) {
    const end = Math.max(this.deck.duration - 0.1, 0);
    this.crossfade.end(this.deck);
    this.deck.seek(Math.min(Math.max(seconds, 0), end));
    this.tell();
  }

  setVolume(volume) {
    this.#turn(Math.min(Math.max(volume, 0), 1));
    clearTimeout(this.volumeTimer);
    this.volumeTimer = setTimeout(() => this.#change({ action: 'volume', volume: this.volume }), 200);
    this.tell();
  }

  setShuffle(on) { this.shuffle = on; this.tell(); return this.#change({ action: 'shuffle', on }); }

  cycleRepeat() {
    const kinds = ['off', 'all', 'one'];
    this.repeat = kinds[(kinds.indexOf(this.repeat) + 1) % kinds.length];
    this.tell();
    return this.#change({ action: 'repeat', repeat: this.repeat });
  }

  insert(ids) { return this.#change({ action: 'insert', tracks: ids }); }
  append(ids) { return this.#change({ action: 'append', tracks: ids }); }
  move(place, to) { return this.#change({ action: 'move', place, to }); }
  remove(place) { return this.#change({ action: 'remove', place }); }
  clear() { return this.#change({ action: 'clear' }); }
  undo() { return this.#change({ action: 'undo' }); }

  setCrossfade(on) {
    this.crossfade.set(on);
    this.#cancelHandover();
    this.tell();
  }

  // "Keep going": the queue goes on with what is like its last tracks.
  setRadio(on) {
    this.radio = on;
    this.continued = null;
    localStorage.setItem(RADIO_KEY, on ? 'on' : 'off');
    this.#keepGoing();
    this.tell();
  }

  async like(track, liked) {
    const same = (this.list || []).filter((other) => other.id === track.id);
    const mark = (value) => { same.forEach((other) => { other.liked = value; }); this.tell(); };
    mark(liked);
    const done = await setLike(track, liked);
    if (!done) mark(!liked);
    return done;
  }

  // --- what the server says

  // An element shows the state of `version`: it is applied, unless there is a newer one by now.
  async follow(version, source) {
    if (version > this.version) {
      const state = await ask();
      if (state && state.version === version) this.#apply(state);
    }
    if (version === this.version && this.list && source) Object.assign(this.list, source);
    this.tell();
  }

  // Shows a newer state without a sound: another tab may play it.
  async refresh() {
    const state = await ask();
    if (state && state.version > this.version) this.#apply({ ...state, playing: false });
  }

  // After a reload the music goes on where it was, if the browser allows it.
  async restore() {
    const sounded = sessionStorage.getItem(RESUME_KEY) === 'yes';
    sessionStorage.removeItem(RESUME_KEY);
    await this.refresh();
    if (sounded && this.track && this.audio.paused) this.#sound();
  }

  #apply(state, own = false) {
    if (state.version <= this.version) return;
    const track = state.tracks[state.place];
    const before = this.track;
    const anew = !before || !track || before.id !== track.id || (!own && state.started !== this.started);
    this.version = state.version;
    this.started = state.started;
    this.shuffle = state.shuffle;
    this.repeat = state.repeat;
    this.#turn(state.volume);
    const source = sameTracks(this.list, state.tracks) ? { id: this.list.id, offset: this.list.offset } : { id: 'queue', offset: 0 };
    this.list = Object.assign(state.tracks, source);
    this.at = track ? state.place : -1;
    if (!track) {
      this.crossfade.end();
      this.deck.empty();
    } else {
      if (anew) this.#load(track, state.seconds);
      this.deck.track = track;
      this.deck.level();
      // an edit of the queue does not begin to sound: another tab may play
      if (state.playing && this.audio.paused && (!own || this.deck.wanted)) this.#sound();
      if (!state.playing) this.pause();
    }
    this.#forgetStandby();
    this.tell();
  }

  // What the page did by itself; a reply that came after a later change is out of date.
  #change(body) {
    const mine = ++this.changes;
    return send(body, (state) => mine === this.changes && this.#apply(state, true));
  }

  #report({ ended = false, track = this.track } = {}) {
    if (!track || !this.version) return Promise.resolve(null);
    this.reported = Date.now();
    const playing = ended || !this.audio.paused;
    const told = { action: 'report', track: track.id, seconds: this.audio.currentTime || 0, playing, ended };
    return send(() => ({ ...told, version: this.version }), (state) => this.#apply(state, ended));
  }

  #leave() {
    if (!this.track) return;
    const sounds = !this.audio.paused;
    if (sounds) sessionStorage.setItem(RESUME_KEY, 'yes');
    if (!sounds || !this.version) return;
    const { version, track, audio } = this;
    sendOnLeaving({ action: 'report', version, track: track.id, seconds: audio.currentTime, playing: false });
  }

  // --- sound

  #begin(at) {
    this.at = at;
    this.#load(this.list[at], 0);
    this.#sound();
    this.tell();
  }

  // Takes the deck that waits, where it has the track already.
  #load(track, seconds) {
    this.#cancelHandover();
    this.crossfade.end(this.deck);
    if (seconds === 0 && this.standby.ready && this.standby.track.id === track.id) {
      const old = this.deck;
      [this.deck, this.standby] = [this.standby, old];
      this.deck.track = track;
      this.deck.wanted = old.wanted;
      if (this.audio.currentTime > NEAR_S) this.deck.seek(0);
      old.empty();
      return;
    }
    this.deck.audio.pause();
    this.deck.load(track, seconds);
  }

  async #sound() {
    if (!(await this.deck.play())) this.#report();
  }

  #silence() {
    if (!this.audio.paused) {
      this.silenced = true; // the other tab tells the server
      this.pause();
    }
  }

  #turn(volume) {
    this.volume = volume;
    [this.deck, this.standby].forEach((deck) => { deck.volume = volume; deck.level(); });
  }

  // The place that comes when the person asks for the next track; -1: none.
  #behind() {
    if (!this.list || !this.list.length) return -1;
    if (this.at + 1 < this.list.length) return this.at + 1;
    return this.repeat === 'all' ? 0 : -1;
  }

  #upcoming() { return this.repeat === 'one' ? this.at : this.#behind(); }

  #forgetStandby() {
    const next = this.list && this.list[this.#upcoming()];
    if (this.standby.track && (!next || next.id !== this.standby.track.id)) this.standby.empty();
  }

  #cancelHandover() {
    clearTimeout(this.handover);
    this.handover = 0;
  }

  #keepGoing() {
    const { list } = this;
    if (!this.radio || this.repeat !== 'off' || !list || !list.length || list.length - this.at > RADIO_AHEAD) return;
    const queue = list.map((track) => track.id).join();
    if (queue === this.continued) return;
    this.continued = queue;
    this.#change({ action: 'continue' });
  }

  #watchTheEnd() {
    const { deck, standby, crossfade } = this;
    const next = this.list && this.list[this.#upcoming()];
    if (!next || deck.audio.paused || crossfade.old) return;
    const found = crossfade.plan(deck.track, next);
    if (found === undefined) return; // the server has not said yet
    const plan = found && deck.leftUntil(found.start_s) > -LATE_S ? found : null;
    const left = deck.leftUntil(plan ? plan.start_s : deck.duration);
    const entry = plan ? plan.entry_s : 0;
    if (left > PRELOAD_S) return;
    if (!standby.track) {
      standby.audio.defaultPlaybackRate = deck.audio.defaultPlaybackRate;
      standby.load(next, entry, { ahead: true });
    } else if (standby.ready && Math.abs(standby.audio.currentTime - entry) > NEAR_S) {
      standby.seek(entry);
    }
    if (left < WATCH_S && !this.handover) {
      this.handover = setTimeout(() => this.#handOver(deck, plan), Math.max(left - LEAD_S, 0) * 1000);
    }
  }

  // The next track begins while the last samples, or with a plan the last bars, of this one sound.
  #handOver(deck, plan) {
    this.handover = 0;
    const { standby } = this;
    if (deck !== this.deck || deck.audio.paused || !standby.ready) return;
    const at = this.#upcoming();
    if (!this.list[at] || this.list[at].id !== standby.track.id) return;
    this.#report({ ended: true });
    [this.deck, this.standby] = [standby, deck];
    this.at = at;
    deck.leave();
    if (plan && deck.connect() && standby.connect()) this.crossfade.begin(deck, standby, plan);
    else standby.play();
    this.tell();
  }

  async #ended() {
    const at = this.#upcoming();
    const told = await this.#report({ ended: true });
    if (!told && at >= 0) this.#begin(at);
    if (told && !told.playing) this.deck.seek(0); // so that it plays again from its beginning
  }

  #heard(name, deck) {
    if (deck !== this.deck) return;
    if (name === 'broken') this.#skipBroken();
    if (name === 'ended') this.#ended();
    if (name === 'seeked') this.#cancelHandover();
    if (name === 'timeupdate') {
      if (deck.audio.currentTime > 0) this.broken = 0;
      if (!deck.audio.paused && Date.now() - this.reported > REPORT_EVERY_MS) this.#report();
      this.#watchTheEnd();
      if (!deck.audio.paused) this.#keepGoing();
    }
    if (name === 'play') {
      this.others.postMessage('plays');
      this.#report();
    }
    if (name === 'pause' && !deck.audio.ended) {
      if (!this.silenced) this.#report();
      this.silenced = false;
    }
    this.tell();
  }

  #skipBroken() {
    this.broken += 1;
    const { track } = this;
    if (this.broken > this.list.length || this.#behind() < 0) return;
    setTimeout(() => { if (this.track === track && this.error) this.next(); }, SKIP_BROKEN_MS);
  }
}

function sameTracks(one, other) {
  return Boolean(one) && one.length === other.length && one.every((track, at) => track.id === other[at].id);
}

export const createEngine = () => new Engine();
