// What is done with tracks of the map: the menu of one, the bar of several that are chosen, notices.
import { button, el, fill } from '../player/dom.js';
import { library } from '../library/address.js';
import { counted, wordButton } from '../panel/parts.js';
import { ask } from '../panel/server.js';
import { createMenu } from '../table/menu.js';

const QUEUED_AT_MOST = 3000; // as many as the server keeps in the queue
const NOTICE_MS = 9000;

// `map`: { texts, player, facts, say, showWay(id), choose(places or null), beginWay(id), toPlaylist(id), idsOf(places) }
export function createChosen(map) {
  const { texts, player } = map;
  const bar = el('div', { class: 'bbm-chosen', hidden: true, role: 'group' });
  const notice = el('div', { class: 'bbm-notice', hidden: true, role: 'status' });
  const anchor = el('button', { type: 'button', class: 'bbm-anchor', tabindex: -1, 'aria-label': texts.view, onfocus: () => map.focus() });
  const menu = createMenu((track) => [
    { name: 'play', icon: 'play', label: texts.play, run: () => player.play(Object.assign([track], { id: `map-${track.id}` }), 0) },
    { name: 'next', icon: 'insert', label: texts.next, run: () => player.insert([track.id]) },
    { name: 'enqueue', icon: 'enqueue', label: texts.enqueue, run: () => queue([track.id]) },
    { name: 'page', icon: 'info', label: texts.track_page, run: () => { location.hash = library('track', track.id); } },
    { name: 'way', icon: 'way', label: texts.way_from, run: () => map.beginWay(track) },
  ]);
  let timer = 0;

  function tell(text, ...buttons) {
    clearTimeout(timer);
    notice.hidden = !text;
    notice.replaceChildren(el('span', {}, text), ...buttons);
    if (text && !buttons.some((one) => one.dataset.stays)) timer = setTimeout(() => { notice.hidden = true; }, NOTICE_MS);
  }

  async function attempt(work) {
    try {
      return await work();
    } catch (refused) {
      tell(refused.message && refused.status ? refused.message : texts.failed_request);
      return null;
    }
  }

  async function queue(ids) {
    const sent = ids.slice(0, QUEUED_AT_MOST);
    tell(await player.append(sent) ? counted(texts, 'queued', sent.length) : texts.failed_request);
  }

  // A saved playlist was made: it can be opened, and taken back.
  function tellMade(made) {
    const undo = wordButton('undo', texts.undo, () => attempt(async () => {
      await ask(`/api/playlists/${made.id}`, { method: 'DELETE' });
      map.showWay(null);
      tell(texts.undone);
    }));
    tell(fill(texts.made, made), wordButton('panel', texts.show_playlist, () => map.toPlaylist(made.id), { main: true }), undo);
    undo.dataset.stays = 'yes';
    clearTimeout(timer);
  }

  async function make(address, body) {
    const waits = el('span');
    waits.dataset.stays = 'yes';
    tell(texts.making, waits);
    const made = await attempt(() => ask(address, { method: 'POST', body }));
    if (!made) return null;
    tellMade(made);
    return made;
  }

  return {
    parts: [bar, notice, anchor],
    tell,
    make,
    closeMenu: () => menu.close(false),
    openMenu(track, x, y) {
      Object.assign(anchor.style, { left: `${x}px`, top: `${y}px` });
      anchor.setAttribute('aria-label', fill(texts.menu, track));
      menu.open(anchor, track, null);
    },
    // The tracks at these places are chosen.
    show(places) {
      bar.hidden = !places || !places.length;
      if (bar.hidden) return;
      const count = counted(texts, 'chosen', places.length);
      bar.setAttribute('aria-label', count);
      map.say(count);
      const ids = () => map.idsOf(places);
      bar.replaceChildren(
        el('span', { class: 'bbm-count' }, count),
        wordButton('list', texts.make_playlist, async () => {
          const made = await make('/api/map/playlist', { tracks: ids() });
          if (made) map.showWay(made.id);
        }, { main: true }),
        wordButton('enqueue', texts.enqueue, () => queue(ids())),
        button('close', texts.clear, () => map.choose(null)),
      );
    },
  };
}
