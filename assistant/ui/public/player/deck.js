// One audio element with the gain of its track. There are two: one sounds, one waits with the next.
const UNREADABLE = 3; // MediaError: 3 cannot be decoded, 4 is not supported; below: aborted, no network

let context = null;

// The context may only start once the person has done something on the page; until then a track is
// levelled by the volume of its element, which cannot make it louder.
function audioContext() {
  const touched = !navigator.userActivation || navigator.userActivation.hasBeenActive;
  if (!context && touched && window.AudioContext) context = new AudioContext();
  return context;
}

export class Deck {
  constructor(listen) {
    this.audio = new Audio();
    this.audio.preload = 'none';
    this.track = null;
    this.broken = false;
    this.volume = 1;
    this.fade = 1;
    this.node = null;
    this.seekTo = 0;
    this.wanted = false; // whether it is to sound
    this.audio.addEventListener('loadedmetadata', () => {
      if (this.seekTo > 0) this.audio.currentTime = this.seekTo;
      this.seekTo = 0;
    });
    this.audio.addEventListener('error', () => this.#convertOrGiveUp());
    ['play', 'pause', 'timeupdate', 'durationchange', 'ended', 'broken', 'seeked'].forEach((name) => {
      this.audio.addEventListener(name, () => listen(name, this));
    });
  }

  load(track, seconds = 0, { ahead = false } = {}) {
    this.track = track;
    this.broken = false;
    this.fade = 1;
    this.seekTo = seconds;
    this.audio.preload = ahead ? 'auto' : 'metadata';
    this.audio.src = track.audio_url;
    this.level();
  }

  empty() {
    this.wanted = false;
    this.track = null;
    this.audio.pause();
    this.audio.removeAttribute('src');
  }

  get ready() {
    return Boolean(this.track) && !this.broken && this.audio.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA;
  }

  get duration() {
    const known = this.audio.duration;
    return Number.isFinite(known) ? known : (this.track && this.track.duration_s) || 0;
  }

  get left() {
    return (this.duration - this.audio.currentTime) / (this.audio.playbackRate || 1);
  }

  // Resolves to whether it sounds: the browser may forbid it before the person does something.
  async play() {
    this.wanted = true;
    this.level();
    if (context && context.state !== 'running') context.resume().catch(() => {});
    try {
      await this.audio.play();
      return true;
    } catch (error) {
      if (error.name === 'NotAllowedError') this.wanted = false;
      return false;
    }
  }

  pause() {
    this.wanted = false;
    this.audio.pause();
  }

  seek(seconds) {
    if (this.audio.readyState) this.audio.currentTime = seconds;
    else this.seekTo = seconds;
  }

  level() {
    const gain = 10 ** (((this.track && this.track.gain_db) || 0) / 20) * this.fade;
    if (gain !== 1 && !this.node) this.#connect();
    if (this.node) this.node.gain.value = gain;
    this.audio.volume = this.volume * (this.node ? 1 : Math.min(gain, 1));
  }

  #connect() {
    const graph = audioContext();
    if (!graph) return;
    this.node = graph.createGain();
    graph.createMediaElementSource(this.audio).connect(this.node).connect(graph.destination);
  }

  // A format that this browser does not know: the server can turn it into FLAC.
  #convertOrGiveUp() {
    if (!this.track || !this.audio.getAttribute('src')) return;
    const unknown = this.audio.error && this.audio.error.code >= UNREADABLE;
    if (unknown && !this.audio.src.includes('as_flac')) {
      this.seekTo = Math.max(this.seekTo, this.audio.currentTime || 0);
      this.audio.src = `${this.track.audio_url}?as_flac=true`;
      if (this.wanted) this.play();
      return;
    }
    this.broken = true;
    this.audio.dispatchEvent(new Event('broken'));
  }
}
