// What is done with several tracks: play, shuffle, queue, like, make a playlist, drum charts.
import { button, el, fill, show } from '../player/dom.js';
import { counted, wordButton } from '../panel/parts.js';
import { ask } from '../panel/server.js';

const ADDRESS = '/api/browse/selection';
const CHARTS_AT_MOST = 200;

function shuffled(tracks) {
  const mixed = tracks.slice();
  for (let at = mixed.length - 1; at > 0; at -= 1) {
    const to = Math.floor(Math.random() * (at + 1));
    [mixed[at], mixed[to]] = [mixed[to], mixed[at]];
  }
  return mixed;
}

// `tracks()` gives the tracks, at once or later; `rest()` a function that gives the ids of those behind
// them, null where they are all. `id` names them for the queue, `name` for a person.
export function createActions(home, { name, id, tracks, rest = () => null, charts = true, likes = true }) {
  const { player, tables, texts } = home;
  const note = (text) => tables.note(text);
  const ids = async () => {
    const first = (await tracks()).map((track) => track.id);
    const further = rest();
    return further ? [...first, ...(await further())] : first;
  };
  const attempt = (work) => async () => {
    try {
      await work();
    } catch (refused) {
      note(refused.message || texts.failed);
    }
  };
  const play = wordButton('play', texts.play_all, attempt(async () => {
    const list = await tracks();
    const further = rest();
    await player.play(Object.assign(list.slice(), { id }), 0, further && (async () => {
      const found = await further();
      note(counted(texts, 'enqueued', list.length + found.length));
      return found;
    }));
  }), { main: true });
  const mix = wordButton('shuffle', texts.shuffle, attempt(async () => {
    const list = await tracks();
    if (!rest()) await player.play(Object.assign(shuffled(list), { id: `${id}-mixed` }), 0);
    else if (!(await player.playIds(shuffled(await ids())))) note(texts.failed);
  }));
  const queue = wordButton('enqueue', texts.enqueue, attempt(async () => {
    const list = await ids();
    if (await player.append(list)) note(counted(texts, 'enqueued', list.length));
    else note(texts.failed);
  }));
  const heart = button('heart', fill(texts.like_all, { name }), attempt(async () => {
    const list = await tracks();
    const liked = !list.every((track) => tables.likes.has(track.id));
    await ask(`${ADDRESS}/likes`, { method: 'PUT', body: { tracks: list.map((track) => track.id), liked } });
    tables.likes.took(list.map((track) => track.id), liked);
    note(fill(counted(texts, liked ? 'liked_all' : 'unliked_all', list.length), { name }));
  }), 'bbp-like');
  const list = wordButton('listadd', texts.make_playlist, attempt(async () => {
    const saved = await ask(`${ADDRESS}/playlist`, { method: 'POST', body: { name, tracks: await ids() } });
    note(fill(texts.playlist_made, saved));
  }));
  const chart = wordButton('drum', texts.charts, attempt(async () => {
    const all = await ids();
    const made = await ask(`${ADDRESS}/charts`, { method: 'POST', body: { tracks: all.slice(0, CHARTS_AT_MOST) } });
    note(made.queued || all.length > CHARTS_AT_MOST ? counted(texts, 'charts_queued', made.queued) : texts.charts_there);
  }), { title: texts.charts_help });
  const node = el('div', { class: 'bbl-actions', role: 'group', 'aria-label': fill(texts.actions, { name }) }, play, mix, queue, list, charts ? chart : null, likes ? heart : null);
  return {
    node,
    // Shows whether all are liked.
    mark(all) {
      const on = all.length > 0 && all.every((track) => tables.likes.has(track.id));
      show(heart, { pressed: on });
    },
  };
}
