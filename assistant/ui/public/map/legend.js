// What the colours of the map mean; a press on an entry shows only its tracks.
import { button, el, fill } from '../player/dom.js';
import { TEMPO_STEPS, hsl, tempoColour } from './colours.js';

const KINDS = ['genre', 'mood', 'tempo', 'key'];

// `on`: { colour(kind), only(kinds or null) }
export function createLegend(texts, on) {
  const only = new Set(); // values of the entries that are pressed
  const list = el('div', { class: 'bbm-entries' });
  const open = button('down', texts.legend_toggle, () => {
    const folded = node.classList.toggle('folded');
    open.setAttribute('aria-expanded', String(!folded));
  }, 'bbm-fold');
  open.setAttribute('aria-expanded', 'true');
  if (matchMedia('(max-width: 760px)').matches) setTimeout(() => open.click()); // it would cover the map
  const choices = KINDS.map((kind) => {
    const input = el('input', { type: 'radio', name: 'bbm-colour', value: kind, onchange: () => on.colour(kind) });
    return el('label', { class: 'bbm-kind' }, input, el('span', {}, texts[`colour_${kind}`]));
  });
  const group = el('fieldset', { class: 'bbm-kinds' }, el('legend', { class: 'bbp-hidden' }, texts.colour), ...choices);
  const node = el('div', { class: 'bbm-legend', role: 'group', 'aria-label': texts.legend }, el('div', { class: 'bbm-legend-head' }, group, open), list);

  function toggle(value, entry) {
    if (!only.delete(value)) only.add(value);
    entry.setAttribute('aria-pressed', String(only.has(value)));
    list.classList.toggle('some', only.size > 0);
    on.only(only.size ? new Set(only) : null);
  }

  function entryOf({ value, name, colour, count }) {
    const dot = el('span', { class: 'bbm-dot', 'aria-hidden': 'true' });
    dot.style.background = colour;
    const entry = el('button', { type: 'button', class: 'bbm-entry', 'aria-pressed': 'false', 'aria-label': fill(texts.legend_only, { name }), 'data-value': value, onclick: () => toggle(value, entry) },
      dot, el('span', { class: 'bbm-entry-name' }, name), el('span', { class: 'bbm-entry-count' }, count.toLocaleString(texts.language)));
    return entry;
  }

  function tempoBar() {
    const bar = el('div', { class: 'bbm-ramp', 'aria-hidden': 'true' });
    bar.style.background = `linear-gradient(to right, ${TEMPO_STEPS.map((bpm) => hsl(tempoColour(bpm))).join(', ')})`;
    return el('div', { class: 'bbm-tempo' }, bar, el('div', { class: 'bbm-scale' }, ...TEMPO_STEPS.map((bpm) => el('span', {}, String(bpm)))), el('div', { class: 'bbm-scale' }, el('span', {}, texts.slow), el('span', {}, 'BPM'), el('span', {}, texts.fast)));
  }

  return {
    node,
    // `counts` of each value, `names` by value, `css` its colour.
    show(kind, counts, names, css) {
      only.clear();
      list.classList.remove('some');
      choices.forEach((choice) => { choice.firstChild.checked = choice.firstChild.value === kind; });
      if (kind === 'tempo') {
        list.replaceChildren(tempoBar());
        return;
      }
      const entries = names.map((name, at) => ({ value: at + 1, name, count: counts[at + 1], colour: css(at + 1) })).filter((entry) => entry.count);
      if (kind === 'key') entries.sort((one, other) => one.value - other.value);
      else entries.sort((one, other) => other.count - one.count);
      if (counts[0]) entries.push({ value: 0, name: texts.legend_other, count: counts[0], colour: css(0) });
      list.classList.toggle('keys', kind === 'key');
      list.replaceChildren(...entries.map(entryOf));
    },
  };
}
