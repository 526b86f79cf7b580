// A grid of thousands of cells of which only those that are seen exist; it reads them page by page.
import { el } from '../player/dom.js';

const PAGE = 60;
const AHEAD = 3; // rows above and below what is seen
const CALM_MS = 60; // without scrolling, before anything is read

// `load(offset, limit)` gives `{ total, entries }`; `cell(entry)` the content of a cell.
// `shape`: width of the narrowest cell, height below its picture, gap; in pixels.
export function createGrid({ label, load, cell, failed, shape = { least: 158, below: 62, gap: 22 }, moved = () => {} }) {
  const node = el('ul', { class: 'bbl-grid', 'aria-label': label, onkeydown: press });
  const entries = new Map();
  const cells = new Map();
  const pages = new Map(); // number → asked for or there
  let total = 0;
  let columns = 1;
  let width = 0;
  let rowHeight = 1;
  let timer = 0;
  let wanted = null; // the place that gets the focus once it is there

  const scroller = () => node.closest('.bbl-scroll');
  const narrow = () => node.clientWidth < 560;

  function measure() {
    const room = node.clientWidth;
    if (!room) return false;
    const gap = narrow() ? 14 : shape.gap;
    columns = Math.max(2, Math.floor((room + gap) / ((narrow() ? Math.min(shape.least, 128) : shape.least) + gap)));
    width = (room - gap * (columns - 1)) / columns;
    rowHeight = Math.round(width + shape.below + gap);
    node.style.height = `${Math.ceil(total / columns) * rowHeight}px`;
    node.dataset.gap = gap;
    return true;
  }

  function range() {
    const view = scroller();
    const above = view.getBoundingClientRect().top - node.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(above / rowHeight) - AHEAD);
    const last = Math.ceil((above + view.clientHeight) / rowHeight) + AHEAD;
    const row = Math.max(0, Math.ceil((above - rowHeight * 0.4) / rowHeight)); // the first that is seen well
    moved(Math.max(Math.min(row ? (row + 1) * columns : 1, total) - 1, 0));
    return [first * columns, Math.min(last * columns, total)];
  }

  function place(made, at) {
    const gap = Number(node.dataset.gap);
    made.style.width = `${width}px`;
    made.style.transform = `translate(${(at % columns) * (width + gap)}px, ${Math.floor(at / columns) * rowHeight}px)`;
  }

  function make(at) {
    const entry = entries.get(at);
    const made = el('li', { class: 'bbl-cell', 'data-at': at, 'aria-setsize': total, 'aria-posinset': at + 1 });
    if (entry) made.append(...cell(entry));
    else made.append(el('span', { class: 'bbl-blank', 'aria-hidden': 'true' }));
    made.dataset.there = String(Boolean(entry));
    return made;
  }

  function draw() {
    if (!node.isConnected || !scroller() || !measure()) return;
    const [first, last] = range();
    for (const [at, made] of cells) {
      if ((at < first || at >= last) && !made.contains(document.activeElement)) {
        made.remove();
        cells.delete(at);
      }
    }
    let before = null;
    for (let at = first; at < last; at += 1) {
      let made = cells.get(at);
      if (!made || (made.dataset.there === 'false' && entries.has(at))) {
        const next = make(at);
        if (made) made.replaceWith(next);
        else if (before) before.after(next);
        else node.prepend(next);
        made = next;
        cells.set(at, made);
      }
      place(made, at);
      before = made;
    }
    clearTimeout(timer);
    timer = setTimeout(() => read(first, last), entries.size ? CALM_MS : 0);
    if (wanted !== null && cells.get(wanted)?.dataset.there === 'true') {
      cells.get(wanted).querySelector('a, button').focus({ preventScroll: true });
      wanted = null;
    }
  }

  function read(first, last) {
    for (let page = Math.floor(first / PAGE); page * PAGE < last; page += 1) if (!pages.has(page)) fetchPage(page);
  }

  async function fetchPage(page) {
    pages.set(page, 'asked');
    try {
      const found = await load(page * PAGE, PAGE);
      total = found.total;
      found.entries.forEach((entry, at) => entries.set(page * PAGE + at, entry));
      pages.set(page, 'there');
      grid.loaded(total);
      draw();
    } catch {
      pages.delete(page);
      failed();
    }
  }

  function press(event) {
    const at = Number(event.target.closest('[data-at]')?.dataset.at);
    if (!Number.isFinite(at) || event.altKey || event.ctrlKey || event.metaKey) return;
    const seen = Math.max(1, Math.floor(scroller().clientHeight / rowHeight)) * columns;
    const to = {
      ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + columns, ArrowUp: at - columns, PageDown: at + seen, PageUp: at - seen, Home: 0, End: total - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(Math.min(Math.max(to, 0), total - 1));
  }

  function go(at) {
    wanted = at;
    const view = scroller();
    const above = node.getBoundingClientRect().top - view.getBoundingClientRect().top + view.scrollTop;
    const top = above + Math.floor(at / columns) * rowHeight;
    if (top < view.scrollTop || top + rowHeight > view.scrollTop + view.clientHeight) {
      view.scrollTop = top < view.scrollTop ? top - 12 : top + rowHeight - view.clientHeight + 12;
    }
    draw();
  }

  let due = false;
  const soon = () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => { due = false; draw(); });
  };
  const sizes = new ResizeObserver(soon);
  sizes.observe(node);

  const grid = {
    node,
    loaded: () => {},
    begin() { fetchPage(0); },
    shown() {
      scroller().onscroll = soon;
      draw();
    },
    // Brings the row of a place to the top.
    scrollTo(at) {
      const view = scroller();
      const above = node.getBoundingClientRect().top - view.getBoundingClientRect().top + view.scrollTop;
      view.scrollTop = above + Math.floor(at / columns) * rowHeight - 8;
      draw();
    },
    end() {
      clearTimeout(timer);
      sizes.disconnect();
    },
  };
  return grid;
}
