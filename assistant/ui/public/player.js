// One sound for the whole page. The queue is kept by the server (/api/player); the page plays it and
// reports where it is. `version` says how new a state is, `started` when its current track began.
(() => {
  const ADDRESS = '/api/player';
  const REPORT_EVERY_MS = 10000; // after a reload the music goes on from about there
  const audio = new Audio();
  audio.preload = 'none';
  const listeners = new Set();
  // list: the tracks queued; its `id` is that of the table that shows it, from its entry `offset` on.
  const shared = { audio, list: null, at: -1, error: false, version: 0, bar: null, listeners };
  const tell = () => listeners.forEach((listener) => listener());
  let started = 0;
  let seek = 0;
  let reported = 0;
  let changes = 0;
  let last = Promise.resolve();

  async function ask(body) {
    const sent = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
    try {
      const reply = await fetch(ADDRESS, body && sent);
      return reply.ok ? await reply.json() : null;
    } catch {
      return null; // no server: what sounds plays on
    }
  }

  // One request after another, so that each is made with the version of the reply before it.
  function send(body, takeReply) {
    last = last.then(async () => {
      const state = await ask(typeof body === 'function' ? body() : body);
      if (state) takeReply(state);
      return state;
    });
    return last;
  }

  // What the page did by itself; a reply that came after a later change is out of date.
  function change(body) {
    const mine = ++changes;
    return send(body, (state) => mine === changes && apply(state, true));
  }

  function report(ended = false) {
    const track = shared.list && shared.list[shared.at];
    if (!track || !shared.version) return Promise.resolve(null);
    reported = Date.now();
    const told = { action: 'report', track: track.id, seconds: audio.currentTime || 0, playing: ended || !audio.paused, ended };
    return send(() => ({ ...told, version: shared.version }), (state) => apply(state));
  }

  function load(track, seconds) {
    shared.error = false;
    seek = seconds;
    audio.src = track.audio_url;
  }

  function start() {
    document.querySelectorAll('audio.bb-audio').forEach((other) => other.pause());
    audio.play().catch(() => report());
  }

  function sameTracks(one, other) {
    return Boolean(one) && one.length === other.length && one.every((track, at) => track.id === other[at].id);
  }

  // Takes a state of the server that is newer than that of the page; `own`: the page made it.
  function apply(state, own = false) {
    if (state.version <= shared.version) return;
    const track = state.tracks[state.place];
    const before = shared.list && shared.list[shared.at];
    const anew = !before || !track || before.id !== track.id || (!own && state.started !== started);
    shared.version = state.version;
    started = state.started;
    audio.volume = state.volume;
    if (!sameTracks(shared.list, state.tracks)) shared.list = Object.assign(state.tracks, { id: 'queue', offset: 0 });
    shared.at = track ? state.place : -1;
    if (!track) {
      audio.pause();
      audio.removeAttribute('src');
    } else {
      if (anew) load(track, state.seconds);
      if (state.playing && audio.paused) start();
      if (!state.playing) audio.pause();
    }
    tell();
  }

  // An element shows the state of `version`: it is applied, unless there is a newer one by now.
  shared.follow = async (version, source) => {
    if (version > shared.version) {
      const state = await ask();
      if (state && state.version === version) apply(state);
    }
    if (version === shared.version && shared.list) Object.assign(shared.list, source);
    tell();
  };

  // A list of the page becomes the queue; it sounds before the server knows.
  shared.play = (list, at) => {
    shared.list = Object.assign(list.slice(), { id: list.id, offset: 0 });
    shared.at = at;
    load(list[at], 0);
    start();
    tell();
    return change({ action: 'play', tracks: list.map((track) => track.id), place: at });
  };

  shared.jump = (at) => {
    if (!shared.list || !shared.list[at]) return;
    shared.at = at;
    load(shared.list[at], 0);
    start();
    tell();
    change({ action: 'jump', place: at });
  };

  shared.toggle = () => (audio.paused ? start() : audio.pause());

  ['play', 'pause', 'timeupdate', 'durationchange'].forEach((name) => audio.addEventListener(name, tell));
  audio.addEventListener('play', () => report());
  audio.addEventListener('pause', () => { if (!audio.ended) report(); });
  audio.addEventListener('timeupdate', () => {
    if (!audio.paused && Date.now() - reported > REPORT_EVERY_MS) report();
  });
  audio.addEventListener('loadedmetadata', () => {
    if (seek > 0) audio.currentTime = seek;
    seek = 0;
  });
  audio.addEventListener('ended', async () => {
    if (!(await report(true))) shared.jump(shared.at + 1);
  });
  audio.addEventListener('error', () => {
    const track = shared.list && shared.list[shared.at];
    if (!track) return;
    // A format that this browser does not know: the server can turn it into FLAC.
    if (!audio.src.includes('as_flac')) {
      audio.src = `${track.audio_url}?as_flac=true`;
      start();
      return;
    }
    shared.error = true;
    tell();
  });
  addEventListener('pagehide', () => {
    const track = shared.list && shared.list[shared.at];
    if (!track || audio.paused) return;
    const told = { action: 'report', version: shared.version, track: track.id, seconds: audio.currentTime, playing: false };
    navigator.sendBeacon(ADDRESS, new Blob([JSON.stringify(told)], { type: 'application/json' }));
  });
  window.backbeatPlayer = shared;
})();
