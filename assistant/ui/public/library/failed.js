// Files that could not be analysed, with the reasons, to be tried again.
import { el, fill } from '../player/dom.js';
import { counted, wordButton } from '../panel/parts.js';
import { ask } from '../panel/server.js';
import { loading } from './album_page.js';

const STEP = 100;
const RETRY = '/api/indexing/retry';

export function createFailed(home) {
  const { texts, tables } = home;
  return loading(texts, async () => {
    const count = el('span', { class: 'bbl-dim' });
    const list = el('ul', { class: 'bbl-failures', 'aria-label': texts.section_failed });
    const none = el('div', { class: 'bbl-none' }, el('p', {}, texts.no_failed));
    const more = el('button', { type: 'button', class: 'bb-button', onclick: () => load() }, texts.more);
    let total = 0;

    async function retry(address) {
      try {
        const now = await ask(address, { method: 'POST' });
        tables.note(counted(texts, 'retried', now.retried));
        home.say(counted(texts, 'retried', now.retried));
        return true;
      } catch (refused) {
        tables.note(refused.message || texts.failed);
        return false;
      }
    }

    const all = wordButton('fresh', texts.retry_all, async () => {
      if (!(await retry(RETRY))) return;
      list.replaceChildren();
      total = 0;
      draw();
    });

    function row(file) {
      const again = wordButton('fresh', texts.retry, async () => {
        if (!(await retry(`${RETRY}/${file.job}`))) return;
        const next = made.nextElementSibling || made.previousElementSibling;
        made.remove();
        total -= 1;
        draw();
        (next ? next.querySelector('button') : list.closest('.bbl-page').querySelector('h2')).focus();
      });
      again.setAttribute('aria-label', fill(texts.retry_named, file));
      const made = el('li', { class: 'bbl-failure' }, el('div', { class: 'bbl-grow' },
        el('div', { class: 'bbl-file' }, file.name), el('div', { class: 'bbl-dim bbl-file' }, file.folder === '.' ? '' : file.folder), el('div', { class: 'bbl-reason' }, file.reason)), again);
      return made;
    }

    function draw() {
      count.textContent = total ? counted(texts, 'files', total) : '';
      none.hidden = total > 0;
      all.hidden = total < 2;
      more.hidden = list.children.length >= total;
    }

    async function load() {
      const found = await ask(`/api/browse/failed?offset=${list.children.length}&limit=${STEP}`);
      total = found.total;
      list.append(...found.entries.map(row));
      draw();
    }

    await load();
    return { nodes: [el('div', { class: 'bbl-heading' }, el('h2', { tabindex: -1 }, texts.section_failed), count, el('span', { class: 'bbl-tools' }, all)), none, list, more] };
  });
}
