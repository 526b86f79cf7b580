// The first minutes: a card on the start page that says what is missing, and how to get it.
import { button, el, fill } from '../player/dom.js';
import { chooseFolder } from './folder_dialog.js';
import { progressBar, wordButton } from './parts.js';
import { ask, lookAgain } from './server.js';

const ADDRESS = '/api/first-run';
const EVERY_MS = 2000;
const QUIET_LOOKS = 5; // nothing moves: only each of so many looks asks the server
const CLOSED = 'backbeat-first-steps'; // in the browser: what was closed

export function beginFirstRun(panel) {
  const { texts } = panel;
  const parts = el('div', { class: 'bbs-steps' });
  const node = el('section', { class: 'bbs-first', 'aria-label': texts.first_title, hidden: true },
    button('close', texts.first_close, () => {
      localStorage.setItem(CLOSED, closedKey());
      draw();
    }), parts);
  let now = null;
  let drawn = '';

  const closedKey = () => `${now.origin} ${now.model.problem}`;
  const code = (text) => el('code', {}, text);

  function musicPart() {
    const action = now.choosable
      ? wordButton('folder', texts.first_choose, () => chooseFolder(panel, lookNow), { main: true })
      : el('div', {}, el('p', {}, texts.first_command), code('make run MUSIC=/path/to/music'));
    if (now.rendering) {
      const [done, total] = now.rendering;
      const bar = progressBar(texts.first_title);
      bar.set(done / total);
      return [el('p', {}, fill(texts.first_rendering, { done, total })), bar.node, action];
    }
    if (!now.tracks && !now.waiting) {
      return [el('p', {}, now.folder ? fill(texts.first_no_music_in, now) : texts.first_no_music), action];
    }
    if (now.origin === 'demo') return [el('p', {}, texts.first_demo), action];
    return now.waiting ? [el('p', {}, fill(texts.first_waiting, { count: now.waiting.toLocaleString(texts.language) }))] : null;
  }

  function modelPart() {
    const { fetching, problem, fetchable, small, ollama } = now.model;
    if (fetching && fetching.done) return [el('p', {}, fill(texts.first_fetched, fetching))];
    if (fetching && !fetching.error) {
      const bar = progressBar(fetching.model);
      bar.set(fetching.fraction);
      return [el('p', {}, fill(texts.first_fetching, { model: fetching.model, percent: Math.round(fetching.fraction * 100) })), bar.node];
    }
    if (fetchable) {
      const fetchIt = wordButton('model', fill(texts.first_fetch, { model: small }), async () => {
        fetchIt.disabled = true;
        await ask(`${ADDRESS}/model`, { method: 'POST' }).catch((refused) => panel.say(refused.message || texts.failed_request));
        lookNow();
      });
      return [el('p', {}, texts.first_no_model), fetching ? el('p', { class: 'bb-error', role: 'alert' }, fetching.error) : null, fetchIt];
    }
    return problem === 'no_server' && ollama ? [el('p', {}, texts.first_no_server), code('ollama serve')] : null;
  }

  function draw() {
    const key = JSON.stringify([now, localStorage.getItem(CLOSED)]);
    if (key !== drawn) {
      const focused = parts.contains(document.activeElement);
      drawn = key;
      const shown = [musicPart(), modelPart()].filter(Boolean);
      parts.replaceChildren(...shown.map((lines) => el('div', { class: 'bbs-step' }, ...lines)));
      const closed = localStorage.getItem(CLOSED) === closedKey() && now.tracks > 0;
      node.hidden = closed || !shown.length;
      if (focused) parts.querySelector('button:not(:disabled)')?.focus();
    }
    place();
  }

  // Chainlit draws its start page anew for each new conversation.
  function place() {
    const start = document.querySelector('#welcome-screen');
    if (start && node.parentElement !== start) start.append(node);
  }

  function lookNow() {
    quiet = QUIET_LOOKS;
    looking.now();
  }

  const started = () => document.querySelector('#welcome-screen') !== null;
  const moves = () => now.rendering || now.waiting || (now.model.fetching && !now.model.fetching.done && !now.model.fetching.error);
  let quiet = 0;
  const looking = lookAgain(async () => {
    if (now && !moves() && (quiet += 1) < QUIET_LOOKS) return;
    quiet = 0;
    now = await ask(ADDRESS);
    draw();
  }, EVERY_MS, started);
  new MutationObserver(() => { if (now) place(); }).observe(document.body, { subtree: true, childList: true });
}
