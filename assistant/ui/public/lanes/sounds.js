// Sounds that are timed: the metronome, the drums of the chart, the person's own hits.
const CLICK_HZ = { bar: 1760, beat: 1175 };
const CLICK_S = 0.05;
// Where a drum sound cannot be decoded: pitch of a short click.
const PITCH_HZ = {
  kick: 80, kick_left: 80, snare: 220, side_stick: 900, tom_high: 260, tom_low: 190, tom_floor: 130,
};
const CYMBAL_HZ = 5200;

export class Sounds {
  constructor(urls) {
    this.urls = urls;
    this.context = null;
    this.buffers = {};
    this.scheduled = new Set();
  }

  // After the person did something: browsers forbid sound before.
  wake() {
    if (!this.context && window.AudioContext) {
      this.context = new AudioContext({ latencyHint: 'interactive' });
      this.out = this.context.createGain();
      this.out.connect(this.context.destination);
      Object.keys(this.urls).forEach((name) => this.#load(name));
    }
    if (this.context && this.context.state === 'suspended') this.context.resume().catch(() => {});
  }

  setVolume(volume) { if (this.out) this.out.gain.value = volume; }

  get latency() { return (this.context && this.context.outputLatency) || 0; }

  // `in_s`: when it is to be heard, in seconds from now.
  click(in_s, isBar) { this.#tone(CLICK_HZ[isBar ? 'bar' : 'beat'], in_s, CLICK_S, 0.5); }

  drum(name, in_s, volume = 1) {
    if (!this.context) return;
    const buffer = this.buffers[name];
    if (!buffer) {
      this.#tone(PITCH_HZ[name] || CYMBAL_HZ, in_s, 0.08, 0.4 * volume);
      return;
    }
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    this.#play(source, in_s, volume * 0.8);
  }

  // What is scheduled is not heard any more.
  silence() {
    this.scheduled.forEach((source) => { try { source.stop(); } catch { /* it has not begun */ } });
    this.scheduled.clear();
  }

  close() {
    this.silence();
    if (this.context) this.context.close();
    this.context = null;
  }

  #tone(hz, in_s, length_s, volume) {
    if (!this.context) return;
    const source = this.context.createOscillator();
    source.type = 'square';
    source.frequency.value = hz;
    const [start, gain] = this.#play(source, in_s, volume);
    gain.setValueAtTime(volume * 0.4, start);
    gain.exponentialRampToValueAtTime(0.001, start + length_s);
    source.stop(start + length_s);
  }

  #play(source, in_s, volume) {
    const start = Math.max(this.context.currentTime + in_s - (in_s > 0 ? this.latency : 0), this.context.currentTime);
    const gain = this.context.createGain();
    gain.gain.value = volume;
    source.connect(gain).connect(this.out);
    source.start(start);
    this.scheduled.add(source);
    source.onended = () => this.scheduled.delete(source);
    return [start, gain.gain];
  }

  async #load(name) {
    try {
      const reply = await fetch(this.urls[name]);
      if (reply.ok) this.buffers[name] = await this.context.decodeAudioData(await reply.arrayBuffer());
    } catch { /* a click stands in for it */ }
  }
}
