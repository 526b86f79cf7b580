// The bar at the bottom of the page.
import { button, clock, cover, el, fill, icon, show } from './dom.js';
import { createLyricsPanel } from './lyrics_panel.js';
import { createQueuePanel } from './queue_panel.js';

const KEY_STEP_S = 5;

// Returns the elements to add to the page: a live region, the panels and the bar.
export function createBar(player, texts) {
  const updates = [];
  const panel = createQueuePanel(player, texts, () => [
    likeButton(), shuffleButton(), repeatButton(), lyricsButton(), volumeControl(),
  ]);
  const lyrics = createLyricsPanel(player, texts);
  const live = el('div', { class: 'bbp-hidden', role: 'status', 'aria-live': 'polite' });
  const say = (text) => { live.textContent = text; };
  panel.say = say;

  function added(node, update) {
    updates.push(update);
    return node;
  }

  function playButton() {
    const made = button('play', texts.play, player.toggle, 'bbp-main');
    return added(made, () => show(made, player.playing ? { icon: 'pause', label: texts.pause } : { icon: 'play', label: texts.play }));
  }

  function likeButton() {
    const made = button('heart', texts.like, () => player.track && player.like(player.track, !player.track.liked), 'bbp-like');
    return added(made, () => {
      const { track } = player;
      if (track) show(made, { label: fill(texts.like, { title: track.title }), pressed: Boolean(track.liked) });
    });
  }

  function shuffleButton() {
    const made = button('shuffle', texts.shuffle, () => player.setShuffle(!player.shuffle));
    return added(made, () => show(made, { pressed: player.shuffle }));
  }

  function repeatButton() {
    const made = button('repeat', texts.repeat_off, () => player.cycleRepeat(), 'bbp-repeat');
    return added(made, () => {
      show(made, { label: texts[`repeat_${player.repeat}`], active: player.repeat !== 'off' });
      made.classList.toggle('one', player.repeat === 'one');
    });
  }

  function lyricsButton() {
    const made = button('lyrics', texts.lyrics, () => {
      if (panel.isOpen()) panel.toggle();
      lyrics.toggle(made.checkVisibility() ? made : queueButton);
    });
    made.setAttribute('aria-controls', lyrics.node.id);
    return added(made, () => made.setAttribute('aria-expanded', String(lyrics.isOpen())));
  }

  function volumeControl() {
    let before = 1;
    const mute = button('volume', texts.mute, () => {
      if (player.volume > 0) before = player.volume;
      player.setVolume(player.volume > 0 ? 0 : before);
    });
    const slider = el('input', {
      type: 'range', min: 0, max: 100, step: 5, class: 'bbp-range', 'aria-label': texts.volume,
      oninput: () => player.setVolume(Number(slider.value) / 100),
    });
    return added(el('div', { class: 'bbp-volume' }, mute, slider), () => {
      show(mute, player.volume > 0 ? { icon: 'volume', label: texts.mute } : { icon: 'mute', label: texts.unmute });
      const percent = Math.round(player.volume * 100);
      slider.value = percent;
      slider.setAttribute('aria-valuetext', `${percent} %`);
      slider.style.setProperty('--part', `${percent}%`);
    });
  }

  function seekControl() {
    const at = el('span', { class: 'bbp-time' });
    const length = el('span', { class: 'bbp-time' });
    let held = false;
    const slider = el('input', {
      type: 'range', min: 0, step: 0.1, class: 'bbp-range bbp-seek', 'aria-label': texts.position,
      oninput: () => { held = true; paint(Number(slider.value)); },
      onchange: () => { held = false; player.seek(Number(slider.value)); },
      onkeydown: (event) => {
        const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
        if (!step) return;
        event.preventDefault();
        player.seek(player.audio.currentTime + step * KEY_STEP_S);
      },
    });
    function paint(seconds) {
      const whole = player.deck.duration;
      at.textContent = clock(seconds);
      length.textContent = clock(whole, { length: true });
      slider.setAttribute('aria-valuetext', fill(texts.position_text, { at: clock(seconds), length: clock(whole, { length: true }) }));
      slider.style.setProperty('--part', `${whole ? (seconds / whole) * 100 : 0}%`);
    }
    return added(el('div', { class: 'bbp-line' }, at, slider, length), () => {
      if (held) return;
      const seconds = player.audio.currentTime || player.deck.seekTo;
      slider.max = Math.max(player.deck.duration, 0.1);
      slider.value = seconds;
      paint(seconds);
    });
  }

  const picture = el('div', { class: 'bbp-picture' });
  const title = el('div', { class: 'bbp-title' });
  const artist = el('div', { class: 'bbp-artist' });
  const error = el('div', { class: 'bbp-error', role: 'alert', hidden: true });
  const queueButton = added(button('queue', texts.queue, () => {
    if (lyrics.isOpen()) lyrics.toggle();
    panel.toggle(queueButton);
  }), () => queueButton.setAttribute('aria-expanded', String(panel.isOpen())));
  queueButton.setAttribute('aria-controls', panel.node.id);

  const bar = el('section', { class: 'bbp', 'aria-label': texts.bar, hidden: true },
    el('div', { class: 'bbp-now' }, picture, el('div', { class: 'bbp-names' }, title, artist, error)),
    el('div', { class: 'bbp-wide' }, likeButton()),
    el('div', { class: 'bbp-middle' },
      el('div', { class: 'bbp-buttons' },
        el('div', { class: 'bbp-wide' }, shuffleButton()),
        button('previous', texts.previous, () => player.previous()),
        playButton(),
        button('next', texts.next, () => player.next()),
        el('div', { class: 'bbp-wide' }, repeatButton())),
      seekControl()),
    el('div', { class: 'bbp-right' }, el('div', { class: 'bbp-wide' }, lyricsButton()), queueButton, el('div', { class: 'bbp-wide' }, volumeControl())));

  let shown = null;
  function drawTrack(track) {
    if (!track || (shown && shown.id === track.id && shown.title === track.title)) return;
    const first = shown === null;
    shown = track;
    picture.replaceChildren(cover(track));
    title.textContent = track.title;
    title.title = track.title;
    artist.textContent = track.artist || '';
    if (!first || player.playing) say(fill(track.artist ? texts.playing_by : texts.playing, track));
  }

  function drawError(track) {
    error.hidden = !player.error;
    artist.hidden = player.error;
    if (player.error && error.dataset.track !== String(track.id)) {
      error.dataset.track = track.id;
      error.replaceChildren(`${texts.cannot_play} `, el('a', { href: track.audio_url, download: true }, texts.download));
    }
    if (!player.error) delete error.dataset.track;
  }

  function draw() {
    const { track } = player;
    bar.hidden = !track && !panel.isOpen();
    document.documentElement.classList.toggle('bbp-there', !bar.hidden);
    bar.classList.toggle('bbp-empty', !track);
    if (!track) {
      shown = null;
      picture.replaceChildren(icon('queue'));
      title.textContent = texts.queue_empty;
      artist.textContent = '';
    }
    drawTrack(track);
    drawError(track);
    updates.forEach((update) => update());
    panel.draw();
    lyrics.draw();
  }
  panel.onToggle = draw;
  lyrics.onToggle = draw;
  player.listeners.add(draw);
  draw();
  return [live, panel.node, lyrics.node, bar];
}
