// The drawer at the right of the page: a row of tabs, and the part that is chosen.
import { button, el } from '../player/dom.js';

const KEPT = 'backbeat-panel'; // in the session: the open part, also after a reload

// `parts`: { id, label, create(panel) → { node, show(), hide() } }; each is created when first shown.
export function createPanel(texts, parts) {
  const made = new Map();
  let chosen = null;
  let opener = null;
  const tabs = parts.map((part) => el('button', {
    type: 'button', role: 'tab', id: `bbs-tab-${part.id}`, class: 'bbs-tab', 'aria-controls': `bbs-part-${part.id}`, 'aria-selected': 'false', tabindex: -1,
    onclick: () => choose(part.id),
  }, part.label));
  const row = el('div', { class: 'bbs-tabs', role: 'tablist', 'aria-label': texts.tabs, onkeydown: moveFocus }, ...tabs);
  const live = el('div', { class: 'bbp-hidden', role: 'status', 'aria-live': 'polite' });
  const body = el('div', { class: 'bbs-body' });
  const node = el('aside', { class: 'bbs', id: 'bbs', 'aria-label': texts.panel, hidden: true, onkeydown: (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.stopPropagation();
    panel.close();
  } }, el('div', { class: 'bbs-head' }, row, button('close', texts.close, () => panel.close())), body, live);

  function moveFocus(event) {
    const at = tabs.indexOf(event.target);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const place = (to + tabs.length) % tabs.length;
    choose(parts[place].id);
    tabs[place].focus();
  }

  function choose(id) {
    const part = parts.find((each) => each.id === id) || parts[0];
    if (chosen && chosen !== part.id) made.get(chosen).hide();
    if (!made.has(part.id)) {
      const content = part.create(panel);
      const page = el('div', { id: `bbs-part-${part.id}`, class: 'bbs-part', role: 'tabpanel', 'aria-labelledby': `bbs-tab-${part.id}` }, content.node);
      made.set(part.id, { ...content, page });
      body.append(page);
    }
    chosen = part.id;
    made.forEach((each, name) => { each.page.hidden = name !== chosen; });
    tabs.forEach((tab, at) => {
      const on = parts[at].id === chosen;
      tab.setAttribute('aria-selected', String(on));
      tab.tabIndex = on ? 0 : -1;
    });
    sessionStorage.setItem(KEPT, chosen);
    made.get(chosen).show();
    panel.changed();
  }

  const panel = {
    node,
    texts,
    changed: () => {},
    say: (text) => { live.textContent = text; },
    isOpen: () => !node.hidden,
    shows: (id) => !node.hidden && chosen === id,
    part: (id) => made.get(id),
    open(id, { focus = true } = {}) {
      if (node.hidden) opener = document.activeElement;
      node.hidden = false;
      document.documentElement.classList.add('bbs-there');
      choose(id || chosen || sessionStorage.getItem(KEPT));
      if (focus) tabs[parts.findIndex((part) => part.id === chosen)].focus({ preventScroll: true });
    },
    close() {
      if (node.hidden) return;
      node.hidden = true;
      document.documentElement.classList.remove('bbs-there');
      sessionStorage.removeItem(KEPT);
      made.get(chosen).hide();
      panel.changed();
      if (opener && opener.isConnected) opener.focus();
      else panel.focusFallback();
    },
    focusFallback: () => {},
    toggle() {
      if (panel.isOpen()) panel.close();
      else panel.open();
    },
    restore() {
      if (sessionStorage.getItem(KEPT)) panel.open(null, { focus: false });
    },
  };
  return panel;
}
