// The music under the lanes: one audio element, and a clock that follows it smoothly. Times are
// seconds of the recording; before its first sample the clock runs alone.
const SNAP_S = 0.15; // a larger difference is a jump
const PULL = 0.08; // share of a smaller difference that is taken back each frame
const READY = HTMLMediaElement.HAVE_CURRENT_DATA;
const UNREADABLE = 3;

export class Transport {
  constructor({ onState = () => {} } = {}) {
    this.audio = new Audio();
    this.audio.preload = 'auto';
    this.audio.preservesPitch = true;
    this.onState = onState;
    this.running = false;
    this.speed = 1;
    this.source = null; // { url, start_s }
    this.broken = false;
    this.reference = { clock: 0, time: 0 };
    this.waits = false; // for the element to begin
    this.audio.addEventListener('playing', () => { this.waits = false; this.#refer(this.audio.currentTime + this.source.start_s); });
    this.audio.addEventListener('error', () => this.#convert());
  }

  get time() { return this.timeAt(performance.now()); }

  // The position at a time of `performance.now()`, which events carry.
  timeAt(clock) {
    const { reference } = this;
    return this.running && !this.waits ? reference.time + ((clock - reference.clock) / 1000) * this.speed : reference.time;
  }

  load(source) {
    const at = this.time;
    const running = this.running;
    this.pause();
    this.source = source;
    this.broken = false;
    this.audio.src = source.url;
    this.#rate();
    this.seek(at);
    if (running) this.play();
  }

  play() {
    if (this.running) return;
    this.running = true;
    this.#refer(this.reference.time);
    this.#begin();
    this.onState();
  }

  pause() {
    if (!this.running) return;
    const at = this.time;
    this.running = false;
    this.waits = false;
    this.#refer(at);
    this.audio.pause();
    this.onState();
  }

  seek(time) {
    this.audio.pause();
    this.#refer(time);
    this.#place();
    if (this.running) this.#begin();
  }

  setSpeed(speed) {
    this.#refer(this.time);
    this.speed = speed;
    this.#rate();
  }

  // Every frame: begins the music when its time comes, and follows it.
  tick() {
    if (!this.running || this.broken) return;
    const { audio } = this;
    if (audio.paused) {
      if (!audio.ended) this.#begin();
      return;
    }
    if (this.waits || audio.seeking || audio.readyState < READY) return;
    const heard = audio.currentTime + this.source.start_s;
    const off = heard - this.time;
    if (Math.abs(off) > SNAP_S) this.#refer(heard);
    else this.reference.time += off * PULL;
  }

  close() {
    this.pause();
    this.audio.removeAttribute('src');
    this.audio.load();
  }

  #refer(time) { this.reference = { clock: performance.now(), time }; }

  #rate() {
    this.audio.defaultPlaybackRate = this.speed;
    this.audio.playbackRate = this.speed;
  }

  #place() {
    if (this.source) this.audio.currentTime = Math.max(this.reference.time - this.source.start_s, 0);
  }

  #begin() {
    const at = this.time - this.source.start_s;
    if (at < 0 || this.broken || (this.audio.duration && at >= this.audio.duration)) return;
    if (Math.abs(this.audio.currentTime - at) > 0.02) this.audio.currentTime = at;
    this.#refer(this.time);
    this.waits = true;
    this.audio.play().catch(() => {
      this.waits = false;
      if (!this.broken) this.pause();
    });
  }

  // A format that this browser does not know: the server can turn it into FLAC.
  #convert() {
    const { audio, source } = this;
    if (!source || !audio.getAttribute('src')) return;
    const { url } = source;
    if (audio.error && audio.error.code >= UNREADABLE && url.endsWith('/audio')) {
      this.load({ ...source, url: `${url}?as_flac=true` });
      return;
    }
    this.broken = true; // the lanes go on without music
    this.waits = false;
    this.onState();
  }
}
