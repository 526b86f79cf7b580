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
    this.leaving = false;
    this.volume = 1;
    this.rate = 1; // beside the speed that the element has
    this.node = null;
    this.fader = null;
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
    this.leaving = false;
    this.seekTo = seconds;
    this.bend(1);
    this.fadeTo(1, 0);
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

  // It sounds to its end, or until it is faded out, but is not the current track any more.
  leave() {
    this.track = null;
    this.wanted = false;
    this.leaving = true;
  }

  get ready() {
    return Boolean(this.track) && !this.broken && this.audio.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA;
  }

  get duration() {
    // the stored length was measured on the sound itself; a stream may claim another
    const heard = this.audio.duration;
    return (this.track && this.track.duration_s) || (Number.isFinite(heard) ? heard : 0);
  }

  // Seconds until it comes to a position.
  leftUntil(seconds) {
    return (seconds - this.audio.currentTime) / (this.audio.playbackRate || 1);
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
    if (this.leaving) return;
    const gain = 10 ** (((this.track && this.track.gain_db) || 0) / 20);
    if (gain !== 1) this.connect();
    if (this.node) this.node.gain.value = gain;
    this.audio.volume = this.volume * (this.node ? 1 : Math.min(gain, 1));
  }

  // Whether the sound goes through gains, which can make it louder and fade it.
  connect() {
    const graph = this.node ? null : audioContext();
    if (graph) {
      [this.node, this.fader] = [graph.createGain(), graph.createGain()];
      const source = graph.createMediaElementSource(this.audio);
      source.connect(this.node).connect(this.fader).connect(graph.destination);
    }
    return Boolean(this.node);
  }

  // Equal power: two tracks that cross are together as loud as each alone.
  fadeTo(end, seconds) {
    if (!this.fader) return;
    const { gain } = this.fader;
    gain.cancelScheduledValues(0);
    if (!seconds) {
      gain.setValueAtTime(end, context.currentTime);
      return;
    }
    const curve = Float32Array.from({ length: 65 }, (_, at) => {
      const angle = (at / 64) * (Math.PI / 2);
      return end ? Math.sin(angle) : Math.cos(angle);
    });
    gain.setValueCurveAtTime(curve, context.currentTime, seconds);
  }

  // Changes the speed, not the pitch.
  bend(rate) {
    this.rate = rate;
    this.audio.playbackRate = this.audio.defaultPlaybackRate * rate;
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
