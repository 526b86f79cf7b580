// Addresses of the library: the part behind "#", so that back and forward work and the chat stays.
const FIRST = '#library';

// `library('album', 12)` gives "#library/album/12".
export const library = (kind, value = null) => (value === null ? `${FIRST}/${kind}` : `${FIRST}/${kind}/${encodeURIComponent(value)}`);

// Returns `{ kind, value }`, or null for an address outside the library.
export function read(hash) {
  const [first, kind = '', value = ''] = hash.split('/');
  if (first !== FIRST) return null;
  try {
    return { kind: kind || 'albums', value: decodeURIComponent(value) };
  } catch {
    return { kind: 'albums', value: '' };
  }
}
