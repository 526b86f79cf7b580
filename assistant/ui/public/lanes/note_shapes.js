// How notes look. Lanes differ by hue, kinds of strokes by shape, and how hard by brightness.
// Hues follow DTXMania's.
export const HUES = {
  LC: 330, HH: 200, LP: 300, SD: 48, HT: 125, BD: 262, LT: 2, FT: 28, CY: 218, RD: 174,
};
const HEIGHT = 11;
const FOOT = new Set(['kick', 'kick_left', 'hat_pedal']);
const CYMBAL = new Set(['crash', 'crash_left', 'ride', 'china']);
const POINTS = { tom_high: -1, tom_low: 0, tom_floor: 1 }; // up, flat, down

export function noteColour(lane, volume, dark) {
  const light = dark ? 50 + 20 * volume : 38 + 10 * volume;
  return `hsl(${HUES[lane]} ${dark ? 92 : 78}% ${light}%)`;
}

// Draws a note centred at (x, y), `width` wide.
export function drawNote(brush, note, x, y, width, dark) {
  const colour = noteColour(note.lane, note.volume, dark);
  const edge = dark ? 'hsl(0 0% 100% / 0.75)' : 'hsl(260 40% 12% / 0.8)';
  brush.fillStyle = colour;
  brush.strokeStyle = edge;
  brush.lineWidth = 1.25;
  if (FOOT.has(note.kind)) drawFoot(brush, note, x, y, width, colour, dark);
  else if (CYMBAL.has(note.kind)) drawCymbal(brush, note, x, y, width, colour);
  else if (note.kind === 'hat_open') drawOpenHat(brush, x, y, width, colour);
  else if (note.kind === 'hat_closed') drawClosedHat(brush, x, y, width, dark);
  else if (note.kind in POINTS) drawTom(brush, POINTS[note.kind], x, y, width);
  else drawSnare(brush, note, x, y, width, edge);
}

function box(brush, x, y, width, height, round) {
  brush.beginPath();
  brush.roundRect(x - width / 2, y - height / 2, width, height, round);
}

function drawFoot(brush, note, x, y, width, colour, dark) {
  const whole = note.kind === 'kick';
  box(brush, x, y, width, whole ? HEIGHT + 5 : HEIGHT - 3, 3);
  if (note.kind === 'hat_pedal') {
    brush.fillStyle = dark ? '#120d1c' : '#fff';
    brush.strokeStyle = colour;
    brush.lineWidth = 2.5;
  }
  brush.fill();
  brush.stroke();
}

function hexagon(brush, x, y, width, height) {
  const [w, h, cut] = [width / 2, height / 2, Math.min(width / 5, 9)];
  brush.beginPath();
  [[-w, 0], [-w + cut, -h], [w - cut, -h], [w, 0], [w - cut, h], [-w + cut, h]].forEach(([dx, dy], at) => {
    brush[at ? 'lineTo' : 'moveTo'](x + dx, y + dy);
  });
  brush.closePath();
}

function drawCymbal(brush, note, x, y, width, colour) {
  hexagon(brush, x, y, width, HEIGHT + 4);
  if (note.kind === 'china') {
    brush.strokeStyle = colour;
    brush.lineWidth = 3;
    brush.stroke();
    return;
  }
  brush.fill();
  brush.stroke();
  if (note.kind === 'ride') { // its bell
    brush.beginPath();
    brush.arc(x, y, 3, 0, 7);
    brush.fillStyle = brush.strokeStyle;
    brush.fill();
  }
}

function drawOpenHat(brush, x, y, width, colour) {
  box(brush, x, y, width - 4, HEIGHT, HEIGHT / 2);
  brush.strokeStyle = colour;
  brush.lineWidth = 3.5;
  brush.stroke();
}

function drawClosedHat(brush, x, y, width, dark) {
  box(brush, x, y, width - 2, HEIGHT, HEIGHT / 2);
  brush.fill();
  brush.stroke();
  brush.beginPath();
  [[-3, -3, 3, 3], [-3, 3, 3, -3]].forEach(([a, b, c, d]) => { brush.moveTo(x + a, y + b); brush.lineTo(x + c, y + d); });
  brush.strokeStyle = dark ? '#04121a' : '#fff';
  brush.lineWidth = 2;
  brush.stroke();
}

function drawTom(brush, points, x, y, width) {
  const [w, h] = [width / 2 - 1, HEIGHT / 2];
  brush.beginPath();
  brush.moveTo(x - w, y - h);
  brush.lineTo(x, y - h + (points < 0 ? -5 : 0));
  brush.lineTo(x + w, y - h);
  brush.lineTo(x + w, y + h);
  brush.lineTo(x, y + h + (points > 0 ? 5 : 0));
  brush.lineTo(x - w, y + h);
  brush.closePath();
  brush.fill();
  brush.stroke();
}

function drawSnare(brush, note, x, y, width, edge) {
  const side = note.kind === 'side_stick';
  box(brush, x, y, side ? width * 0.55 : width, HEIGHT, 2);
  brush.fill();
  brush.stroke();
  if (!side) return;
  brush.beginPath();
  brush.moveTo(x - width / 2, y);
  brush.lineTo(x + width / 2, y);
  brush.strokeStyle = edge;
  brush.lineWidth = 2;
  brush.stroke();
}
