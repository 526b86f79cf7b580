// Fades a track into the next on the beat, where the server says that tempo, key and bars allow it.
const KEY = 'backbeat-crossfade';
const SLOWEST = 0.94;
const FASTEST = 1.06;
const LOOK_MS = 150; // until the new track surely sounds
const ALIGN_S = 0.5; // within which it is brought onto the beat of the other
const ALIGN_TIMES = 6;
const NEAR_S = 0.01;
const BACK_STEP = 0.002; // per 250 ms: back to its own tempo within some seconds
const BACK_MS = 250;

export class Crossfade {
  constructor() {
    this.on = localStorage.getItem(KEY) === 'on';
    this.plans = new Map(); // "from to" → plan, or null: end to end
    this.old = null; // the deck that fades away
    this.timers = [];
  }

  set(on) {
    this.on = on;
    localStorage.setItem(KEY, on ? 'on' : 'off');
  }

  // The plan for two tracks; undefined until the server has said.
  plan(from, to) {
    if (!this.on || from.id === to.id) return null;
    const key = `${from.id} ${to.id}`;
    if (!this.plans.has(key)) {
      this.plans.set(key, undefined);
      fetch(`/api/player/mix?first=${from.id}&second=${to.id}`)
        .then((reply) => (reply.ok ? reply.json() : null))
        .catch(() => null)
        .then((plan) => this.plans.set(key, plan));
    }
    return this.plans.get(key);
  }

  // Both sound: `old` fades away, `fresh` comes, bent to the tempo of the other.
  begin(old, fresh, plan) {
    this.end();
    this.old = old;
    old.fadeTo(0, plan.fade_s);
    fresh.fadeTo(1, plan.fade_s);
    fresh.bend(plan.rate);
    fresh.play();
    this.#after(LOOK_MS, () => this.#align(old, fresh, plan, ALIGN_TIMES));
    this.#after(plan.fade_s * 1000, () => {
      old.empty();
      this.old = null;
      this.#back(fresh);
    });
  }

  // Ends a fade at once: another track, a pause, a jump.
  end(fresh) {
    this.timers.forEach(clearTimeout);
    this.timers = [];
    if (this.old) this.old.empty();
    this.old = null;
    if (fresh) {
      fresh.bend(1);
      fresh.fadeTo(1, 0);
    }
  }

  // An element begins some hundredths of a second late: the new track catches up while it is quiet.
  #align(old, fresh, plan, times) {
    const ahead = (fresh.audio.currentTime - plan.entry_s) / plan.rate - (old.audio.currentTime - plan.start_s);
    const near = Math.abs(ahead) < NEAR_S || !times;
    fresh.bend(near ? plan.rate : Math.min(Math.max(plan.rate * (1 - ahead / ALIGN_S), SLOWEST), FASTEST));
    if (!near) this.#after(ALIGN_S * 1000, () => this.#align(old, fresh, plan, times - 1));
  }

  #back(fresh) {
    const { rate } = fresh;
    const next = rate + Math.sign(1 - rate) * Math.min(BACK_STEP, Math.abs(1 - rate));
    fresh.bend(next);
    if (next !== 1) this.#after(BACK_MS, () => this.#back(fresh));
  }

  #after(milliseconds, act) { this.timers.push(setTimeout(act, milliseconds)); }
}
