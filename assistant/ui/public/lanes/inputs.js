// Hits by keyboard, MIDI and touch. Each tells its lane and the time of `performance.now()`.
const NOTE_ON = 0x90;

export class Inputs {
  // `onHit(lane, clock, volume)`; `onPad(note)` and `onKey(code)` hear everything and return true
  // where they took it, as while a lane is assigned.
  constructor(preferences, { onHit, onPad = () => false, onKey = () => false, onDevices = () => {} }) {
    this.preferences = preferences;
    this.onHit = onHit;
    this.onPad = onPad;
    this.onKey = onKey;
    this.onDevices = onDevices;
    this.access = null;
    this.problem = '';
  }

  static get hasMidi() { return Boolean(navigator.requestMIDIAccess); }

  get devices() { return this.access ? [...this.access.inputs.values()].filter((input) => input.state !== 'disconnected') : []; }

  // Returns whether the key was one of ours.
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (!event.repeat && this.onKey(event.code)) return true;
    const lane = this.preferences.keys[event.code];
    if (!lane) return false;
    if (!event.repeat) this.onHit(lane, event.timeStamp, 1);
    return true;
  }

  async connect() {
    this.problem = '';
    if (!Inputs.hasMidi) {
      this.problem = 'none';
      return false;
    }
    try {
      this.access = await navigator.requestMIDIAccess({ sysex: false });
    } catch {
      this.problem = 'refused';
      return false;
    }
    this.access.onstatechange = () => this.#listen();
    this.#listen();
    return true;
  }

  close() {
    if (!this.access) return;
    this.access.onstatechange = null;
    this.devices.forEach((input) => { input.onmidimessage = null; });
  }

  #listen() {
    this.devices.forEach((input) => { input.onmidimessage = (event) => this.#message(event); });
    this.onDevices();
  }

  #message({ data, timeStamp }) {
    const [status, note, velocity] = data;
    if ((status & 0xf0) !== NOTE_ON || !velocity || this.onPad(note)) return;
    const lane = this.preferences.pads[note];
    // a device without a clock of its own gives 0
    if (lane) this.onHit(lane, timeStamp || performance.now(), Math.max(velocity / 127, 0.3));
  }
}
