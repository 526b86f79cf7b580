// The lanes over the whole window: a dialog with the canvas, what it says, and its controls.
import { button, el, fill } from '../player/dom.js';
import { createControls } from './controls.js';
import { Inputs } from './inputs.js';
import { LanesCanvas } from './lanes_canvas.js';
import { keyName, loadPreferences, savePreferences } from './preferences.js';
import { createResult, keepResult, percent } from './result_panel.js';
import { Session } from './session.js';
import { createSetup } from './setup_panel.js';

const OWN_KEYS = 'input[type=number], select'; // elements that use letters themselves
const BUTTON_KEYS = ['Space', 'Enter'];

let texts = null;

// Opens the lanes; returns what went wrong, as a text, or ''.
// `place.view` is the view that is open.
export async function openLanes(chartId, player, place) {
  if (place.view) return '';
  const opener = document.activeElement;
  try {
    texts ??= await (await fetch(`/api/charts/lanes/texts?lang=${encodeURIComponent(navigator.language)}`)).json();
    const reply = await fetch(`/api/charts/${chartId}/lanes`);
    if (!reply.ok) return reply.status === 404 ? texts.no_lanes : texts.failed;
    place.view = new View(await reply.json(), player, () => {
      place.view = null;
      if (opener && opener.isConnected) opener.focus();
    });
  } catch {
    return texts ? texts.failed : '!';
  }
  return '';
}

class View {
  constructor(chart, player, onClose) {
    this.chart = chart;
    this.player = player;
    this.onClose = onClose;
    this.preferences = loadPreferences();
    const keep = (changed) => this.#keep(changed);
    this.session = new Session(chart, this.preferences, {
      changed: () => this.#changed(),
      hit: (lane, note) => this.#hit(lane, note),
      missed: (note) => this.session.judge.hits && this.lanes.judge(note.lane, 'miss', 0),
      passed: (note) => !this.session.judge.hits && this.lanes.flash(note.lane),
      finished: (result, whole) => this.#finished(result, whole),
    });
    this.inputs = new Inputs(this.preferences, {
      onHit: (lane, clock, volume) => this.#input(lane, clock, volume),
      onPad: (note) => this.setup.takes('pad', note),
      onKey: (code) => this.setup.takes('key', code),
      onDevices: () => this.setup.draw(),
    });
    this.setup = createSetup(this.session, this.inputs, texts, { keep, onClose: () => this.#showSetup(false) });
    this.controls = createControls(this.session, texts, { keep, onSetup: () => this.#showSetup(this.setup.node.hidden) });
    this.#build();
    this.lanes = new LanesCanvas(this.canvas, { keyName: (lane) => keyName(this.preferences, lane, texts.space), words: texts });
    this.lanes.pace = this.preferences.pace;
    this.#listen();
    this.node.showModal();
    this.stage.focus();
    this.#changed();
    if (this.preferences.midi && Inputs.hasMidi) this.inputs.connect().then(() => this.setup.draw());
    this.frame = requestAnimationFrame(this.#draw);
  }

  close() {
    cancelAnimationFrame(this.frame);
    removeEventListener('keydown', this.onKey, true);
    document.removeEventListener('visibilitychange', this.onHidden);
    this.player.listeners.delete(this.onPlayer);
    this.setup.closed();
    this.inputs.close();
    this.session.close();
    this.lanes.close();
    this.node.remove();
    this.onClose();
  }

  #build() {
    const { chart } = this;
    const figure = (name) => el('div', { class: `bbd-figure bbd-${name}` }, el('span', {}, texts[name]), el('strong', {}, '0'));
    this.figures = Object.fromEntries(['score', 'combo', 'accuracy', 'perfect', 'great', 'good', 'miss'].map((name) => [name, figure(name)]));
    this.hud = el('div', { class: 'bbd-hud', hidden: true }, ...Object.values(this.figures));
    this.canvas = el('canvas', { class: 'bbd-canvas', 'aria-hidden': 'true', onpointerdown: (event) => this.#touch(event) });
    this.stage = el('div', { class: 'bbd-stage', tabindex: 0, role: 'application', 'aria-label': texts.stage }, this.canvas, this.hud);
    this.sheets = el('div', { class: 'bbd-sheets', hidden: true }, this.setup.node);
    this.notice = el('p', { class: 'bbd-problem', role: 'alert', hidden: true });
    const title = el('h2', { class: 'bbd-title' }, chart.title);
    const artist = el('div', { class: 'bbd-artist' }, chart.artist || '');
    this.node = el('dialog', { class: 'bbd', role: 'dialog', 'aria-label': fill(texts.title, { title: chart.title }), oncancel: (event) => {
      event.preventDefault();
      if (this.sheets.hidden) this.close();
      else this.#showStage();
    } },
      el('header', { class: 'bbd-head' }, el('div', { class: 'bbd-names' }, title, artist), this.notice, button('close', texts.close, () => this.close())),
      el('div', { class: 'bbd-middle' }, this.stage, this.sheets), this.controls.node);
    document.body.append(this.node);
  }

  #listen() {
    this.onKey = (event) => this.#key(event);
    this.onHidden = () => { if (document.hidden) this.session.pause(); };
    this.onPlayer = () => { if (this.player.playing) this.session.pause(); };
    addEventListener('keydown', this.onKey, true);
    document.addEventListener('visibilitychange', this.onHidden);
    this.player.listeners.add(this.onPlayer);
    // after a click the keys belong to the lanes again
    this.controls.node.addEventListener('click', (event) => {
      if (event.detail && event.target.closest('button') && this.sheets.hidden) this.stage.focus();
    });
  }

  #key(event) {
    const at = event.target instanceof Element ? event.target : document.body;
    if (at.matches(OWN_KEYS) && event.code !== 'Escape') return;
    if (at.closest('button') && BUTTON_KEYS.includes(event.code)) return;
    const steps = { ArrowLeft: -1, ArrowRight: 1 };
    const slides = at.matches('input');
    const used = this.inputs.key(event)
      || (event.code === 'Enter' && !event.repeat && this.sheets.hidden && (this.session.toggle(), true))
      || (!slides && this.sheets.hidden && event.code in steps && (this.session.seekBars(steps[event.code]), true));
    if (!used) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #touch(event) {
    const lane = this.lanes.laneAt(event.offsetX);
    if (lane) this.#input(lane, event.timeStamp, 1);
  }

  #input(lane, clock, volume) {
    if (this.setup.taps(clock)) return;
    this.session.hit(lane, clock, volume);
  }

  #hit(lane, note) {
    this.lanes.flash(note ? note.lane : lane);
    if (note) this.lanes.judge(note.lane, note.judgement, note.ms);
  }

  #keep(changed) {
    Object.assign(this.preferences, changed);
    savePreferences(this.preferences);
    this.lanes.pace = this.preferences.pace;
  }

  #changed() {
    if (!this.lanes) return;
    const { session } = this;
    if (session.playing) {
      this.player.pause();
      session.sounds.setVolume(this.player.volume);
      session.transport.audio.volume = this.player.volume;
      if (!this.sheets.hidden) this.#showStage();
    }
    if (session.judge !== this.shownJudge) this.lanes.clear();
    this.shownJudge = session.judge;
    this.lanes.notes = session.judge.notes;
    this.lanes.bars = this.chart.bars;
    this.lanes.beats = this.chart.beats;
    this.lanes.loop = session.loop;
    this.#tell(session.transport.broken ? texts.no_music : '');
  }

