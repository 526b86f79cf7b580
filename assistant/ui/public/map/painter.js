// Draws the points into the pixels of a canvas by hand: 100,000 of them in some milliseconds, on any
// machine and without WebGL, which a browser without a graphics card may lack.
const SHARPEST = 2; // pixels of the screen a pixel of the page that are drawn at most
const OPACITY = 0.92;
const DIMMED = 0.13;
const LARGEST_PX = 9;

// The radius in pixels of the page: small in a crowd, larger from near.
export function radiusOf(count, zoom) {
  const alone = Math.min(Math.max(150 / Math.sqrt(count), 1.15), 6);
  return Math.min(alone * zoom ** 0.42, LARGEST_PX);
}

// The weight of each pixel around the middle of a disc, 0..256, as [dx, dy, weight].
function stampOf(radius, opacity) {
  const reach = Math.ceil(radius);
  const stamp = [];
  for (let dy = -reach; dy <= reach; dy += 1) {
    for (let dx = -reach; dx <= reach; dx += 1) {
      const weight = Math.round(256 * opacity * Math.min(Math.max(radius + 0.5 - Math.hypot(dx, dy), 0), 1));
      if (weight > 0) stamp.push([dx, dy, weight]);
    }
  }
  return { reach, stamp };
}

export class Painter {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d', { alpha: false });
    this.pixels = null;
  }

  resize(width, height) {
    this.ratio = Math.min(window.devicePixelRatio || 1, SHARPEST);
    const [wide, high] = [Math.max(Math.round(width * this.ratio), 1), Math.max(Math.round(height * this.ratio), 1)];
    if (this.pixels && wide === this.canvas.width && high === this.canvas.height) return;
    Object.assign(this.canvas, { width: wide, height: high });
    this.image = this.context.createImageData(wide, high);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  // `kinds` is the value of each point that colours it; `dim` says which points stand back (or null).
  paint(points, camera, { kinds, rgb, dim, ground }) {
    this.pixels.fill((255 << 24) | (ground[2] << 16) | (ground[1] << 8) | ground[0]);
    const radius = radiusOf(points.count, camera.zoom) * this.ratio;
    if (dim) this.#draw(points, camera, kinds, rgb, stampOf(radius, DIMMED), (at) => dim[at]);
    this.#draw(points, camera, kinds, rgb, stampOf(radius, OPACITY), dim && ((at) => !dim[at]));
    this.context.putImageData(this.image, 0, 0);
  }

  #draw(points, camera, kinds, rgb, { reach, stamp }, wanted) {
    const { pixels, ratio } = this;
    const { width, height } = this.canvas;
    const { count, x, y } = points;
    const scale = camera.scale * ratio;
    const left = width / 2 - camera.x * scale;
    const top = height / 2 - camera.y * scale;
    const offsets = Int32Array.from(stamp, ([dx, dy]) => dy * width + dx);
    const weights = Int32Array.from(stamp, ([, , weight]) => weight);
    const size = offsets.length;
    for (let at = 0; at < count; at += 1) {
      const px = Math.round(x[at] * scale + left);
      const py = Math.round(y[at] * scale + top);
      if (px < reach || py < reach || px >= width - reach || py >= height - reach || (wanted && !wanted(at))) continue;
      const kind = 3 * kinds[at];
      const [red, green, blue] = [rgb[kind], rgb[kind + 1], rgb[kind + 2]];
      const middle = py * width + px;
      for (let one = 0; one < size; one += 1) {
        const pixel = middle + offsets[one];
        const weight = weights[one];
        const under = pixels[pixel];
        const r = under & 255;
        const g = (under >> 8) & 255;
        const b = (under >> 16) & 255;
        pixels[pixel] = 0xff000000 | ((b + (((blue - b) * weight) >> 8)) << 16) | ((g + (((green - g) * weight) >> 8)) << 8) | (r + (((red - r) * weight) >> 8));
      }
    }
  }
}
