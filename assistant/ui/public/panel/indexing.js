// The tab of the analysis: how far it is, what is analysed now, what failed.
import { el, fill } from '../player/dom.js';
import { chooseFolder } from './folder_dialog.js';
import { counted, lengthText, progressBar, wordButton } from './parts.js';
import { ask, follow } from './server.js';

const ADDRESS = '/api/indexing';

export function createIndexing(panel) {
  const { texts } = panel;
  let now = null;
  let following = null;
  const number = (value) => value.toLocaleString(texts.language);
  const state = el('h2', { class: 'bbs-state' });
  const dot = el('span', { class: 'bbs-dot', 'aria-hidden': 'true' });
  const pause = wordButton('pause', texts.pause, () => act(ADDRESS, { action: now.paused === null ? 'pause' : 'resume' }));
  const bar = progressBar(texts.tab_indexing);
  const words = el('div', { class: 'bbp-artist' });
  const progress = el('div', { class: 'bbs-progress' }, bar.node, words);
  const help = el('div', { class: 'bbs-help' }, el('p', {}, texts.indexing_stopped_help), el('code', {}, 'backbeat watch'));
  const figures = ['done', 'queued', 'failed'].map((name) => {
    const value = el('dd', { class: 'bb-big' });
    return { value, node: el('div', { 'data-figure': name }, el('dt', { class: 'bb-dim' }, texts[name]), value) };
  });
  const current = el('ul', { class: 'bbs-plain' });
  const currently = section(texts.now, current);
  const folders = el('ul', { class: 'bbs-plain' });
  const change = wordButton('folder', texts.folder_change, () => chooseFolder(panel, () => look()));
  const folder = section(texts.folder, folders, change);
  const failures = el('ul', { class: 'bbs-plain' });
  const retryAll = wordButton('fresh', texts.retry_all, () => act(`${ADDRESS}/retry`));
  const failed = section(texts.failures, failures, retryAll);
  const notes = el('ul', { class: 'bbs-plain' });
  const awayFolders = el('ul', { class: 'bbs-plain' });
  const told = section(texts.notes, notes, awayFolders);
  const offline = el('div', { class: 'bbs-notice', role: 'alert', hidden: true }, el('span', {}, texts.offline));
  const content = el('div', { class: 'bbs-content', hidden: true }, el('div', { class: 'bbs-row' }, dot, state, pause), progress, help,
    el('dl', { class: 'bbs-figures' }, ...figures.map((figure) => figure.node)), currently, told, failed, folder);
  const node = el('div', { class: 'bbs-indexing' }, offline, content);

  function section(title, content, action = null) {
    return el('section', { class: 'bbs-section', 'aria-label': title, hidden: true }, el('div', { class: 'bbs-row' }, el('h3', {}, title), action), content);
  }

  // The lines of a list; a list that stays as it is keeps the focus.
  function fillList(list, lines, make) {
    const key = JSON.stringify(lines);
    if (list.dataset.key === key) return;
    list.dataset.key = key;
    const focused = list.contains(document.activeElement);
    list.replaceChildren(...lines.map(make));
    if (focused) (list.querySelector('button') || pause).focus();
  }

  function failure(each) {
    const retry = wordButton('fresh', fill(texts.retry_named, each), () => act(`${ADDRESS}/retry/${each.job}`), { bare: true });
    return el('li', { class: 'bbs-failure' }, el('div', { class: 'bbs-grow' },
      el('div', { class: 'bbs-file', title: [each.folder, each.name].filter(Boolean).join(' / ') }, each.name), el('div', { class: 'bbp-artist bbs-reason' }, each.reason)), retry);
  }

  // A folder that cannot be seen, and the word that its files were deleted.
  function absent(each) {
    const gone = wordButton('clear', fill(counted(texts, 'gone', each.tracks), { folder: each.folder }), () => act(`${ADDRESS}/gone/${each.id}`), { bare: true });
    return el('li', { class: 'bbs-failure' }, gone);
  }

  function kind() {
    if (now.rendering) return 'rendering';
    const waiting = now.queued + now.running;
    if (now.paused) return now.paused === 'owner' ? 'paused' : now.paused;
    if (!now.indexer_alive) return 'stopped';
    if (waiting) return 'busy';
    return now.tracks ? 'idle' : 'empty';
  }

  function draw() {
    const waiting = now.queued + now.running;
    const [done, total] = now.rendering || [now.analysed + now.failed, now.analysed + now.failed + waiting];
    const what = kind();
    const said = texts[`indexing_${what}`];
    if (state.textContent !== said) {
      state.textContent = said;
      panel.say(said);
    }
    content.hidden = false;
    dot.className = `bbs-dot ${what}`;
    progress.hidden = !now.rendering && !waiting;
    bar.set(total ? done / total : 0);
    const parts = [fill(now.rendering ? texts.rendering_progress : texts.indexing_progress, { done: number(done), total: number(total) })];
    if (!now.rendering && now.eta_s) parts.push(`${lengthText(texts, now.eta_s)} ${texts.left}`);
    if (!now.rendering && now.rate_per_minute) parts.push(`${number(Math.round(now.rate_per_minute * 10) / 10)} ${texts.rate}`);
    words.textContent = parts.join(' · ');
    help.hidden = what !== 'stopped' || !waiting;
    [now.analysed, waiting, now.failed].forEach((value, at) => { figures[at].value.textContent = number(value); });
    const goes = now.paused === null;
    pause.querySelector('span').textContent = goes ? texts.pause : texts.resume;
    pause.hidden = !now.indexer_alive && goes;
    fillList(current, now.now, (name) => el('li', { class: 'bbs-file' }, name));
    currently.hidden = !now.now.length;
    fillList(failures, now.failures, failure);
    if (now.failed > now.failures.length && !failures.querySelector('.bbs-rest')) {
      failures.append(el('li', { class: 'bbp-artist bbs-rest' }, fill(texts.failures_more, { count: number(now.failed - now.failures.length) })));
    }
    fillList(notes, now.notes, (note) => el('li', {}, note));
    fillList(awayFolders, now.away, absent);
    told.hidden = !now.notes.length;
    failed.hidden = !now.failures.length;
    retryAll.hidden = now.failures.length < 2;
    fillList(folders, now.folders, (path) => el('li', { class: 'bbs-file' }, path));
    folder.hidden = !now.folders.length;
    change.hidden = !now.choosable;
  }

  async function act(address, body) {
    try {
      now = await ask(address, { method: 'POST', body });
      draw();
      if (now.gone) panel.say(counted(texts, 'taken_gone', now.gone));
      if (now.retried) panel.say(counted(texts, 'retried', now.retried));
    } catch {
      panel.say(texts.failed_request);
    }
  }

  async function look() {
    try {
      tell(await ask(ADDRESS));
    } catch {
      offline.hidden = false;
    }
  }

  function tell(told) {
    now = told;
    offline.hidden = true;
    draw();
  }

  return {
    node,
    show() {
      if (following) following.stop();
      following = follow('indexing', 'indexing', tell, (away) => { offline.hidden = !away; });
    },
    hide() {
      if (following) following.stop();
      following = null;
    },
  };
}
