// Media keys, head sets and the lock screen of a phone.
const SEEK_S = 10;

export function connectMediaSession(player) {
  const session = navigator.mediaSession;
  if (!session) return;
  const handlers = {
    play: () => { if (player.audio.paused) player.toggle(); },
    pause: () => player.pause(),
    stop: () => player.pause(),
    previoustrack: () => player.previous(),
    nexttrack: () => player.next(),
    seekto: (details) => player.seek(details.seekTime),
    seekbackward: (details) => player.seek(player.audio.currentTime - (details.seekOffset || SEEK_S)),
    seekforward: (details) => player.seek(player.audio.currentTime + (details.seekOffset || SEEK_S)),
  };
  for (const [action, handler] of Object.entries(handlers)) {
    try {
      session.setActionHandler(action, handler);
    } catch { /* this browser does not know the action */ }
  }
  let shown = null;
  let placed = 0;
  player.listeners.add(() => {
    const { track, audio } = player;
    session.playbackState = !track ? 'none' : player.playing ? 'playing' : 'paused';
    if (track !== shown && (track && track.id) !== (shown && shown.id)) {
      session.metadata = track ? describe(track) : null;
      placed = 0;
    }
    shown = track;
    if (track && Number.isFinite(audio.duration) && Date.now() - placed > 1000) {
      placed = Date.now();
      const position = Math.min(audio.currentTime, audio.duration);
      session.setPositionState({ duration: audio.duration, position, playbackRate: audio.playbackRate || 1 });
    }
  });
}

function describe(track) {
  const artwork = track.cover_url ? [{ src: new URL(track.cover_url, location.origin).href }] : [];
  return new MediaMetadata({ title: track.title, artist: track.artist || '', album: track.album || '', artwork });
}
