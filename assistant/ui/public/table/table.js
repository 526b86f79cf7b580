// A table of tracks: its rows, what plays of them, its order, and how it is folded.
import { createShape } from '../map/shape.js';
import { el, fill, icon } from '../player/dom.js';
import { createFoot, createHead, createHeadings, createSortMenu } from './head.js';
import { createRow, showPlaying } from './row.js';
import { Rows } from './rows.js';

const SPOKEN_OF = 200; // rows that the conversation knows by number

class Table {
  constructor(props, { player, likes, menu, say }) {
    Object.assign(this, { props, player, likes, menu, say, id: props.list_id, texts: props.texts });
    this.rows = new Rows(props);
    this.showWhy = props.tracks.some((track) => track.why && track.why.length > 0);
    this.node = el('div', { class: 'bb' });
    this.parts = []; // functions that show the order and the count
    this.drawn = [];
    this.watched = [];
    this.marked = '';
    this.busy = false;
    this.folded = false;
    this.#build();
    if (this.rows.loaded.length < Math.min(props.rows_shown, this.rows.total)) this.more(props.rows_shown, false);
  }

  // --- what its buttons do

  act(payload) { return this.callAction({ name: 'press', payload }); }

  press(tool, track, text) { return this.act({ tool, arguments: { track: `#${track.id}` }, text }); }

  openMenu(button, track) { this.menu.open(button, track, this); }

  toggle(at) {
    const { player } = this;
    const shown = this.rows.loaded;
    if (this.current === at && !player.error) player.toggle();
    else if (this.mine && player.list[at + player.list.offset]?.id === shown[at].id) player.jump(at + player.list.offset);
    else player.play(Object.assign(shown.slice(), { id: this.listId }), at, this.rows.rest());
  }

  toggleAll() { this.toggle(this.current >= 0 ? this.current : 0); }

  // Versions of a song are not played one after another.
  toggleVersion(version, id) {
    const { player } = this;
    if (player.list && player.list.id === id && !player.error) player.toggle();
    else player.play(Object.assign([version], { id }), 0);
  }

  watch(button, track, id) { this.watched.push({ button, track, id }); }

  async more(count, asked = true) {
    const before = this.drawn.length;
    if (!(await this.#work(() => this.rows.show(count)))) return;
    this.#drawRows();
    this.tell();
    if (!asked) return;
    const first = this.drawn[before];
    if (first) first.node.querySelector('.bb-play').focus({ preventScroll: true });
    this.say(fill(this.texts.shown, { shown: this.drawn.length, total: this.rows.total }));
  }

  async sort(order) {
    if (!(await this.#work(() => this.rows.sort(order)))) return;
    this.body.replaceChildren();
    this.drawn = [];
    this.watched = [];
    this.#drawRows();
    this.tell();
    const column = order && { title: this.texts.title, artist: this.texts.artist, bpm: 'BPM', key: this.texts.key, energy: this.texts.energy, length: this.texts.length }[order.by];
    const direction = order && (order.descending ? this.texts.descending : this.texts.ascending);
    this.say(order ? fill(this.texts.sorted, { column, direction }) : this.texts.sorted_given);
  }

  // In words, "number 3" is the third row that is seen.
  tell() {
    const ids = this.rows.shown.slice(0, SPOKEN_OF).map((track) => track.id);
    window.postMessage({ backbeat: 'rows', list: this.id, ids }, location.origin);
  }

  async #work(task) {
    if (this.busy) return false;
    this.busy = true;
    this.node.setAttribute('aria-busy', 'true');
    const done = await task();
    this.busy = false;
    this.node.removeAttribute('aria-busy');
    if (!done) this.say(this.texts.failed);
    return done;
  }

  // --- what it shows

  // The queue of the player is this list in this order.
  get listId() {
    const { order } = this.rows;
    return order ? `${this.id}:${order.by}:${order.descending ? 'down' : 'up'}` : this.id;
  }

  get mine() { return Boolean(this.player.list) && this.player.list.id === this.listId; }

  // The place of the row that plays; a track that another list plays is marked here too.
  get current() {
    const { player, rows: { loaded } } = this;
    if (!player.track) return -1;
    const queued = this.mine ? player.at - player.list.offset : -1;
    if (loaded[queued] && loaded[queued].id === player.track.id) return queued;
    return loaded.findIndex((track) => track.id === player.track.id);
  }

  #build() {
    const [head, showHead] = createHead(this);
    const [headings, showHeadings] = createHeadings(this);
    const [tools, showTools] = createSortMenu(this);
    const [foot, showFoot] = createFoot(this);
    this.showHead = showHead;
    this.parts = [showHeadings, showTools, showFoot];
    this.body = el('tbody', {});
    const table = el('table', { class: 'bb-table', 'aria-label': this.props.name || this.props.label || this.texts.tracks }, headings, this.body);
    const several = this.rows.total > 1;
    const shape = this.props.playlist_id ? createShape() : null;
    if (shape) shape.draw(this.props.tracks);
    this.box = el('div', { class: 'bb-box' }, head, shape && shape.node, several ? tools : null, table, foot);
    this.node.replaceChildren(this.box);
    this.#drawRows();
  }

  #drawRows() {
    const shown = this.rows.shown;
    const added = shown.slice(this.drawn.length).map((track, at) => createRow(track, this.drawn.length + at, this));
    this.body.append(...added.map((row) => row.node));
    this.drawn.push(...added);
    this.parts.forEach((part) => part());
    this.marked = '';
    this.mark();
    this.markLikes();
  }

  // Called for every change of the player; redraws for another track or a pause, not for positions.
  mark() {
    if (this.folded) return;
    const { player } = this;
    const { current } = this;
    const state = [current, player.playing, player.list && player.list.id, this.drawn.length].join(' ');
    if (state === this.marked) return;
    this.marked = state;
    this.drawn.forEach((row) => row.mark(row.at === current, player.playing));
    this.watched.forEach(({ button, track, id }) => showPlaying(button, track, this.texts, Boolean(player.list) && player.list.id === id && player.playing));
    this.showHead(current >= 0 && player.playing);
  }

  markLikes() { if (!this.folded) this.drawn.forEach((row) => row.markLiked(this.likes.has(row.track.id))); }

  // --- folded

  get inUse() { return this.kept || this.node.contains(document.activeElement) || this.mine; }

  fold() {
    if (this.folded || this.inUse) return;
    this.folded = true;
    const { props, texts } = this;
    const filters = (props.filters || []).map((one) => one.label).join(', ');
    const label = [props.name || filters, fill(texts.folded, { count: this.rows.total })].filter(Boolean).join(' · ');
    const unfold = el('button', { type: 'button', class: 'bb-button', 'aria-label': `${texts.unfold}: ${label}`, onclick: () => this.unfold() }, icon('down'), texts.unfold);
    this.node.replaceChildren(el('div', { class: 'bb-box bb-folded' }, el('span', { class: 'bb-title' }, label), unfold));
  }

  unfold() {
    this.folded = false;
    this.kept = true;
    this.node.replaceChildren(this.box);
    this.marked = '';
    this.mark();
    this.markLikes();
    this.box.querySelector('.bb-play')?.focus({ preventScroll: true });
  }
}

export const createTable = (props, page) => new Table(props, page);
