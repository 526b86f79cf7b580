// What fingers, mouse, wheel and keys do on the map.
const CLICK_PX = 6; // a press that moves less is a click
const FINGER_PX = 12;
const STEP_PX = 80;
const WHEEL = 0.0016;
const LINE_PX = 16; // a line of a wheel that counts lines

// `on`: { pan, zoomAt, zoomBy, showAll, point, leave, press, lassoBegin, lassoMove, lassoEnd, isLasso, cancel, choose, focus }
export function listen(node, on) {
  const pressed = new Map(); // pointer → { x, y }
  let moved = false;
  let drawing = false;
  const place = (event) => {
    const box = node.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  node.addEventListener('pointerdown', (event) => {
    if (event.button > 0) return;
    const [x, y] = place(event);
    node.setPointerCapture?.(event.pointerId);
    pressed.set(event.pointerId, { x, y, beganX: x, beganY: y });
    if (pressed.size === 1) {
      moved = false;
      drawing = on.isLasso() || event.shiftKey;
      if (drawing) on.lassoBegin(x, y);
    } else if (drawing) { // a second finger zooms
      drawing = false;
      on.cancel();
    }
  });

  node.addEventListener('pointermove', (event) => {
    const [x, y] = place(event);
    const finger = pressed.get(event.pointerId);
    if (!finger) {
      if (event.pointerType !== 'touch') on.point(x, y);
      return;
    }
    const [dx, dy] = [x - finger.x, y - finger.y];
    const slack = event.pointerType === 'touch' ? FINGER_PX : CLICK_PX;
    if (!moved && Math.hypot(x - finger.beganX, y - finger.beganY) < slack && pressed.size === 1) return;
    moved = true;
    if (drawing) on.lassoMove(x, y);
    else if (pressed.size === 1) on.pan(dx, dy);
    else if (pressed.size === 2) {
      const other = [...pressed.entries()].find(([id]) => id !== event.pointerId)[1];
      const before = Math.hypot(finger.x - other.x, finger.y - other.y);
      const now = Math.hypot(x - other.x, y - other.y);
      on.pan(dx / 2, dy / 2);
      if (before > 0) on.zoomAt((x + other.x) / 2, (y + other.y) / 2, now / before);
    }
    Object.assign(finger, { x, y });
  });

  function release(event) {
    const finger = pressed.get(event.pointerId);
    if (!finger) return;
    pressed.delete(event.pointerId);
    if (pressed.size) {
      moved = true; // the other finger is still there: no click when it goes
      return;
    }
    if (drawing) {
      drawing = false;
      if (moved && event.type === 'pointerup') on.lassoEnd();
      else on.cancel();
    } else if (!moved && event.type === 'pointerup') on.press(...place(event), event.pointerType === 'touch');
  }
  node.addEventListener('pointerup', release);
  node.addEventListener('pointercancel', release);
  node.addEventListener('pointerleave', () => on.leave());

  node.addEventListener('wheel', (event) => {
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === 1 ? LINE_PX : 1);
    on.zoomAt(...place(event), Math.exp(-pixels * WHEEL * (event.ctrlKey ? 6 : 1)));
  }, { passive: false });

  const keys = {
    ArrowLeft: () => on.pan(STEP_PX, 0),
    ArrowRight: () => on.pan(-STEP_PX, 0),
    ArrowUp: () => on.pan(0, STEP_PX),
    ArrowDown: () => on.pan(0, -STEP_PX),
    '+': () => on.zoomBy(1.6),
    '=': () => on.zoomBy(1.6),
    '-': () => on.zoomBy(1 / 1.6),
    0: () => on.showAll(),
    Enter: () => on.choose(),
    ' ': () => on.choose(),
  };
  node.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !keys[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
    on.focus();
  });
}
