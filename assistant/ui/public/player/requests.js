// Requests to /api/player, one after another, so that each is made with the version of the reply
// before it.
const ADDRESS = '/api/player';
let last = Promise.resolve();

// Returns the state, or null without a server: what sounds plays on.
export async function ask(body) {
  const sent = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  try {
    const reply = await fetch(ADDRESS, body && sent);
    return reply.ok ? await reply.json() : null;
  } catch {
    return null;
  }
}

// `body` may be a function, called when its turn comes.
export function send(body, takeReply) {
  last = last.then(async () => {
    const state = await ask(typeof body === 'function' ? body() : body);
    if (state) takeReply(state);
    return state;
  });
  return last;
}

// For a page that is left: the browser sends it afterwards.
export function sendOnLeaving(body) {
  navigator.sendBeacon(ADDRESS, new Blob([JSON.stringify(body)], { type: 'application/json' }));
}

// The ids of all tracks that fit, in their order.
export async function findAll(query) {
  const body = JSON.stringify({ ...query, limit: 200 });
  try {
    const reply = await fetch('/api/tracks', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
    return reply.ok ? (await reply.json()).tracks.map((track) => track.id) : [];
  } catch {
    return [];
  }
}

export async function setLike(track, liked) {
  try {
    return (await fetch(`/api/tracks/${track.id}/like`, { method: liked ? 'PUT' : 'DELETE' })).ok;
  } catch {
    return false;
  }
}
