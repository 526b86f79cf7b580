// Space plays and pauses, the arrows to the left and right seek, with Shift they change the track;
// not while somebody types or another control has the keys.
const SEEK_S = 5;
const TAKES_KEYS = [
  'input', 'textarea', 'select', 'button', 'a[href]', 'summary', 'audio', 'video', '[contenteditable=""]',
  '[contenteditable="true"]', '[role="dialog"]', '[role="menu"]', '[role="slider"]', '[role="tab"]', '[role="option"]',
].join(',');

function taken(event) {
  const at = event.target;
  return event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey
    || (at instanceof Element && Boolean(at.closest(TAKES_KEYS)));
}

export function listenToKeys(player) {
  document.addEventListener('keydown', (event) => {
    if (!player.track || taken(event)) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === ' ') player.toggle();
    else if (step && !event.shiftKey) player.seek(player.audio.currentTime + step * SEEK_S);
    else if (step === 1) player.next();
    else if (step === -1) player.previous();
    else return;
    event.preventDefault();
  });
}
