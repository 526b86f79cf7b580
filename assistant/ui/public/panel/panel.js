// The side panel of the page: its button, its shortcut, its tabs. A further tab is one more entry of
// `parts`.
import { button } from '../player/dom.js';
import { createPanel } from './frame.js';
import { beginFirstRun } from './first_run.js';
import { createIndexing } from './indexing.js';
import './parts.js';
import { createPlaylists } from './playlists.js';
import { ask } from './server.js';

const BUTTON = 'bbs-open';

export async function beginPanel(player) {
  const texts = await ask('/api/panel/texts');
  const panel = createPanel(texts, [
    { id: 'playlists', label: texts.tab_playlists, create: (frame) => createPlaylists(frame, player) },
    { id: 'indexing', label: texts.tab_indexing, create: createIndexing },
  ]);
  const opener = button('panel', texts.open, () => panel.toggle());
  opener.id = BUTTON;
  opener.setAttribute('aria-controls', panel.node.id);
  opener.setAttribute('aria-keyshortcuts', 'Alt+P');
  panel.changed = () => opener.setAttribute('aria-expanded', String(panel.isOpen()));
  panel.focusFallback = () => opener.focus();
  panel.changed();
  document.body.append(panel.node);
  window.backbeatPanel = panel;

  // Chainlit draws its header anew when it goes to another conversation.
  function placeButton() {
    const side = document.querySelector('#header > :last-child');
    if (side && opener.parentElement !== side) side.prepend(opener);
  }
  new MutationObserver(placeButton).observe(document.body, { subtree: true, childList: true });
  placeButton();
  addEventListener('keydown', (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== 'KeyP') return;
    event.preventDefault();
    panel.toggle();
  });
  panel.restore();
  beginFirstRun(panel);
}
