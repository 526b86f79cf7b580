// What stands below the lanes: playing, position, level, speed, loop, switches.
import { button, clock, el, fill, show } from '../player/dom.js';

const SPEEDS = { min: 50, max: 125, step: 5 };
const PACES = { min: 60, max: 200, step: 10 };

export const difficulty = (dlevel) => (dlevel < 100 ? dlevel / 10 : dlevel / 100).toFixed(1);

export function createControls(session, texts, { keep, onSetup }) {
  const { chart, preferences } = session;
  const lastBar = chart.bars.length - 2;
  const updates = [];
  const play = button('play', texts.play, () => session.toggle(), 'bbp-main');
  updates.push(() => show(play, session.playing ? { icon: 'pause', label: texts.pause } : { icon: 'play', label: texts.play }));

  function positionControl() {
    const at = el('span', { class: 'bbp-time' });
    const bar = el('span', { class: 'bbp-time bbd-bar' });
    let held = false;
    const slider = el('input', {
      type: 'range', min: session.begin, max: session.end, step: 0.05, class: 'bbp-range bbp-seek', 'aria-label': texts.position,
      oninput: () => { held = true; },
      onchange: () => { held = false; session.seek(Number(slider.value)); },
    });
    updates.push(() => {
      if (held) return;
      const { time } = session;
      [slider.min, slider.max, slider.value] = [session.begin, session.end, time];
      slider.style.setProperty('--part', `${((time - session.begin) / (session.end - session.begin)) * 100}%`);
      const shown = clock(Math.max(time, 0));
      if (at.textContent !== shown) at.textContent = shown;
      const values = { at: shown, length: clock(session.end), bar: session.bar, bars: lastBar };
      const said = fill(texts.bar, values);
      if (bar.textContent === said) return;
      bar.textContent = said;
      slider.setAttribute('aria-valuetext', fill(texts.position_text, values));
    });
    return el('div', { class: 'bbd-position' }, at, slider, bar);
  }

  function levelControl() {
    const names = Object.keys(chart.levels);
    const choice = el('select', { class: 'bbd-select', 'aria-label': texts.level, onchange: () => {
      session.setLevel(choice.value);
      keep({ level: choice.value });
    } }, ...names.map((level) => el('option', { value: level }, fill(texts.level_value, { level, number: difficulty(chart.levels[level].dlevel) }))));
    choice.value = session.level;
    return choice;
  }

  function percentControl(name, range, start, set) {
    const value = el('output', {}, `${start} %`);
    const slider = el('input', { type: 'range', ...range, value: start, class: 'bbp-range', 'aria-label': texts[name], 'aria-valuetext': `${start} %`, oninput: () => {
      value.textContent = `${slider.value} %`;
      slider.setAttribute('aria-valuetext', value.textContent);
      paint();
    }, onchange: () => set(Number(slider.value) / 100) });
    const paint = () => slider.style.setProperty('--part', `${((slider.value - range.min) / (range.max - range.min)) * 100}%`);
    paint();
    return el('label', { class: `bbd-percent bbd-${name}` }, el('span', {}, texts[name]), slider, value);
  }

  function loopControl() {
    const entry = (label, value) => el('input', { type: 'number', min: 0, max: lastBar, value, class: 'bbd-number', 'aria-label': label, onchange: () => toggle.getAttribute('aria-pressed') === 'true' && set(true) });
    const from = entry(texts.loop_from, 1);
    const to = entry(texts.loop_to, Math.min(4, lastBar));
    const set = (on) => {
      session.setLoop(on ? Number(from.value) || 0 : null, Number(to.value) || 0);
      if (session.loop) [from.value, to.value] = [session.loop.from, session.loop.to];
      toggle.setAttribute('aria-pressed', String(Boolean(session.loop)));
    };
    const toggle = el('button', { type: 'button', class: 'bbd-switch', 'aria-pressed': 'false', onclick: () => {
      const on = !session.loop;
      if (on && !from.dataset.touched) [from.value, to.value] = [session.bar, Math.min(session.bar + 3, lastBar)];
      set(on);
    } }, texts.loop);
    [from, to].forEach((input) => input.addEventListener('input', () => { from.dataset.touched = 'yes'; }));
    return el('div', { class: 'bbd-loop', role: 'group', 'aria-label': texts.loop }, toggle, from, el('span', { 'aria-hidden': 'true' }, '–'), to);
  }

  // Which recording plays; the drums of the chart are switched apart from it.
  function musicControl() {
    const { hasReduced } = session;
    const choice = el('select', { class: 'bbd-select', disabled: !hasReduced, onchange: () => {
      session.setSwitch('reduced', choice.value === 'reduced');
      keep({});
    } }, el('option', { value: 'full' }, texts.music_full), el('option', { value: 'reduced' }, texts.music_reduced));
    choice.value = hasReduced && preferences.reduced ? 'reduced' : 'full';
    const hint = hasReduced ? texts.reduced_hint : texts.reduced_none;
    return el('label', { class: 'bbd-percent bbd-music', title: hint }, el('span', {}, texts.music), choice);
  }

  function switchControl(name, label, hint) {
    const made = el('button', { type: 'button', class: 'bbd-switch', 'aria-pressed': String(Boolean(preferences[name])), title: hint, onclick: () => {
      session.setSwitch(name, !preferences[name]);
      made.setAttribute('aria-pressed', String(preferences[name]));
      keep({});
    } }, label);
    return made;
  }

  const node = el('div', { class: 'bbd-controls' },
    el('div', { class: 'bbd-row' }, button('previous', texts.restart, () => session.restart()), play, positionControl()),
    el('div', { class: 'bbd-row bbd-more' },
      levelControl(),
      percentControl('speed', SPEEDS, 100, (speed) => session.setSpeed(speed)),
      percentControl('pace', PACES, Math.round(preferences.pace * 100), (pace) => keep({ pace })),
      loopControl(),
      switchControl('metronome', texts.metronome, texts.metronome),
      musicControl(),
      switchControl('chart', texts.chart_sounds, texts.chart_sounds_hint),
      switchControl('hits', texts.hit_sounds, texts.hit_sounds_hint),
      el('button', { type: 'button', class: 'bbd-switch bbd-setup-button', onclick: onSetup }, texts.setup)));
  return { node, play, draw: () => updates.forEach((update) => update()) };
}
