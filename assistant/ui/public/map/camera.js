// Which part of the map is seen: its middle in units of the map, and pixels of the page a unit.
import { SIZE } from './points.js';

const MARGIN_PX = 36;
const CLOSEST = 400; // times the scale at which everything is seen
const MOVE_MS = 350;

export class Camera {
  constructor(changed) {
    Object.assign(this, { changed, x: SIZE / 2, y: SIZE / 2, width: 1, height: 1, whole: 1, scale: 1, inset: 0, moving: 0 });
  }

  get zoom() { return this.scale / this.whole; }

  // `inset`: pixels at the left that something lies over.
  resize(width, height, inset = 0) {
    const zoom = this.zoom;
    const first = this.width === 1;
    Object.assign(this, { width: Math.max(width, 1), height: Math.max(height, 1), inset });
    this.whole = Math.max(Math.min(this.width - inset, this.height) - 2 * MARGIN_PX, 40) / SIZE;
    this.scale = first ? this.whole : this.whole * zoom;
    if (first) this.x -= inset / 2 / this.scale;
    this.#limit();
  }

  toPage(x, y) { return [(x - this.x) * this.scale + this.width / 2, (y - this.y) * this.scale + this.height / 2]; }

  toMap(px, py) { return [(px - this.width / 2) / this.scale + this.x, (py - this.height / 2) / this.scale + this.y]; }

  pan(dx, dy) {
    this.stop();
    this.x -= dx / this.scale;
    this.y -= dy / this.scale;
    this.#limit();
  }

  // What lies under (px, py) stays there.
  zoomAt(px, py, factor) {
    this.stop();
    const [x, y] = this.toMap(px, py);
    this.scale = Math.min(Math.max(this.scale * factor, this.whole * 0.7), this.whole * CLOSEST);
    this.x = x - (px - this.width / 2) / this.scale;
    this.y = y - (py - this.height / 2) / this.scale;
    this.#limit();
  }

  // Moves until a rectangle of the map is seen as a whole.
  show(left, top, right, bottom, { most = 40 } = {}) {
    const room = Math.min((this.width - this.inset - 4 * MARGIN_PX) / Math.max(right - left, 1), (this.height - 5 * MARGIN_PX) / Math.max(bottom - top, 1));
    const scale = Math.min(Math.max(room, this.whole), this.whole * most);
    this.#moveTo((left + right) / 2 - this.inset / 2 / scale, (top + bottom) / 2, scale);
  }

  showAll() { this.#moveTo(SIZE / 2 - this.inset / 2 / this.whole, SIZE / 2, this.whole); }

  zoomBy(factor) { this.#moveTo(this.x, this.y, Math.min(Math.max(this.scale * factor, this.whole), this.whole * CLOSEST)); }

  stop() {
    cancelAnimationFrame(this.moving);
    this.moving = 0;
  }

  #moveTo(x, y, scale) {
    this.stop();
    const from = { x: this.x, y: this.y, scale: this.scale };
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const begin = performance.now();
    const step = (now) => {
      const share = still ? 1 : Math.min((now - begin) / MOVE_MS, 1);
      const eased = 1 - (1 - share) ** 3;
      this.scale = from.scale * (scale / from.scale) ** eased;
      this.x = from.x + (x - from.x) * eased;
      this.y = from.y + (y - from.y) * eased;
      this.#limit();
      this.moving = share < 1 ? requestAnimationFrame(step) : 0;
    };
    this.moving = requestAnimationFrame(step);
  }

  #limit() {
    const reach = SIZE / 2 + (0.25 * Math.min(this.width, this.height) + this.inset / 2) / this.scale;
    this.x = Math.min(Math.max(this.x, SIZE / 2 - reach), SIZE / 2 + reach);
    this.y = Math.min(Math.max(this.y, SIZE / 2 - reach), SIZE / 2 + reach);
    this.changed();
  }
}
