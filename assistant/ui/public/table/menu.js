// The menu of a row: one for the whole page, opened at the button of the row.
import { cover, el, icon } from '../player/dom.js';

const GAP = 4;

// `actions(track, table)` gives `{ name, icon, label, run }` of each entry.
export function createMenu(actions) {
  const list = el('div', { class: 'bbt-menu', role: 'menu', hidden: true, tabindex: '-1', onkeydown: press });
  let opener = null;

  const entries = () => [...list.querySelectorAll('[role="menuitem"]')];

  function close(focus) {
    if (!opener) return;
    list.hidden = true;
    opener.setAttribute('aria-expanded', 'false');
    if (focus) opener.focus({ preventScroll: true });
    opener = null;
  }

  function press(event) {
    const all = entries();
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) all.at(to % all.length).focus();
    else if (event.key === 'Escape') close(true);
    else if (event.key === 'Tab') return close(true);
    else if (event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey) {
      const turned = [...all.slice(at + 1), ...all.slice(0, at + 1)];
      turned.find((entry) => entry.textContent.toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
    } else return undefined;
    event.preventDefault();
    event.stopPropagation();
    return undefined;
  }

  function place(button) {
    const { top, bottom, right } = button.getBoundingClientRect();
    const bar = document.querySelector('.bbp:not([hidden])');
    const room = bar ? bar.getBoundingClientRect().top : window.innerHeight;
    const { offsetHeight: height, offsetWidth: width } = list;
    const below = bottom + GAP + height <= room;
    list.style.top = `${Math.max(below ? bottom + GAP : top - GAP - height, GAP)}px`;
    list.style.left = `${Math.max(right - width, GAP)}px`;
  }

  function entry({ name, icon: picture, label, run }) {
    const made = el('button', { type: 'button', role: 'menuitem', tabindex: '-1', class: 'bbt-entry', 'data-action': name, onclick: () => {
      close(true);
      run();
    } }, icon(picture), label);
    made.addEventListener('pointermove', () => made.focus({ preventScroll: true }));
    return made;
  }

  addEventListener('pointerdown', (event) => {
    if (opener && !list.contains(event.target) && !opener.contains(event.target)) close(false);
  }, true);
  addEventListener('scroll', (event) => { if (opener && event.target !== list) close(false); }, true);
  addEventListener('resize', () => close(false));

  return {
    isOpenAt: (button) => opener === button,
    close,
    open(button, track, table) {
      if (opener === button) {
        close(true);
        return;
      }
      close(false);
      if (!list.isConnected) document.body.append(list);
      list.setAttribute('aria-label', button.getAttribute('aria-label'));
      const names = el('span', { class: 'bbt-names' }, el('span', { class: 'bbt-title' }, track.title), el('span', {}, track.artist || ''));
      const head = el('div', { class: 'bbt-head', 'aria-hidden': 'true' }, cover(track), names);
      list.replaceChildren(head, ...actions(track, table).map(entry));
      list.hidden = false;
      opener = button;
      opener.setAttribute('aria-expanded', 'true');
      place(button);
      entries()[0].focus({ preventScroll: true });
    },
  };
}
