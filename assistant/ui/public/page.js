// What Chainlit's page leaves out: the conversation in the address, the theme of the system.
(() => {
  const BASE = '/chat';
  const THEME = 'vite-ui-theme';
  const system = matchMedia('(prefers-color-scheme: dark)');

  // The theme follows the system until the person chooses one.
  if (!localStorage.getItem(THEME)) localStorage.setItem(THEME, 'system');
  system.addEventListener('change', () => {
    if (localStorage.getItem(THEME) !== 'system') return;
    const theme = system.matches ? 'dark' : 'light';
    document.documentElement.classList.remove('light', 'dark');
    document.documentElement.classList.add(theme);
    Object.entries((window.theme || {})[theme] || {}).forEach(([name, value]) => document.documentElement.style.setProperty(name, value));
  });

  // A reload opens the address: it names the conversation from its first answer on.
  addEventListener('message', (event) => {
    const told = event.data;
    if (event.source !== window || !told || told.backbeat !== 'conversation') return;
    const address = `${BASE}/thread/${told.id}`;
    if (location.pathname === `${BASE}/` || location.pathname === BASE) history.replaceState(history.state, '', address);
  });
})();
