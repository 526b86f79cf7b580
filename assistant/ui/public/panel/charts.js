// The drum charts of a playlist: a button that queues them, how far they are, a badge a track.
import { button, el, fill, icon } from '../player/dom.js';
import { progressBar, wordButton } from './parts.js';
import { ask, lookAgain } from './server.js';

const EVERY_MS = 2000;

// `changed` draws the tracks anew.
export function createCharts({ texts, attempt, address, changed }) {
  let now = null;
  let looking = null;
  const words = el('span', { class: 'bbp-artist' });
  const bar = progressBar(texts.chart);
  const stop = button('close', texts.charts_stop, () => attempt(async () => take(await ask(`${address}/charts`, { method: 'DELETE' }))));
  const node = el('div', { class: 'bbs-charts', hidden: true, role: 'status' }, el('div', { class: 'bbs-grow' }, words, bar.node), stop);
  const begin = wordButton('drum', texts.chart, () => attempt(async () => {
    take(await ask(`${address}/charts`, { method: 'POST' }));
    watch();
  }), { title: texts.chart_help });

  function take(told) {
    const before = JSON.stringify(now && now.tracks);
    now = told;
    node.hidden = !told.open;
    const progress = fill(texts.charts_progress, told);
    words.textContent = told.indexer_alive ? progress : `${progress}. ${texts.charts_waiting}`;
    const running = Object.values(told.tracks).reduce((sum, each) => sum + (each.state === 'running' ? each.progress : 0), 0);
    bar.set(told.total ? (told.done + running) / told.total : 0);
    begin.disabled = told.open > 0 || told.done === told.total;
    if (JSON.stringify(told.tracks) !== before) changed();
  }

  function watch() {
    if (looking) looking.stop();
    looking = lookAgain(async () => take(await ask(`${address}/charts`)), EVERY_MS, () => node.isConnected && (!now || now.open > 0));
  }

  return {
    button: begin,
    node,
    follow() {
      if (!looking) watch();
      else if (now) ask(`${address}/charts`).then(take).catch(() => {});
    },
    badge(track) {
      const state = now && now.tracks[track.id];
      if (!state) return null;
      if (state.state === 'done') return el('a', { class: 'bbs-badge', href: state.url, download: true, title: fill(texts.chart_ready, track), 'aria-label': fill(texts.chart_ready, track) }, icon('drum'));
      const label = { queued: texts.chart_waiting, running: fill(texts.chart_running, { percent: Math.round((state.progress || 0) * 100) }), failed: fill(texts.chart_failed, state) }[state.state];
      const shown = { queued: '…', running: `${Math.round((state.progress || 0) * 100)} %`, failed: '!' }[state.state];
      return el('span', { class: `bbs-badge ${state.state}`, role: 'img', title: label, 'aria-label': label }, shown);
    },
    end() {
      if (looking) looking.stop();
      looking = null;
    },
  };
}
