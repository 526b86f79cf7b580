// The map of the library as a view over the page: its parts, and what they do to each other.
import { button, el, fill } from '../player/dom.js';
import { counted } from '../panel/parts.js';
import { Camera } from './camera.js';
import { createChosen } from './chosen.js';
import { colouring } from './colours.js';
import { listen } from './gestures.js';
import { createLegend } from './legend.js';
import { Overlay } from './overlay.js';
import { Painter, radiusOf } from './painter.js';
import { loadPoints } from './points.js';
import { regionsOf } from './regions.js';
import { createSearch } from './search.js';
import { themed } from './theme.js';
import { createFacts, createTip } from './tip.js';
import { loadWay } from './way.js';

const COLOUR_KEPT = 'backbeat-map-colour';
const POINT_PX = 10; // from the pointer within which a track counts as pointed at
const FINGER_PX = 24;
const LASSO_GAP_PX = 4;
const NARROW_PX = 760; // up to this width the legend lies over the map

export function createMap({ player, texts, close, toPlaylist }) {
  const state = { kind: localStorage.getItem(COLOUR_KEPT) || 'genre', only: null, found: null, chosen: null, way: null, line: [], lasso: false, pointed: -1, aim: false, from: null };
  let points = null;
  let colours = null;
  let due = 0;
  const facts = createFacts();
  const back = el('canvas', { class: 'bbm-points', 'aria-hidden': 'true' });
  const front = el('canvas', { class: 'bbm-canvas', tabindex: 0, role: 'application', 'aria-label': texts.view });
  const live = el('div', { class: 'bbp-hidden', role: 'status', 'aria-live': 'polite' });
  const message = el('div', { class: 'bbm-message' });
  const [painter, overlay] = [new Painter(back), new Overlay(front)];
  const camera = new Camera(() => { tip.hide(); state.pointed = -1; request(); });
  const tip = createTip(facts);
  const say = (text) => { live.textContent = text; };
  const shown = (at) => !state.dim || !state.dim[at];
  const idsOf = (places) => places.map((place) => points.ids[place]);

  const chosen = createChosen({ texts, player, facts, say, idsOf, choose, beginWay, showWay, toPlaylist, focus: () => front.focus({ preventScroll: true }) });
  const legend = createLegend(texts, { colour: (kind) => { localStorage.setItem(COLOUR_KEPT, kind); colourBy(kind); }, only: (values) => { state.only = values; dim(); } });
  const search = createSearch(texts, { found: (ids) => { state.found = ids && ids.map((id) => points.placeOf(id)).filter((place) => place >= 0); dim(); showPlaces(state.found); return state.found?.length; }, say });
  const wayName = el('span', { class: 'bbm-way-name' });
  const wayBar = el('div', { class: 'bbm-way', hidden: true }, wayName, button('close', texts.hide_way, () => { showWay(null); front.focus(); }));
  const lasso = button('lasso', texts.lasso, () => setLasso(!state.lasso));
  const target = button('target', texts.playing, () => { const at = playing(); if (at >= 0) showPlaces([at]); });
  const tools = el('div', { class: 'bbm-tools' }, lasso, button('inview', texts.choose_view, chooseView), target,
    button('plus', texts.zoom_in, () => camera.zoomBy(1.8)), button('minus', texts.zoom_out, () => camera.zoomBy(1 / 1.8)), button('whole', texts.fit, () => camera.showAll()));
  const count = el('span', { class: 'bbp-artist' });
  const head = el('header', { class: 'bbm-head' }, el('h2', { class: 'bbm-title' }, texts.title), count, search.node, button('close', texts.close, close));
  const stage = el('div', { class: 'bbm-stage' }, back, front, legend.node, wayBar, tools, ...chosen.parts, tip.node, message);
  const node = el('section', { class: 'bbm', id: 'bbm', 'aria-label': texts.view, hidden: true, onkeydown: escape }, head, stage, live);

  // --- drawing

  function request() { if (!due) due = requestAnimationFrame(draw); }

  function draw() {
    due = 0;
    if (!points || !points.count || node.hidden) return;
    painter.paint(points, camera, { kinds: points.values[state.kind], rgb: colours.rgb, dim: state.dim, ground: state.theme.pixel });
    overlay.draw(points, camera, { ...state, colours: state.theme, radius: radiusOf(points.count, camera.zoom), playing: playing(), found: state.found, nameOf });
  }

  function resize() {
    const { width, height } = stage.getBoundingClientRect();
    if (!width || !height) return;
    painter.resize(width, height);
    overlay.resize(width, height);
    camera.resize(width, height, width > NARROW_PX ? legend.node.offsetWidth + legend.node.offsetLeft : 0);
    request();
  }

  const named = (kind) => (kind === 'tempo' || kind === 'key' ? 'genre' : kind); // tempo and key have no regions
  const nameOf = (value) => texts[`${named(state.kind)}s`][value - 1]?.name;

  function colourBy(kind) {
    state.kind = kind;
    state.only = null;
    state.theme = themed();
    colours = colouring(kind, texts, document.documentElement.classList.contains('dark'));
    const counts = new Uint32Array(256);
    points.values[kind].forEach((value) => { counts[value] += 1; });
    legend.show(kind, counts, kind === 'tempo' ? [] : texts[`${kind}s`].map((one) => one.name), colours.css);
    state.regions = regionsOf(points, points.values[named(kind)]);
    dim();
  }

  // What stands back: what the legend leaves out, and what a search did not find.
  function dim() {
    const { only, found, kind } = state;
    if (!only && !found) state.dim = null;
    else {
      const values = points.values[kind];
      state.dim = new Uint8Array(points.count);
      if (only) for (let at = 0; at < points.count; at += 1) state.dim[at] = only.has(values[at]) ? 0 : 1;
      if (found) {
        const there = new Uint8Array(points.count);
        found.forEach((place) => { there[place] = 1; });
        for (let at = 0; at < points.count; at += 1) if (!there[at]) state.dim[at] = 1;
      }
    }
    request();
  }

  // --- what is pointed at, chosen, played

  function playing() { return player.track && points ? points.placeOf(player.track.id) : -1; }

  function under(x, y, reachPx) {
    if (!points) return -1;
    const reach = Math.max(reachPx, radiusOf(points.count, camera.zoom) + 3) / camera.scale;
    return points.nearest(...camera.toMap(x, y), reach, shown);
  }

  function point(x, y, reach = POINT_PX, told = undefined) {
    const at = state.lasso ? -1 : under(x, y, reach);
    front.style.cursor = state.lasso ? 'crosshair' : at >= 0 ? 'pointer' : 'grab';
    if (at === state.pointed && at >= 0) return;
    state.pointed = at;
    if (at >= 0) tip.show(points.ids[at], ...camera.toPage(points.x[at], points.y[at]), told);
    else tip.hide();
    request();
  }

  const press = (x, y, touched) => take(under(x, y, touched ? FINGER_PX : POINT_PX));

  async function take(at) {
    if (at < 0) return;
    const [track] = await facts.of([points.ids[at]]);
    if (!track) return;
    tip.hide();
    if (state.from) endWay(track);
    else chosen.openMenu(track, ...camera.toPage(points.x[at], points.y[at]));
  }

  // By keyboard: the track nearest to the middle.
  const near = () => Math.min(camera.width, camera.height) / 3;
  const middle = () => [camera.width / 2, camera.height / 2];
  function aim() {
    state.aim = front.matches(':focus-visible');
    if (state.aim) point(...middle(), near(), (track) => say([track.title, track.artist].filter(Boolean).join(', ')));
    request();
  }

  function choose(places) {
    state.chosen = places && places.length ? places : null;
    chosen.show(state.chosen);
    if (!places) front.focus({ preventScroll: true });
    request();
  }

  function chooseView() {
    const [left, top] = camera.toMap(0, 0);
    const [right, bottom] = camera.toMap(camera.width, camera.height);
    choose(points.inside([[left, top], [right, top], [right, bottom], [left, bottom]], shown));
  }

  function setLasso(on) {
    state.lasso = on;
    lasso.setAttribute('aria-pressed', String(on));
    lasso.classList.toggle('on', on);
    chosen.tell(on ? texts.lasso_hint : '');
  }

  function showPlaces(places) {
    if (!places || !places.length) return;
    const [xs, ys] = [places.map((place) => points.x[place]), places.map((place) => points.y[place])];
    const least = (values) => values.reduce((one, other) => Math.min(one, other));
    const most = (values) => values.reduce((one, other) => Math.max(one, other));
    camera.show(least(xs), least(ys), most(xs), most(ys), { most: 12 });
  }

  // --- paths

  function beginWay(track) {
    state.from = track;
    const cancel = el('button', { type: 'button', class: 'bb-button', 'data-stays': 'yes', onclick: () => { state.from = null; chosen.tell(''); } }, texts.way_cancel);
    chosen.tell(fill(texts.way_hint, track), cancel);
  }

  async function endWay(track) {
    const start = state.from.id;
    state.from = null;
    const made = await chosen.make('/api/map/way', { start, end: track.id });
    if (made) await showWay(made.id);
  }

  async function showWay(id) {
    const way = id && (await loadWay(id));
    state.way = way ? { ...way, places: way.tracks.map((track) => points.placeOf(track.id)), titles: way.tracks.map((track) => track.title) } : null;
    wayBar.hidden = !state.way;
    wayName.textContent = way ? fill(texts.shown_way, way) : '';
    if (state.way) {
      choose([]);
      if (state.way.places.every((place) => place < 0)) chosen.tell(texts.not_on_map);
      showPlaces(state.way.places.filter((place) => place >= 0));
    }
    request();
  }

  function escape(event) {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    if (state.from) { state.from = null; chosen.tell(''); } else if (state.lasso) setLasso(false);
    else if (state.chosen) choose(null);
    else close();
  }

  listen(front, {
    pan: (dx, dy) => camera.pan(dx, dy),
    zoomAt: (x, y, factor) => camera.zoomAt(x, y, factor),
    zoomBy: (factor) => camera.zoomBy(factor),
    showAll: () => camera.showAll(),
    point,
    leave: () => { if (!state.aim) { state.pointed = -1; tip.hide(); request(); } },
    press,
    isLasso: () => state.lasso,
    lassoBegin: (x, y) => { state.line = [camera.toMap(x, y)]; },
    lassoMove(x, y) {
      const [px, py] = camera.toPage(...state.line.at(-1));
      if (Math.hypot(x - px, y - py) >= LASSO_GAP_PX) state.line.push(camera.toMap(x, y));
      request();
    },
    lassoEnd() {
      choose(points.inside(state.line, shown));
      state.line = [];
      setLasso(false);
      request();
    },
    cancel: () => { state.line = []; request(); },
    choose: () => take(under(...middle(), near())),
    focus: aim,
  });
  front.addEventListener('focus', aim);
  front.addEventListener('blur', () => { state.aim = false; request(); });
  new ResizeObserver(resize).observe(stage);
  new MutationObserver(() => { if (points?.count) colourBy(state.kind); }).observe(document.documentElement, { attributes: true, attributeFilter: ['class'] });
  player.listeners.add(() => {
    target.disabled = playing() < 0;
    request();
  });

  // --- loading

  async function load() {
    message.replaceChildren(el('p', {}, texts.loading));
    message.hidden = false;
    try {
      points = await loadPoints();
    } catch {
      message.replaceChildren(el('p', {}, texts.failed), el('button', { type: 'button', class: 'bb-button', onclick: () => view.show(null) }, texts.retry));
      return false;
    }
    count.textContent = counted(texts, 'tracks', points.count);
    front.setAttribute('aria-label', fill(texts.canvas, { count: points.count.toLocaleString(texts.language) }));
    if (!points.count) {
      message.replaceChildren(el('p', {}, texts.empty), el('p', {}, texts.empty_help));
      return false;
    }
    message.hidden = true;
    [state.found, state.chosen] = [null, null];
    colourBy(state.kind);
    return true;
  }

  const view = {
    node,
    // Where a track lies on the page, in pixels; null while it moves, is not on the map or not in view.
    placeOf(id) {
      const at = points && !camera.moving && !due ? points.placeOf(id) : -1;
      if (at < 0) return null;
      const { left, top } = stage.getBoundingClientRect();
      const [x, y] = camera.toPage(points.x[at], points.y[at]);
      return [left + x, top + y];
    },
    async show(playlist) {
      const anew = node.hidden || !points;
      node.hidden = false;
      document.documentElement.classList.add('bbm-there');
      resize();
      if (anew) {
        if (!node.contains(document.activeElement)) front.focus({ preventScroll: true });
        if (!(await load())) return;
        search.clear();
        chosen.show(null);
        target.disabled = playing() < 0;
        if (!playlist) await showWay(null);
      }
      if (playlist) await showWay(playlist);
      node.dataset.ready = 'yes';
    },
    hide() {
      node.hidden = true;
      delete node.dataset.ready;
      document.documentElement.classList.remove('bbm-there');
      chosen.closeMenu();
      tip.hide();
    },
  };
  return view;
}
