// The page of a track: what it is like, how it runs, how sure that is, what is like it, its charts.
import { button, clock, el, fill, icon, show } from '../../player/dom.js';
import { wordButton } from '../../panel/parts.js';
import { ask } from '../../panel/server.js';
import { library } from '../address.js';
import { loading, pageHead } from '../album_page.js';
import { createTrackTable } from '../track_table.js';
import { bar, createRadar } from './radar.js';
import { createCorrecting, createMoodList } from './own_word.js';
import { createFacts, createFile, createRepaired, createTags, sourceText } from './values.js';
import { createWaveform } from './waveform.js';

const box = (title, ...content) => el('section', { class: 'bbl-box', 'aria-label': title }, el('h3', {}, title), ...content.filter(Boolean));

function createButtons(home, view) {
  const { player, tables, texts, askTrack } = home;
  const { track } = view;
  const mine = () => Boolean(player.track) && player.track.id === track.id;
  const play = wordButton('play', texts.play, () => {
    if (mine() && !player.error) player.toggle();
    else player.play(Object.assign([track], { id: `track-${track.id}` }), 0);
  }, { main: true });
  const told = async (work, said) => tables.note((await work) ? fill(said, track) : texts.failed);
  const next = wordButton('insert', texts.table.next, () => told(player.insert([track.id]), texts.table.said_next));
  const queue = wordButton('enqueue', texts.table.enqueue, () => told(player.append([track.id]), texts.table.said_enqueued));
  const talk = wordButton('chat', texts.ask, () => askTrack(track.id, 'summary'));
  const heart = button('heart', fill(texts.like_one, track), () => tables.likes.set(track, !tables.likes.has(track.id)), 'bbp-like');
  const node = el('div', { class: 'bbl-actions', role: 'group', 'aria-label': fill(texts.actions, { name: track.title }) }, play, next, queue, talk, heart);
  function mark() {
    const sounds = mine() && player.playing;
    const label = sounds ? texts.table.pause : texts.play;
    if (play.lastChild.textContent !== label) {
      play.lastChild.textContent = label;
      play.firstChild.replaceWith(icon(sounds ? 'pause' : 'play'));
    }
    show(heart, { pressed: tables.likes.has(track.id) });
  }
  player.listeners.add(mark);
  tables.likes.listeners.add(mark);
  tables.likes.load().then(mark);
  mark();
  return { node, end() { player.listeners.delete(mark); tables.likes.listeners.delete(mark); } };
}

function createCharacter(home, { track, moods, scores, tags, genres }) {
  const { texts } = home;
  const radar = createRadar(texts, moods);
  const chips = el('div', {}, ...genres.map((genre) => el('span', { class: 'bb-chip' }, genre)), ...tags.map((tag) => el('span', { class: 'bb-chip', title: tag.reason }, tag.name)));
  const bars = el('ul', { class: 'bbl-bars' }, ...scores.map((one) => bar(one.label, one.value, sourceText(texts, one.source))));
  const list = el('details', { class: 'bbl-more' }, el('summary', {}, texts.all_moods), createMoodList(home, track, moods));
  return [
    box(texts.moods, radar || (moods.length ? createMoodList(home, track, moods) : el('p', { class: 'bbl-dim' }, texts.moods_none)), radar ? list : null),
    box(texts.character, genres.length || tags.length ? chips : null, scores.length ? bars : el('p', { class: 'bbl-dim' }, texts.scores_none)),
  ];
}

function createCharts(home, view) {
  const { texts, tables, askTrack } = home;
  const { track, charts } = view;
  const make = wordButton('drum', charts.length ? texts.chart_again : texts.chart_make, () => askTrack(track.id, 'chart'));
  const list = el('ul', { class: 'bbl-charts' }, ...charts.map((chart) => el('li', { class: 'bbl-chart' },
    el('div', { class: 'bbl-grow' }, ...chart.levels.map((level) => el('span', { class: 'bbl-level', 'data-level': level.level }, el('strong', {}, level.level), ` ${level.dlevel == null ? '' : (level.dlevel / 10).toFixed(1)}`, el('span', { class: 'bbl-dim' }, ` ${fill(texts.notes, { count: level.notes })}`))),
      el('p', { class: 'bbl-dim' }, [`${chart.bpm} BPM`, chart.older ? texts.chart_older : null].filter(Boolean).join(' · '))),
    wordButton('drum', texts.chart_play, () => window.backbeatLanes.open(chart.chart_id).catch(() => tables.note(texts.failed))),
    el('a', { class: 'bb-button', href: chart.url, download: true }, icon('download'), el('span', {}, texts.chart_download)))));
  return box(texts.charts, charts.length ? list : el('p', { class: 'bbl-dim' }, texts.charts_none), make);
}

// What is like it comes later: it asks the vectors.
function createSimilar(home, track) {
  const { texts } = home;
  const place = el('div', { 'aria-busy': 'true' }, el('p', { class: 'bbl-dim' }, texts.loading));
  let table = null;
  ask(`/api/browse/tracks/${track.id}/similar`).then(({ rows, none }) => {
    table = rows.length ? createTrackTable(home, { name: texts.similar, id: `similar-${track.id}`, tracks: rows }) : null;
    place.replaceChildren(table ? table.node : el('p', { class: 'bbl-dim' }, none));
  }).catch(() => place.replaceChildren(el('p', { class: 'bbl-dim' }, texts.failed))).finally(() => place.removeAttribute('aria-busy'));
  return { node: el('section', { class: 'bbl-part' }, el('h3', {}, texts.similar), place), end: () => table?.end() };
}

export function createTrackPage(home, id) {
  const { texts } = home;
  return loading(texts, async () => {
    const view = await ask(`/api/browse/tracks/${encodeURIComponent(id)}`);
    const { track } = view;
    const buttons = createButtons(home, view);
    const waves = createWaveform(home, view);
    const similar = createSimilar(home, track);
    const link = (kind, number, text) => (number && text ? el('a', { class: 'bbl-link', href: library(kind, number) }, text) : text ? el('span', {}, text) : null);
    const from = [link('artist', view.artist_id, track.artist), link('album', view.album_id, track.album), track.year ? el('span', {}, String(track.year)) : null, el('span', {}, clock(track.duration_s, { length: true }))].filter(Boolean);
    const notice = view.missing ? texts.file_gone : view.analysed ? null : texts.not_analysed;
    const head = pageHead({
      entry: { id: track.id, title: track.title, cover_url: view.cover_url }, kind: view.kind || texts.track, title: track.title, actions: buttons.node,
      lines: [el('p', { class: 'bbl-by' }, ...from), view.summary ? el('p', { class: 'bbl-summary' }, view.summary) : null, notice ? el('p', { class: 'bbl-notice' }, notice) : null].filter(Boolean),
    });
    const corrected = box(texts.corrections, ...createCorrecting(home, view, () => home.open('track', track.id)));
    const repaired = view.repaired.length ? box(texts.repaired, createRepaired(texts, view.repaired)) : null;
    const nodes = [head, waves.node, createFacts(texts, view), el('div', { class: 'bbl-columns' }, ...createCharacter(home, view)), similar.node,
      el('div', { class: 'bbl-columns' }, createCharts(home, view), corrected, box(texts.file, createFile(texts, view.file)), box(texts.file_tags, createTags(texts, view.metadata)), repaired)];
    return { nodes, shown: waves.shown, end() { buttons.end(); waves.end(); similar.end(); } };
  });
}
