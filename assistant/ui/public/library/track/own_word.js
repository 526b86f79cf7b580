// What the person says of a track: the right values of its fields, and whether a mood fits.
import { addIcons, button, el, fill, show } from '../../player/dom.js';
import { wordButton } from '../../panel/parts.js';
import { ask } from '../../panel/server.js';
import { bar } from './radar.js';

addIcons({
  fits: ['M7 20.5V10.5M7 10.5L11 3.5c1.6 0 2.4 1 2.1 2.6l-.7 3.4H19c1.3 0 2.1 1.1 1.8 2.4l-1.5 6.9c-.2 1-1 1.7-2 1.7H7M7 10.5H3.5v10H7'],
  misfits: ['M17 3.5v10M17 13.5l-4 7c-1.6 0-2.4-1-2.1-2.6l.7-3.4H5c-1.3 0-2.1-1.1-1.8-2.4l1.5-6.9c.2-1 1-1.7 2-1.7H17M17 13.5h3.5v-10H17'],
});

const FIELDS = ['title', 'artist', 'album', 'year', 'genre', 'bpm', 'key'];
const ADDRESS = '/api/feedback';

export const give = (track, field, value) => ask(ADDRESS, { method: 'POST', body: { track_id: track, field, value } });
export const takeBack = (track, field) => ask(`${ADDRESS}?track_id=${track}&field=${encodeURIComponent(field)}`, { method: 'DELETE' });

function input(texts, view, field) {
  const value = view.fields[field] ?? '';
  const name = texts[`field_${field}`];
  if (field === 'key') {
    const options = view.keys.map(({ camelot, name: label }) => el('option', { value: camelot, selected: camelot === value }, `${camelot} – ${label}`));
    return el('label', {}, el('span', {}, name), el('select', { name: field, class: 'bbl-input' }, el('option', { value: '' }, '–'), ...options));
  }
  const list = field === 'genre' ? el('datalist', { id: 'bbl-genres' }, ...view.all_genres.map((genre) => el('option', { value: genre }))) : null;
  return el('label', {}, el('span', {}, name), el('input', { name: field, class: 'bbl-input', value, autocomplete: 'off', list: list ? list.id : null, inputmode: ['year', 'bpm'].includes(field) ? 'decimal' : null }), list);
}

// The corrections there are, each with a way back, and a form for more.
export function createCorrecting(home, view, again) {
  const { texts, tables } = home;
  const { track } = view;
  const attempt = async (work, said) => {
    try {
      await work();
      tables.note(said);
      again();
    } catch (refused) {
      tables.note(refused.message || texts.failed);
    }
  };
  const made = Object.entries(view.corrections).map(([field, value]) => el('div', {}, el('dt', {}, texts[`field_${field}`] || field),
    el('dd', { class: 'bbl-corrected' }, el('span', {}, value),
      button('undo', fill(texts.take_back, { field: texts[`field_${field}`] || field }), () => attempt(() => takeBack(track.id, field), texts.taken_back)))));
  const form = el('form', { class: 'bbl-form', onsubmit: (event) => {
    event.preventDefault();
    const changed = FIELDS.map((field) => [field, form.elements[field].value.trim()]).filter(([field, value]) => value && value !== String(view.fields[field] ?? ''));
    if (!changed.length) tables.note(texts.nothing_changed);
    else attempt(async () => { for (const [field, value] of changed) await give(track.id, field, value); }, texts.corrected);
  } }, ...FIELDS.map((field) => input(texts, view, field)), el('button', { type: 'submit', class: 'bb-button bb-main' }, texts.save));
  const open = el('details', { class: 'bbl-more bbl-correct' }, el('summary', {}, texts.correct), el('p', { class: 'bbl-dim' }, texts.correct_help), form);
  return [made.length ? el('dl', { class: 'bbl-lines' }, ...made) : null, open].filter(Boolean);
}

// A mood with its strength, and whether it fits: pressed again, that is taken back.
function judged(home, track, mood) {
  const { texts, tables } = home;
  const line = bar(mood.label, mood.value, mood.learned ? texts.mood_learned : null);
  const buttons = [['fits', texts.mood_fits], ['misfits', texts.mood_not]].map(([name, text]) => {
    const value = name === 'fits' ? 'fits' : 'not';
    const made = button(name, fill(text, { mood: mood.label }), async () => {
      const back = mood.said === value;
      try {
        await (back ? takeBack(track.id, `mood:${mood.name}`) : give(track.id, `mood:${mood.name}`, value));
        mood.said = back ? null : value;
        mark();
        tables.note(back ? texts.taken_back : texts.mood_noted);
      } catch {
        tables.note(texts.failed);
      }
    }, 'bbl-judge');
    made.dataset.value = value;
    return made;
  });
  const mark = () => buttons.forEach((made) => show(made, { pressed: mood.said === made.dataset.value }));
  mark();
  line.querySelector('.bbl-bar-name').append(...buttons);
  return line;
}

export const createMoodList = (home, track, moods) => el('ul', { class: 'bbl-bars' }, ...moods.map((mood) => judged(home, track, mood)));
