// Tables of new answers: the server sends them beside Chainlit's own elements, each of which makes
// Chainlit draw all messages anew. An opened conversation brings them as elements.
import { el } from '../player/dom.js';

const WAIT_MS = 10000; // for the message to be drawn
const ADDRESS = '/chat/project/action';

function whenThere(selector, use) {
  const found = document.querySelector(selector);
  if (found) {
    use(found);
    return;
  }
  const stop = () => { clearTimeout(timer); watch.disconnect(); };
  const timer = setTimeout(() => stop(), WAIT_MS);
  const watch = new MutationObserver(() => {
    const drawn = document.querySelector(selector);
    if (!drawn) return;
    stop();
    use(drawn);
  });
  watch.observe(document.body, { subtree: true, childList: true });
}

export function placeTables(tables) {
  addEventListener('message', (event) => {
    const told = event.data;
    if (event.source !== window || !told || told.backbeat !== 'table') return;
    event.stopImmediatePropagation(); // Chainlit's page would send it back to the server
    const { session, element } = told;
    const callAction = (action) => fetch(ADDRESS, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ sessionId: session, action }),
    }).catch(() => {});
    whenThere(`[id="step-${CSS.escape(element.forId)}"] .message-content`, (content) => {
      const place = el('div', { class: 'bb-place' });
      content.append(place);
      tables.show(place, element.props, callAction);
    });
  });
}
