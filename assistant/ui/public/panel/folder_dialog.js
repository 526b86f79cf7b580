// A dialog in which the folder of the music is chosen, on the machine that serves the page.
import { button, el, fill } from '../player/dom.js';
import { counted, wordButton } from './parts.js';
import { ask } from './server.js';

const ADDRESS = '/api/first-run';

// `chosen(path)` is called once the server has taken a folder.
export function chooseFolder(panel, chosen) {
  const { texts } = panel;
  let shown = null;
  const path = el('code', { class: 'bbs-path' });
  const songs = el('span', { class: 'bbp-artist' });
  const error = el('div', { class: 'bb-error', role: 'alert' });
  const places = el('ul', { class: 'bbs-plain bbs-places', 'aria-label': texts.folder_places });
  const list = el('ul', { class: 'bbs-plain bbs-folders', 'aria-label': texts.folder_inside });
  const take = wordButton('folder', texts.folder_take, async () => {
    try {
      await ask(`${ADDRESS}/folder`, { method: 'PUT', body: { path: shown.path } });
      node.close();
      panel.say(fill(texts.folder_taken, shown));
      chosen(shown.path);
    } catch (refused) {
      error.textContent = refused.message || texts.failed_request;
    }
  }, { main: true });
  const node = el('dialog', { class: 'bbs-dialog', 'aria-labelledby': 'bbs-folder-title', onclose: () => node.remove() },
    el('div', { class: 'bbs-row' }, el('h2', { id: 'bbs-folder-title' }, texts.folder_title), button('close', texts.cancel, () => node.close())),
    places, el('div', {}, path, songs), error, list,
    el('div', { class: 'bbs-row bbs-end' }, take));

  const entry = (name, to, label = name) => el('li', {}, el('button', { type: 'button', class: 'bb-button', 'aria-label': label, onclick: () => look(to) }, name));

  async function look(where = '') {
    error.textContent = '';
    try {
      shown = await ask(`${ADDRESS}/folders?path=${encodeURIComponent(where)}`);
    } catch (refused) {
      error.textContent = refused.message || texts.failed_request;
      return;
    }
    path.textContent = shown.path;
    songs.textContent = counted(texts, 'folder_songs', shown.songs);
    places.replaceChildren(...shown.roots.map((root) => entry(root.name, root.path)));
    const up = shown.parent ? [entry(`↑ ${shown.parent}`, shown.parent, fill(texts.folder_up, { name: shown.parent }))] : [];
    const inside = shown.folders.map((folder) => entry(folder.name, folder.path));
    list.replaceChildren(...up, ...(inside.length ? inside : [el('li', { class: 'bbp-artist' }, texts.folder_none)]));
    list.scrollTop = 0;
    (list.querySelector('button') || take).focus();
  }

  document.body.append(node);
  node.showModal();
  look();
}
