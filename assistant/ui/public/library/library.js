// The library as a view over the chat: its button, its shortcut, and what its addresses show.
import { button } from '../player/dom.js';
import { ask } from '../panel/server.js';
import { library, read } from './address.js';
import { createAlbumPage } from './album_page.js';
import { createArtistPage } from './artist_page.js';
import { createFailed } from './failed.js';
import { createFolders } from './folders.js';
import { createFrame } from './frame.js';
import { createAlbums, createArtists } from './grids.js';
import { createGenre, createGenres } from './genres.js';
import { createLiked, createRecent } from './recent.js';
import { createSearch } from './search.js';
import { createTrackPage } from './track/track_page.js';

const BUTTON = 'bbl-open';
const KEPT = 12; // views that are there again at once, where they were
const VIEWS = {
  albums: createAlbums, artists: createArtists, genres: createGenres, folders: createFolders, recent: createRecent, liked: createLiked, failed: createFailed,
  album: createAlbumPage, artist: createArtistPage, genre: createGenre, track: createTrackPage, search: createSearch,
};

export async function beginLibrary(player, tables) {
  const texts = await ask('/api/browse/texts');
  const views = new Map();
  const home = { player, tables, texts, open, say: (text) => frame.say(text), leave, askTrack };
  const frame = createFrame(home, { search, leave });
  let shown = null;
  let opener = null;
  let fresh = false; // a link was followed: what it shows is read anew

  function open(kind, value = null) {
    const hash = library(kind, value);
    fresh = true;
    if (location.hash === hash) follow();
    else location.hash = hash;
  }

  // What is typed replaces what was typed before: one step back leaves the search.
  function search(text) {
    const here = read(location.hash);
    const hash = text ? library('search', text) : library('albums');
    if (here && here.kind === 'search') {
      history.replaceState(history.state, '', hash);
      follow();
    } else if (text) location.hash = hash;
  }

  function leave() {
    if (!shown) return;
    history.pushState(null, '', location.pathname + location.search);
    follow();
  }

  // A request about a track goes to the chat.
  function askTrack(id, about) {
    leave();
    window.postMessage({ backbeat: 'ask_track', id, about }, location.origin);
  }

  function drop(hash) {
    views.get(hash)?.end?.();
    views.delete(hash);
  }

  function viewOf(hash, { kind, value }) {
    if (fresh || kind === 'failed') drop(hash);
    fresh = false;
    const known = views.get(hash);
    if (known) views.delete(hash);
    const view = known || { ...(VIEWS[kind] || createAlbums)(home, value), scroll: 0 };
    views.set(hash, view);
    [...views.keys()].slice(0, -KEPT).forEach(drop);
    return view;
  }

  function follow() {
    const place = read(location.hash);
    if (shown) shown.view.scroll = frame.scroller.scrollTop;
    if (!place) {
      close();
      return;
    }
    const opened = !shown;
    if (opened) opener = document.activeElement;
    const focused = !opened && place.kind !== 'search';
    const view = viewOf(location.hash, place);
    shown = { hash: location.hash, view };
    frame.show(view, place);
    document.documentElement.classList.add('bbl-there');
    control.setAttribute('aria-expanded', 'true');
    frame.scroller.scrollTop = view.scroll;
    view.shown?.();
    if (focused) frame.focus(view);
    else if (opened) frame.focusFirst();
  }

  function close() {
    if (!shown) return;
    shown = null;
    frame.hide();
    document.documentElement.classList.remove('bbl-there');
    control.setAttribute('aria-expanded', 'false');
    const back = opener && opener.isConnected && opener !== document.body ? opener : control;
    back.focus({ preventScroll: true });
  }

  const control = button('library', texts.open, () => (shown ? leave() : open('albums')));
  control.id = BUTTON;
  control.setAttribute('aria-keyshortcuts', 'Alt+L');
  control.setAttribute('aria-expanded', 'false');
  control.setAttribute('aria-controls', frame.node.id);
  document.body.append(frame.node);
  // Chainlit draws its header anew when it goes to another conversation.
  function placeButton() {
    const side = document.querySelector('#header > :last-child');
    if (side && control.parentElement !== side) side.prepend(control);
  }
  new MutationObserver(placeButton).observe(document.body, { subtree: true, childList: true });
  placeButton();
  addEventListener('click', (event) => {
    const link = event.target instanceof Element && event.target.closest('a[href*="#library"]');
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    fresh = true;
    if (link.hash === location.hash) follow();
    else location.hash = link.hash;
  });
  addEventListener('hashchange', follow);
  addEventListener('popstate', () => { if (!read(location.hash)) close(); });
  addEventListener('keydown', (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== 'KeyL') return;
    event.preventDefault();
    if (shown) leave();
    else open('albums');
  });
  window.backbeatLibrary = home;
  follow();
}
