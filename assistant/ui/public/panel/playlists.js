// The tab of the playlists: the list of them, or one that is open.
import { button, cover, el, fill } from '../player/dom.js';
import { counted, dateText, lengthText } from './parts.js';
import { createPlaylist } from './playlist.js';
import { ask, lookAgain, Refused } from './server.js';

const EVERY_MS = 2000; // a change by the chat is seen within this time
const ADDRESS = '/api/playlists';

export function createPlaylists(panel, player) {
  const { texts } = panel;
  const node = el('div', { class: 'bbs-playlists' });
  const list = el('ul', { class: 'bbs-lists', 'aria-label': texts.tab_playlists });
  const notice = el('div', { class: 'bbs-notice', role: 'alert', hidden: true });
  let open = null; // the view of the open playlist
  let mark = null; // of the changes that are drawn
  let looking = null;

  // Something to tell, with a way to take it back where there is one.
  function tell(text, undo = null) {
    notice.hidden = !text;
    notice.replaceChildren(el('span', {}, text || ''));
    if (undo) notice.append(el('button', { type: 'button', class: 'bb-button', onclick: undo }, texts.undo));
  }

  // Runs a change; what the server refuses is told.
  async function attempt(work) {
    try {
      return await work();
    } catch (error) {
      tell(error instanceof Refused && error.message ? error.message : texts.failed_request);
      return null;
    } finally {
      mark = null;
    }
  }

  async function drawList() {
    const lists = await ask(ADDRESS);
    if (open) return; // one was opened meanwhile
    const focused = list.contains(document.activeElement) ? document.activeElement.closest('[data-playlist]')?.dataset.playlist : null;
    list.replaceChildren(...lists.map(row));
    const empty = el('div', { class: 'bbs-none' }, el('p', {}, texts.no_playlists), el('p', {}, texts.no_playlists_help));
    node.replaceChildren(notice, lists.length ? list : empty);
    if (focused) list.querySelector(`[data-playlist="${focused}"] .bbs-open`)?.focus();
  }

  function row(each) {
    const facts = [counted(texts, 'tracks', each.tracks), lengthText(texts, each.duration_s), dateText(texts, each.created_at)];
    const opener = el('button', { type: 'button', class: 'bbs-open', 'aria-label': fill(texts.open_playlist, each), onclick: () => show(each.id) },
      mosaic(each), el('span', { class: 'bbp-names' }, el('span', { class: 'bbp-title', title: each.name }, each.name), el('span', { class: 'bbp-artist', title: fill(texts.made, { date: facts[2] }) }, facts.join(' · '))));
    const play = button('play', fill(texts.play_playlist, each), () => attempt(async () => {
      const whole = await ask(`${ADDRESS}/${each.id}`);
      player.play(Object.assign(whole.entries.map((entry) => entry.track), { id: `playlist-${each.id}` }), 0);
    }));
    play.disabled = !each.tracks;
    return el('li', { class: 'bbs-list', 'data-playlist': each.id }, opener, play);
  }

  function mosaic(each) {
    const pictures = (each.covers.length === 4 ? each.covers : each.covers.slice(0, 1)).map(cover);
    return el('span', { class: `bbs-mosaic ${pictures.length === 4 ? 'four' : ''}`, 'aria-hidden': 'true' }, ...pictures);
  }

  function back(focusOn = null) {
    if (open) open.end();
    open = null;
    mark = null;
    return drawList().then(() => {
      const wanted = focusOn && list.querySelector(`[data-playlist="${focusOn}"] .bbs-open`);
      (wanted || list.querySelector('.bbs-open') || node).focus?.();
    }).catch(() => tell(texts.offline));
  }

  async function show(id) {
    tell('');
    const shown = await attempt(() => ask(`${ADDRESS}/${id}`));
    if (!shown) return;
    if (open) open.end();
    open = createPlaylist({ panel, player, attempt, tell, address: `${ADDRESS}/${id}`, back: () => back(id), removed });
    open.draw(shown);
    node.replaceChildren(notice, open.node);
    open.focus();
  }

  async function removed({ id, name }) {
    await back();
    tell(fill(texts.deleted, { name }), () => attempt(async () => {
      const now = await ask(`${ADDRESS}/${id}/undo`, { method: 'POST' });
      tell('');
      panel.say(now.said);
      await back(id);
    }));
  }

  async function look() {
    const now = (await ask(`${ADDRESS}/changes`)).mark;
    if (now === mark || (open && open.isBusy())) return;
    if (open) {
      try {
        open.draw(await ask(open.address));
      } catch (error) {
        if (error.status !== 404) throw error;
        await back();
        tell(texts.gone);
      }
    } else {
      await drawList();
    }
    mark = now;
  }

  return {
    node,
    open: show,
    show() {
      if (looking) looking.stop();
      mark = null;
      looking = lookAgain(look, EVERY_MS, () => panel.shows('playlists'));
    },
    hide() {
      if (looking) looking.stop();
      looking = null;
    },
  };
}
