// The way through a playlist: its tracks in order.
import { ask } from '../panel/server.js';

export async function loadWay(id) {
  try {
    const playlist = await ask(`/api/playlists/${id}`);
    return { id, name: playlist.name, tracks: playlist.entries.map((entry) => entry.track) };
  } catch {
    return null;
  }
}
