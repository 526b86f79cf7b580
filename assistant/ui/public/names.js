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
  ['.message-content ~ div button:has(> .lucide-copy), button:has(> .lucide-copy)', 'chat.messages.actions.copy.button'],
];

const set = (node, name, value) => {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
};

function mend(text) {
  for (const [selector, key] of NAMES) {
    document.querySelectorAll(selector).forEach((button) => set(button, 'aria-label', text(key)));
  }
  document.querySelectorAll('.positive-feedback-on, .negative-feedback-on').forEach((button) => set(button, 'aria-pressed', 'true'));
  document.querySelectorAll('.positive-feedback-off, .negative-feedback-off').forEach((button) => set(button, 'aria-pressed', 'false'));
  const trigger = document.querySelector('#sidebar-trigger-button');
  const open = document.querySelector('[data-side="left"][data-state="expanded"]');
  if (trigger) set(trigger, 'aria-label', text(`threadHistory.sidebar.actions.${open ? 'close' : 'open'}`));
  const list = document.querySelector('[data-sidebar="sidebar"]');
  if (list) {
    set(list, 'role', 'navigation');
    set(list, 'aria-label', text('threadHistory.sidebar.title'));
  }
  document.querySelectorAll('#thread-options').forEach((menu) => {
    set(menu, 'role', 'button');
    set(menu, 'tabindex', '0');
    set(menu, 'aria-label', `${text('backbeat.conversation_menu')}: ${menu.closest('a')?.textContent.trim() || ''}`);
  });
  document.querySelectorAll('h3[data-orientation]').forEach((step) => set(step, 'aria-level', '2'));
}

async function begin() {
  const language = navigator.language;
  const reply = await fetch(`/chat/project/translations?language=${encodeURIComponent(language)}`);
  if (!reply.ok) return;
  const { translation } = await reply.json();
  const text = (key) => key.split('.').reduce((part, name) => part?.[name], translation) || '';
  document.documentElement.lang = text('backbeat.language') || 'en';
  let due = false;
  const soon = () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      mend(text);
    });
  };
  const watched = { subtree: true, childList: true, attributes: true, attributeFilter: ['class', 'data-state'] };
  new MutationObserver(soon).observe(document.body, watched);
  soon();
}
begin().catch(() => {});
