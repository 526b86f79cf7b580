// What stands around the rows of a table: its head, the headings to sort by, the line below.
import '../map/icons.js';
import { mapTexts } from '../map/texts.js';
import { button, el, fill, icon, show } from '../player/dom.js';
import { playButton } from './row.js';
import { COLUMNS, FALLING_FIRST, STEP } from './rows.js';

// What was understood, each piece with a cross that takes it away.
function filterChips(table) {
  const { filters } = table.props;
  if (!filters || !filters.length) return null;
  return el('ul', { class: 'bb-filters', 'aria-label': table.texts.filters }, ...filters.map(({ label, payload }) => {
    const name = fill(table.texts.remove, { label });
    return el('li', {}, el('button', { type: 'button', class: 'bb-filter', 'aria-label': name, title: name, onclick: () => table.act(payload) }, label, icon('close')));
  }));
}

function titleOf(table) {
  const { name, duration, path, edited, taken_as: takenAs } = table.props;
  const { texts } = table;
  const terms = takenAs && takenAs.length
    ? el('div', {}, el('span', { class: 'bb-dim' }, `${texts.taken_as} `), ...takenAs.map((term) => el('span', { class: 'bb-chip' }, term))) : null;
  return el('div', { class: 'bb-title' },
    name ? el('div', {}, name, ' ', duration ? el('span', { class: 'bb-dim bb-part' }, `· ${duration}`) : null) : null,
    path && !(name || '').includes('→') ? el('div', { class: 'bb-dim' }, `${path[0]} → ${path[1]}`) : null,
    edited ? el('div', { class: 'bb-dim' }, texts.undo_hint) : null, filterChips(table), terms);
}

// The way through a playlist on the map of the library.
function mapButton(id) {
  const made = el('button', { type: 'button', class: 'bb-button', hidden: true, onclick: () => window.backbeatMap.open(id) }, icon('map'));
  mapTexts().then((texts) => {
    made.append(texts.on_map);
    made.hidden = false;
  }).catch(() => {});
  return made;
}

function links(table) {
  const { again, seed, downloads, playlist_id: playlist } = table.props;
  const { texts } = table;
  return el('div', { class: 'bb-links' },
    again ? el('button', { type: 'button', class: 'bb-button', title: fill(texts.again_hint, { seed }), onclick: () => table.act(again.payload) }, icon('again'), again.label) : null,
    playlist ? mapButton(playlist) : null,
    ...(downloads || []).map((file) => el('a', { class: 'bb-button', href: file.url, download: true, title: file.hint }, icon('download'), file.label)));
}

// Returns the head, null where there is nothing to say, and a function that shows what plays.
export function createHead(table) {
  const { name, taken_as: takenAs, filters, inOrder } = table.props;
  if (!name && !(takenAs && takenAs.length) && !(filters && filters.length)) return [null, () => {}];
  const { texts } = table;
  const play = inOrder ? playButton({ title: name }, texts, () => table.toggleAll()) : null;
  if (play) play.classList.add('bb-main');
  const node = el('div', { class: 'bb-head' }, play, titleOf(table), links(table));
  return [node, (playing) => play && show(play, playing ? { icon: 'pause', label: texts.pause } : { icon: 'play', label: texts.play_all })];
}

const headings = (texts) => ({ title: texts.title, artist: texts.artist, bpm: 'BPM', key: texts.key, energy: texts.energy, length: texts.length });

// A first press sorts, a second turns round, a third goes back to the order of the answer.
function next(order, by) {
  const first = FALLING_FIRST.includes(by);
  if (!order || order.by !== by) return { by, descending: first };
  return order.descending === first ? { by, descending: !first } : null;
}

export function createHeadings(table) {
  const { texts, showWhy } = table;
  const names = headings(texts);
  const buttons = {};
  const sorter = (by) => {
    buttons[by] = el('button', { type: 'button', class: 'bb-sort', 'data-by': by, onclick: () => table.sort(next(table.rows.order, by)) }, names[by], icon('up'));
    return buttons[by];
  };
  const cell = (className, ...parts) => el('th', { class: className, scope: 'col' }, ...parts);
  const hidden = (text) => el('span', { class: 'bb-hidden' }, text);
  const row = el('tr', {},
    cell('bb-num', hidden(texts.number)), cell('', hidden(texts.play)), cell('', sorter('title'), sorter('artist')),
    cell('bb-num bb-wide', sorter('bpm')), cell('bb-wide', sorter('key')), cell('bb-wide bb-mid', sorter('energy')),
    cell('bb-wide bb-moods', texts.moods), showWhy ? cell('bb-wide', table.props.inOrder ? texts.flow : texts.why) : null,
    cell('bb-num bb-wide', sorter('length')), cell('bb-end', hidden(texts.actions)));
  return [el('thead', {}, row), () => {
    const { order } = table.rows;
    row.querySelectorAll('th').forEach((head) => head.removeAttribute('aria-sort'));
    COLUMNS.forEach((by) => {
      const mine = Boolean(order) && order.by === by;
      buttons[by].classList.toggle('on', mine);
      buttons[by].classList.toggle('falling', mine && order.descending);
      if (mine) buttons[by].closest('th').setAttribute('aria-sort', order.descending ? 'descending' : 'ascending');
    });
  }];
}

// For a table without room for headings.
export function createSortMenu(table) {
  const { texts } = table;
  const names = headings(texts);
  const choice = el('select', { class: 'bb-select', 'aria-label': texts.order, onchange: () => {
    const by = choice.value;
    table.sort(by ? { by, descending: FALLING_FIRST.includes(by) } : null);
  } }, el('option', { value: '' }, texts.order_given), ...COLUMNS.map((by) => el('option', { value: by }, names[by])));
  const turn = button('up', texts.order_turned, () => table.sort({ ...table.rows.order, descending: !table.rows.order.descending }), 'bb-turn');
  return [el('div', { class: 'bb-tools bb-narrow' }, el('label', { class: 'bb-dim' }, texts.order, choice), turn), () => {
    const { order } = table.rows;
    choice.value = order ? order.by : '';
    turn.hidden = !order;
    turn.classList.toggle('falling', Boolean(order && order.descending));
  }];
}

export function createFoot(table) {
  const { texts, rows } = table;
  const count = el('span', { class: 'bb-dim' });
  const more = el('button', { type: 'button', class: 'bb-button', 'data-more': 'step', onclick: () => table.more(rows.count + STEP) });
  const all = el('button', { type: 'button', class: 'bb-button', 'data-more': 'all', onclick: () => table.more(rows.total) });
  const node = el('div', { class: 'bb-foot' }, count, more, all);
  return [node, () => {
    const shown = Math.min(rows.count, rows.loaded.length);
    node.hidden = rows.total <= table.props.rows_shown;
    count.textContent = fill(texts.shown, { shown, total: rows.total });
    more.hidden = rows.left <= 0 || (rows.left <= STEP && rows.canShowAll);
    more.textContent = fill(texts.more, { count: Math.min(STEP, rows.left) });
    all.hidden = !rows.canShowAll;
    all.textContent = fill(texts.all, { count: rows.total });
  }];
}
