// Moves an entry of a list by its handle, with a mouse, a finger or a pen.
const EDGE_PX = 40; // near the end of the list it scrolls
const SCROLL_PX = 8;

// `drop(from, to)`: places of the queue; `cancel()`: nothing was moved.
export function makeDraggable(list, drop, cancel) {
  list.addEventListener('pointerdown', (down) => {
    const handle = down.target.closest('.bbp-handle');
    if (!handle || down.button !== 0) return;
    down.preventDefault();
    const entry = handle.closest('.bbp-entry');
    const from = Number(entry.dataset.place);
    let over = entry;
    handle.setPointerCapture(down.pointerId);
    list.classList.add('dragging');
    entry.classList.add('dragged');

    function moved(event) {
      const box = list.getBoundingClientRect();
      if (event.clientY < box.top + EDGE_PX) list.scrollTop -= SCROLL_PX;
      if (event.clientY > box.bottom - EDGE_PX) list.scrollTop += SCROLL_PX;
      const entries = [...list.querySelectorAll('.bbp-entry')];
      over = entries.find((other) => event.clientY < other.getBoundingClientRect().bottom) || entries.at(-1);
      const to = Number(over.dataset.place);
      entries.forEach((other) => {
        other.classList.toggle('drop-before', other === over && to < from);
        other.classList.toggle('drop-behind', other === over && to > from);
      });
    }

    function ended(event) {
      handle.removeEventListener('pointermove', moved);
      handle.removeEventListener('pointerup', ended);
      handle.removeEventListener('pointercancel', ended);
      list.classList.remove('dragging');
      const to = Number(over.dataset.place);
      if (event.type === 'pointerup' && to !== from) drop(from, to);
      else cancel();
    }
    handle.addEventListener('pointermove', moved);
    handle.addEventListener('pointerup', ended);
    handle.addEventListener('pointercancel', ended);
  });
}
