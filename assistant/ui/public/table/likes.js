// Which tracks the person likes: told by the server once, then by the buttons and the player.
export function createLikes(player) {
  const known = new Map();
  const listeners = new Set();
  let asked = null;

  function note(id, liked) {
    if (Boolean(known.get(id)) === liked) return false;
    known.set(id, liked);
    return true;
  }

  // The bar of the player likes too: the tracks of its queue say so.
  player.listeners.add(() => {
    const changed = (player.list || []).filter((track) => 'liked' in track && note(track.id, Boolean(track.liked)));
    if (changed.length) listeners.forEach((listener) => listener());
  });

  return {
    listeners,
    has: (id) => Boolean(known.get(id)),
    load() {
      asked ??= fetch('/api/tracks/liked').then((reply) => (reply.ok ? reply.json() : [])).catch(() => []).then((ids) => {
        ids.forEach((id) => note(id, true));
        if (ids.length) listeners.forEach((listener) => listener());
      });
      return asked;
    },
    // Several were liked, or no longer are; the server knows.
    took(ids, liked) {
      ids.forEach((id) => note(id, liked));
      listeners.forEach((listener) => listener());
    },
    async set(track, liked) {
      note(track.id, liked);
      listeners.forEach((listener) => listener());
      const done = await player.like(track, liked);
      if (!done && note(track.id, !liked)) listeners.forEach((listener) => listener());
      return done;
    },
  };
}
