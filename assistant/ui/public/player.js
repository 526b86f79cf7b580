// The player of the page: one sound and one bar for all messages. The queue is kept by the server
// (/api/player); the elements of messages use `window.backbeatPlayer` and `window.backbeatTables`.
// The side panel begins with it.
import { beginLibrary } from './library/library.js';
import { beginPanel } from './panel/panel.js';
import { beginMap } from './map/entry.js';
import { createBar } from './player/bar.js';
import { createEngine } from './player/engine.js';
import { listenToKeys } from './player/keyboard.js';
import { connectMediaSession } from './player/media_session.js';
import { keepPreferences } from './preferences.js';
import { createTables } from './table/tables.js';

const player = createEngine();
window.backbeatPlayer = player;
window.backbeatTables = createTables(player);
dispatchEvent(new Event('backbeat-tables'));
connectMediaSession(player);
// The lanes of a drum chart are loaded when they are first opened.
window.backbeatLanes = {
  view: null,
  open: async (chartId) => (await import('./lanes/view.js')).openLanes(chartId, player, window.backbeatLanes),
};

// The bar comes once the server answers.
const RETRY_MS = 3000;
async function begin() {
  const texts = await fetch(`/api/player/texts?lang=${encodeURIComponent(navigator.language)}`)
    .then((reply) => (reply.ok ? reply.json() : null))
    .catch(() => null);
  if (!texts) {
    setTimeout(begin, RETRY_MS);
    return;
  }
  document.body.append(...createBar(player, texts));
  listenToKeys(player);
  beginPanel(player).catch(() => {});
  beginLibrary(player, window.backbeatTables).catch(() => {});
  beginMap(player).catch(() => {});
  await player.restore();
  keepPreferences(player).catch(() => {});
}
begin();

// The page as an app; browsers allow it on this machine and over https.
if (navigator.serviceWorker) navigator.serviceWorker.register('/service-worker.js').catch(() => {});
