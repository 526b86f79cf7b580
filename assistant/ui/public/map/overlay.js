// What lies above the points: names of regions, a path, the lasso, what is chosen, found and played.
const FONT = '600 13px ui-sans-serif, system-ui, sans-serif';
const SMALL = '600 11px ui-sans-serif, system-ui, sans-serif';
const GAP = 6;
const NEEDS_PX = 26; // a region that is smaller on the page has no name
const RINGS_AT_MOST = 3000; // of chosen or found tracks that get a ring each

export class Overlay {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d');
  }

  resize(width, height) {
    this.ratio = Math.min(window.devicePixelRatio || 1, 2);
    Object.assign(this.canvas, { width: Math.round(width * this.ratio), height: Math.round(height * this.ratio) });
  }

  // `shown`: { colours: { ink, ground, accent }, regions, nameOf, radius, chosen, found, way, line, playing, pointed, aim }
  draw(points, camera, shown) {
    const { context } = this;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, camera.width, camera.height);
    this.taken = [];
    const at = (place) => camera.toPage(points.x[place], points.y[place]);
    this.#rings(shown.found, at, shown.radius + 2, shown.colours.ink, camera);
    this.#rings(shown.chosen, at, shown.radius + 2, shown.colours.accent, camera);
    if (shown.way) this.#way(shown.way, at, shown);
    if (shown.playing >= 0) this.#playing(at(shown.playing), shown);
    if (shown.aim) this.#aim(camera, shown.colours);
    if (shown.pointed >= 0) this.#ring(at(shown.pointed), shown.radius + 4, shown.colours.ink, 2);
    if (shown.line.length > 1) this.#lasso(shown.line.map(([x, y]) => camera.toPage(x, y)), shown.colours);
    this.#names(camera, shown);
  }

  #ring([x, y], radius, colour, width) {
    const { context } = this;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    Object.assign(context, { strokeStyle: colour, lineWidth: width });
    context.stroke();
  }

  #rings(places, at, radius, colour, camera) {
    if (!places || !places.length) return;
    const { context } = this;
    context.beginPath();
    let drawn = 0;
    for (const place of places) {
      const [x, y] = at(place);
      if (x < -9 || y < -9 || x > camera.width + 9 || y > camera.height + 9) continue;
      drawn += 1;
      if (drawn > RINGS_AT_MOST) break;
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 2 * Math.PI);
    }
    Object.assign(context, { strokeStyle: colour, lineWidth: 1.5 });
    context.stroke();
  }

  // The line bends through all tracks; the ends carry their titles.
  #way(way, at, { colours }) {
    const { context } = this;
    const stops = way.places.filter((place) => place >= 0).map(at);
    if (!stops.length) return;
    for (const [colour, width] of [[colours.ground, 7], [colours.accent, 3]]) {
      context.beginPath();
      context.moveTo(...stops[0]);
      for (let stop = 0; stop + 1 < stops.length; stop += 1) {
        const [before, from, to, after] = [stops[Math.max(stop - 1, 0)], stops[stop], stops[stop + 1], stops[Math.min(stop + 2, stops.length - 1)]];
        context.bezierCurveTo(from[0] + (to[0] - before[0]) / 7, from[1] + (to[1] - before[1]) / 7, to[0] - (after[0] - from[0]) / 7, to[1] - (after[1] - from[1]) / 7, ...to);
      }
      Object.assign(context, { strokeStyle: colour, lineWidth: width, lineJoin: 'round', lineCap: 'round' });
      context.stroke();
    }
    Object.assign(context, { font: SMALL, textAlign: 'center', textBaseline: 'middle' });
    stops.forEach(([x, y], number) => {
      context.beginPath();
      context.arc(x, y, 9, 0, 2 * Math.PI);
      Object.assign(context, { fillStyle: colours.accent, strokeStyle: colours.ground, lineWidth: 2 });
      context.fill();
      context.stroke();
      context.fillStyle = colours.onAccent;
      context.fillText(String(number + 1), x, y + 0.5);
    });
    [0, way.places.length - 1].forEach((end) => {
      if (way.places[end] < 0 || !way.titles[end]) return;
      const [x, y] = at(way.places[end]);
      this.#name(way.titles[end], x, y - 20, colours, SMALL);
    });
  }

  #playing([x, y], { colours, radius }) {
    this.#ring([x, y], radius + 7, colours.accent, 2.5);
    this.#ring([x, y], radius + 3, colours.ground, 2);
  }

  // Where Enter acts: in the middle, while the map has the focus of the keyboard.
  #aim({ width, height }, colours) {
    const { context } = this;
    context.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      context.moveTo(width / 2 + 8 * dx, height / 2 + 8 * dy);
      context.lineTo(width / 2 + 16 * dx, height / 2 + 16 * dy);
    }
    Object.assign(context, { strokeStyle: colours.ink, lineWidth: 2 });
    context.stroke();
  }

  #lasso(line, colours) {
    const { context } = this;
    context.beginPath();
    line.forEach(([x, y], number) => (number ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.closePath();
    context.globalAlpha = 0.14;
    context.fillStyle = colours.accent;
    context.fill();
    context.globalAlpha = 1;
    Object.assign(context, { strokeStyle: colours.accent, lineWidth: 2 });
    context.setLineDash([6, 5]);
    context.stroke();
    context.setLineDash([]);
  }

  #names(camera, { regions, nameOf, colours }) {
    for (const region of regions) {
      const [x, y] = camera.toPage(region.x, region.y);
      if (region.extent * camera.scale < NEEDS_PX || x < 0 || y < 0 || x > camera.width || y > camera.height) continue;
      const name = nameOf(region.kind);
      if (name) this.#name(name, x, y, colours, FONT);
    }
  }

  // A name where no other one is.
  #name(text, x, y, colours, font) {
    const { context } = this;
    Object.assign(context, { font, textAlign: 'center', textBaseline: 'middle', lineJoin: 'round' });
    const half = context.measureText(text).width / 2 + GAP;
    const box = [x - half, y - 9, x + half, y + 9];
    if (this.taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) return;
    this.taken.push(box);
    Object.assign(context, { strokeStyle: colours.ground, lineWidth: 4, fillStyle: colours.ink });
    context.globalAlpha = 0.85;
    context.strokeText(text, x, y);
    context.globalAlpha = 1;
    context.fillText(text, x, y);
  }
}
