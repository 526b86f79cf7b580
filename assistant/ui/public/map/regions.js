// Names on the map: where most tracks around are of one genre or mood.
import { SIZE } from './points.js';

const CELLS = 40; // on each axis
const CELL = SIZE / CELLS;
const MOST_AROUND = 0.34; // share of a cell's tracks from which its kind names it
const OF_KIND = 0.06; // share of a kind's tracks from which a region of it has a name

// Returns { kind, x, y, weight, extent } of each region, the largest first; extent in units.
export function regionsOf(points, kinds) {
  const counts = new Map(); // cell → kind → tracks
  const totals = new Uint32Array(256);
  for (let at = 0; at < points.count; at += 1) {
    const cell = Math.floor(points.y[at] / CELL) * CELLS + Math.floor(points.x[at] / CELL);
    if (!counts.has(cell)) counts.set(cell, new Map());
    const here = counts.get(cell);
    here.set(kinds[at], (here.get(kinds[at]) || 0) + 1);
    totals[kinds[at]] += 1;
  }
  const named = new Map(); // cell → kind
  counts.forEach((here, cell) => {
    let all = 0;
    let best = null;
    here.forEach((count, kind) => {
      all += count;
      if (kind && (!best || count > best[1])) best = [kind, count];
    });
    if (best && best[1] >= MOST_AROUND * all) named.set(cell, best[0]);
  });
  const regions = [];
  const seen = new Set();
  named.forEach((kind, start) => {
    if (seen.has(start)) return;
    const region = { kind, x: 0, y: 0, weight: 0, cells: 0 };
    const open = [start];
    seen.add(start);
    while (open.length) {
      const cell = open.pop();
      const count = counts.get(cell).get(kind);
      const [column, row] = [cell % CELLS, Math.floor(cell / CELLS)];
      region.x += count * (column + 0.5) * CELL;
      region.y += count * (row + 0.5) * CELL;
      region.weight += count;
      region.cells += 1;
      for (let dy = -1; dy <= 1; dy += 1) {
        for (let dx = -1; dx <= 1; dx += 1) {
          const next = (row + dy) * CELLS + column + dx;
          const there = column + dx >= 0 && column + dx < CELLS;
          if (there && named.get(next) === kind && !seen.has(next)) {
            seen.add(next);
            open.push(next);
          }
        }
      }
    }
    if (region.weight >= OF_KIND * totals[kind]) regions.push({ kind, x: region.x / region.weight, y: region.y / region.weight, weight: region.weight, extent: Math.sqrt(region.cells) * CELL });
  });
  return regions.sort((one, other) => other.weight - one.weight);
}
