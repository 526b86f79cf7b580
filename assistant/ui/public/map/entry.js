// The way to the map: a button in the header of the page, a shortcut, the address `#map`. The map
// itself is loaded when it is first opened. `#map/playlist/5` shows the way through a playlist.
import { button } from '../player/dom.js';
import './icons.js';
import { mapTexts } from './texts.js';

const ADDRESS = /^#map(?:\/playlist\/(\d+))?$/;

export async function beginMap(player) {
  const texts = await mapTexts();
  let view = null;
  let from = null; // the address of the page where the map was opened by its button
  let opener = null;
  const toggle = button('map', texts.open, () => { if (isOpen()) close(); else open(); });
  Object.assign(toggle, { id: 'bbm-open' });
  toggle.setAttribute('aria-keyshortcuts', 'Alt+M');
  toggle.setAttribute('aria-expanded', 'false');

  const isOpen = () => ADDRESS.test(location.hash);

  function open(playlist = null) {
    if (!isOpen()) from = location.pathname;
    location.hash = playlist ? `map/playlist/${playlist}` : 'map';
  }

  function close() {
    if (from === location.pathname && history.length > 1) history.back();
    else {
      history.replaceState(history.state, '', location.pathname + location.search);
      follow();
    }
    from = null;
  }

  function toPlaylist(id) {
    window.backbeatPanel.open('playlists');
    window.backbeatPanel.part('playlists').open(id);
  }

  async function follow() {
    const asked = ADDRESS.exec(location.hash);
    toggle.setAttribute('aria-expanded', String(Boolean(asked)));
    if (!asked) {
      if (!view || view.node.hidden) return;
      view.hide();
      document.querySelector('#root')?.removeAttribute('inert');
      (opener?.isConnected ? opener : toggle).focus({ preventScroll: true });
      return;
    }
    if (!view || view.node.hidden) opener = document.activeElement;
    if (!view) {
      const { createMap } = await import('./view.js');
      view ??= createMap({ player, texts, close, toPlaylist });
      if (!view.node.isConnected) document.body.append(view.node);
    }
    if (!isOpen()) return; // closed while it was loaded
    document.querySelector('#root')?.setAttribute('inert', '');
    view.show(asked[1] ? Number(asked[1]) : null);
  }

  // Chainlit draws its header anew when it goes to another conversation.
  function placeButton() {
    const side = document.querySelector('#header > :last-child');
    if (side && toggle.parentElement !== side) side.prepend(toggle);
    const root = document.querySelector('#root');
    if (view && !view.node.hidden && root && !root.hasAttribute('inert')) root.setAttribute('inert', '');
  }
  new MutationObserver(placeButton).observe(document.body, { subtree: true, childList: true });
  placeButton();
  addEventListener('keydown', (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== 'KeyM') return;
    event.preventDefault();
    if (isOpen()) close();
    else open();
  });
  addEventListener('hashchange', follow);
  window.backbeatMap = { open, close, placeOf: (id) => view?.placeOf(id) };
  await follow();
}
