// What Chainlit's page lacks for a screen reader: names of its icon buttons, in its own words, the
// list of conversations as a landmark with menus that the keyboard reaches, the language of the page.
const NAMES = [
  ['#search-chats-button', 'threadHistory.sidebar.filters.search'],
  ['#new-chat-button', 'navigation.newChat.button'],
  ['#chat-settings-open-modal', 'chat.settings.title'],
  ['#chat-submit', 'chat.input.actions.send'],
  ['#stop-button', 'chat.input.actions.stop'],
  ['.positive-feedback-on, .positive-feedback-off', 'chat.messages.feedback.positive'],
  ['.negative-feedback-on, .negative-feedback-off', 'chat.messages.feedback.negative'],
  ['button:has(> .lucide-copy)', 'chat.messages.actions.copy.button'],
];

const set = (node, name, value) => {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
};

// Mends what was added or changed: a look at the whole page takes longer with each answer.
function mend(text, added, changed) {
  const each = (selector, use) => {
    changed.forEach((node) => { if (node.matches(selector)) use(node); });
    added.forEach((node) => {
      if (node.matches(selector)) use(node);
      node.querySelectorAll(selector).forEach(use);
    });
  };
  for (const [selector, key] of NAMES) each(selector, (button) => set(button, 'aria-label', text(key)));
  each('.positive-feedback-on, .negative-feedback-on', (button) => set(button, 'aria-pressed', 'true'));
  each('.positive-feedback-off, .negative-feedback-off', (button) => set(button, 'aria-pressed', 'false'));
  const trigger = document.querySelector('#sidebar-trigger-button');
  const open = document.querySelector('[data-side="left"][data-state="expanded"]');
  if (trigger) set(trigger, 'aria-label', text(`threadHistory.sidebar.actions.${open ? 'close' : 'open'}`));
  const list = document.querySelector('[data-sidebar="sidebar"]');
  if (list) {
    set(list, 'role', 'navigation');
    set(list, 'aria-label', text('threadHistory.sidebar.title'));
  }
  list?.querySelectorAll('#thread-options').forEach((menu) => {
    set(menu, 'role', 'button');
    set(menu, 'tabindex', '0');
    set(menu, 'aria-label', `${text('backbeat.conversation_menu')}: ${menu.closest('a')?.textContent.trim() || ''}`);
  });
  each('h3[data-orientation]', (step) => set(step, 'aria-level', '2'));
}

async function begin() {
  const language = navigator.language;
  const reply = await fetch(`/chat/project/translations?language=${encodeURIComponent(language)}`);
  if (!reply.ok) return;
  const { translation } = await reply.json();
  const text = (key) => key.split('.').reduce((part, name) => part?.[name], translation) || '';
  document.documentElement.lang = text('backbeat.language') || 'en';
  let added = new Set([document.body]);
  let changed = new Set();
  let due = false;
  const soon = () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      const [nodes, others] = [added, changed];
      [added, changed] = [new Set(), new Set()];
      mend(text, nodes, others);
    });
  };
  const watched = { subtree: true, childList: true, attributes: true, attributeFilter: ['class', 'data-state'] };
  new MutationObserver((records) => {
    records.forEach(({ target, addedNodes }) => {
      changed.add(target);
      addedNodes.forEach((node) => { if (node instanceof Element) added.add(node); });
    });
    soon();
  }).observe(document.body, watched);
  soon();
}
begin().catch(() => {});