  #tell(text) {
    this.notice.textContent = text;
    this.notice.hidden = !text;
  }

  #draw = () => {
    this.session.frame();
    this.lanes.draw(this.session.time);
    this.controls.draw();
    const { judge } = this.session;
    this.hud.hidden = !judge.hits;
    const values = { score: judge.score.toLocaleString(), combo: judge.combo, accuracy: percent(judge.accuracy), ...judge.counts };
    Object.entries(values).forEach(([name, value]) => {
      const shown = this.figures[name].lastChild;
      if (shown.textContent !== String(value)) shown.textContent = value;
    });
    this.frame = requestAnimationFrame(this.#draw);
  };

  #showSetup(on) {
    if (!on) {
      this.#showStage();
      return;
    }
    this.session.pause();
    this.sheets.replaceChildren(this.setup.node);
    this.setup.node.hidden = false;
    this.sheets.hidden = false;
    this.setup.draw();
    this.setup.focus();
  }

  #showStage() {
    this.setup.closed();
    this.setup.node.hidden = true;
    this.sheets.hidden = true;
    this.stage.focus();
  }

  async #finished(result, whole) {
    const panel = createResult(result, texts, {
      note: whole ? '' : texts.result_practice,
      onAgain: () => { this.#showStage(); this.session.restart(); },
      onClose: () => this.#showStage(),
    });
    this.sheets.replaceChildren(panel.node);
    this.sheets.hidden = false;
    panel.focus();
    if (!whole) return;
    const { level } = this.session;
    const best = await keepResult(this.chart, level, result);
    if (!best) {
      panel.say(texts.result_not_kept);
      return;
    }
    const mine = best[level];
    panel.say(mine.score === result.score && mine.speed === result.speed ? texts.result_best : texts.result_kept);
    dispatchEvent(new CustomEvent('backbeat-result', { detail: { track: this.chart.track_id, best } }));
  }
}

