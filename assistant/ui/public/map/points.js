// The tracks of the map as the server packs them, and which of them lie where.
export const SIZE = 65536; // the map is a square of so many units
const CELLS = 128; // of the index, on each axis
const CELL = SIZE / CELLS;

export async function loadPoints() {
  const reply = await fetch('/api/map/points');
  if (!reply.ok) throw new Error(`status ${reply.status}`);
  return unpack(await reply.arrayBuffer());
}

export function unpack(buffer) {
  const count = new DataView(buffer).getUint32(0, true);
  let at = 4;
  const take = (Kind) => {
    const part = new Kind(buffer, at, count);
    at += part.byteLength;
    return part;
  };
  const ids = take(Uint32Array);
  const x = take(Uint16Array);
  const y = take(Uint16Array);
  const values = { genre: take(Uint8Array), mood: take(Uint8Array), tempo: take(Uint8Array), key: take(Uint8Array), energy: take(Uint8Array) };
  return { count, ids, x, y, values, ...indexed(count, ids, x, y) };
}

function indexed(count, ids, x, y) {
  const cellOf = (at) => Math.floor(y[at] / CELL) * CELLS + Math.floor(x[at] / CELL);
  const first = new Uint32Array(CELLS * CELLS + 1);
  for (let at = 0; at < count; at += 1) first[cellOf(at) + 1] += 1;
  for (let cell = 0; cell < CELLS * CELLS; cell += 1) first[cell + 1] += first[cell];
  const next = first.slice();
  const order = new Uint32Array(count);
  for (let at = 0; at < count; at += 1) {
    const cell = cellOf(at);
    order[next[cell]] = at;
    next[cell] += 1;
  }
  const clamp = (value) => Math.min(Math.max(Math.floor(value / CELL), 0), CELLS - 1);

  // Calls `each` with the place of every track in a rectangle of cells around one of units.
  function around(left, top, right, bottom, each) {
    for (let row = clamp(top); row <= clamp(bottom); row += 1) {
      const [from, to] = [row * CELLS + clamp(left), row * CELLS + clamp(right)];
      for (let at = first[from]; at < first[to + 1]; at += 1) each(order[at]);
    }
  }

  return {
    // The nearest track within `reach` units that `shown` lets through; -1 where there is none.
    nearest(wx, wy, reach, shown) {
      let best = -1;
      let least = reach * reach;
      around(wx - reach, wy - reach, wx + reach, wy + reach, (at) => {
        const far = (x[at] - wx) ** 2 + (y[at] - wy) ** 2;
        if (far <= least && shown(at)) [best, least] = [at, far];
      });
      return best;
    },
    // The places of the tracks inside a closed line of [x, y].
    inside(line, shown) {
      const [xs, ys] = [line.map((point) => point[0]), line.map((point) => point[1])];
      const found = [];
      around(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys), (at) => {
        if (shown(at) && isInside(x[at], y[at], line)) found.push(at);
      });
      return found.sort((one, other) => one - other);
    },
    // The place of a track by its id, -1 where it is not on the map; the ids ascend.
    placeOf(id) {
      let [low, high] = [0, count - 1];
      while (low <= high) {
        const middle = (low + high) >> 1;
        if (ids[middle] === id) return middle;
        if (ids[middle] < id) low = middle + 1;
        else high = middle - 1;
      }
      return -1;
    },
  };
}

function isInside(px, py, line) {
  let inside = false;
  for (let at = 0, before = line.length - 1; at < line.length; before = at, at += 1) {
    const [x1, y1] = line[at];
    const [x2, y2] = line[before];
    if ((y1 > py) !== (y2 > py) && px < ((x2 - x1) * (py - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}
