// All tables of the page. The chat draws its messages anew again and again; a table stays the same
// element and moves to the place it is given.
import { addIcons, el, fill } from '../player/dom.js';
import { createLikes } from './likes.js';
import { createMenu } from './menu.js';
import { placeTables } from './placing.js';
import { createTable } from './table.js';

addIcons({
  dislike: ['M17 3.5v10M17 13.5l-4 7c-1.6 0-2.4-1-2.1-2.6l.7-3.4H5c-1.3 0-2.1-1.1-1.8-2.4l1.5-6.9c.2-1 1-1.7 2-1.7H17M17 13.5h3.5v-10H17'],
  edit: ['M4.5 19.5l1-4L16 5l3 3L8.5 18.5z'],
});

const OPEN = 5; // tables that are not folded
const SAID_MS = 4000;
const MOODS = 3; // of a track that its menu can deny

export function createTables(player) {
  const tables = new Map();
  const others = new Set(); // of the library
  const likes = createLikes(player);
  const live = el('div', { class: 'bbt-said', role: 'status', 'aria-live': 'polite' });
  const quiet = el('div', { class: 'bb-hidden', role: 'status', 'aria-live': 'polite' });
  let timer = 0;

  function note(text) {
    if (!live.isConnected) document.body.append(live);
    live.textContent = text;
    clearTimeout(timer);
    timer = setTimeout(() => { live.textContent = ''; }, SAID_MS);
  }

  function say(text) {
    if (!quiet.isConnected) document.body.append(quiet);
    quiet.textContent = text;
  }

  // Pages of the library; the album and the artist of a track are asked for when they are wanted.
  function goTo(kind, id) { location.hash = `#library/${kind}/${id}`; }

  async function goToPlace(track, kind, none) {
    const reply = await fetch(`/api/browse/tracks/${track.id}/places`).catch(() => null);
    const places = reply && reply.ok ? await reply.json() : {};
    const id = places[`${kind}_id`];
    if (id) goTo(kind, id);
    else note(none);
  }

  function actions(track, table) {
    const { texts } = table;
    const told = async (work, text) => note((await work) ? fill(text, { title: track.title }) : texts.failed);
    const ask = (tool, label) => () => table.press(tool, track, `${label}: ${track.title}`);
    const liked = likes.has(track.id);
    const judge = (field, value, said, names) => async () => {
      const reply = await fetch('/api/feedback', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ track_id: track.id, field, value }) }).catch(() => null);
      note(reply && reply.ok ? fill(said, { title: track.title, ...names }) : texts.failed);
    };
    const moods = (track.mood_names || []).slice(0, MOODS).map((name, at) => ({
      name: `not-${name}`, icon: 'close', label: fill(texts.not_mood, { mood: track.moods[at] }), run: judge(`mood:${name}`, 'not', texts.said_not_mood, { mood: track.moods[at] }),
    }));
    return [
      { name: 'next', icon: 'insert', label: texts.next, run: () => told(player.insert([track.id]), texts.said_next) },
      { name: 'enqueue', icon: 'enqueue', label: texts.enqueue, run: () => told(player.append([track.id]), texts.said_enqueued) },
      { name: 'like', icon: 'heart', label: liked ? texts.unlike : texts.like, run: () => told(likes.set(track, !liked), liked ? texts.said_unliked : texts.said_liked) },
      { name: 'dislike', icon: 'dislike', label: texts.dislike, run: judge('like', '-1', texts.said_disliked) },
      ...moods,
      { name: 'correct', icon: 'edit', label: texts.correct, run: () => goTo('track', `${track.id}`) },
      { name: 'similar', icon: 'similar', label: texts.similar, run: ask('find_similar', texts.similar) },
      { name: 'chart', icon: 'drum', label: texts.chart, run: ask('generate_drum_chart', texts.chart) },
      { name: 'page', icon: 'page', label: texts.page, run: () => goTo('track', track.id) },
      { name: 'album', icon: 'album', label: texts.album, run: () => goToPlace(track, 'album', texts.no_album) },
      { name: 'artist', icon: 'artist', label: texts.artist_page, run: () => goToPlace(track, 'artist', texts.no_artist) },
      { name: 'open', icon: 'info', label: texts.open, run: () => table.press('summarize_track', track, fill(texts.about, { title: track.title })) },
    ];
  }

  const page = { player, likes, note, say, menu: createMenu(actions) };
  player.listeners.add(() => [...tables.values(), ...others].forEach((table) => table.mark()));
  likes.listeners.add(() => [...tables.values(), ...others].forEach((table) => table.markLikes()));

  function foldOlder() {
    [...tables.values()].slice(0, -OPEN).forEach((table) => table.fold());
  }

  // The conversation may remember another order of its last table than the one that is shown now.
  let telling = 0;
  function tellLast(table) {
    clearTimeout(telling);
    telling = setTimeout(() => table.tell());
  }

  const shownTables = {
    likes,
    note,
    // A table outside the chat, which is never folded.
    make(props, callAction) {
      const table = Object.assign(createTable(props, page), { callAction });
      others.add(table);
      likes.load();
      return { table, end: () => others.delete(table) };
    },
    // Shows a table in `place`; returns a function that takes it out again.
    // `opened`: of a conversation that is opened again, in the order of its answer.
    show(place, props, callAction, { opened = false } = {}) {
      let table = tables.get(props.list_id);
      if (!table) {
        tables.forEach((other, id) => { if (!other.node.isConnected) tables.delete(id); });
        table = createTable(props, page);
        tables.set(props.list_id, table);
        likes.load();
        if (props.player) player.follow(props.player.version, { id: props.list_id, offset: props.player.place });
        foldOlder();
        if (opened) tellLast(table);
      }
      table.callAction = callAction;
      place.append(table.node);
      if (table.focused) table.focused.focus({ preventScroll: true });
      table.focused = null;
      return () => {
        const { activeElement } = document;
        table.focused = table.node.contains(activeElement) ? activeElement : null;
        // gone unless it is shown again at once
        setTimeout(() => { if (!table.node.isConnected) tables.delete(props.list_id); });
      };
    },
  };
  placeTables(shownTables);
  return shownTables;
}
