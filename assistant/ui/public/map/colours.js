// What colours the tracks: hue, saturation and lightness of each genre, mood, tempo and key. What is
// alike has hues that are near each other.
const GENRES = {
  rock: [8, 78, 62], pop: [330, 80, 70], metal: [352, 62, 48], punk: [18, 85, 56], indie: [36, 80, 62], alternative: [26, 58, 54],
  'hip hop': [276, 70, 68], 'r&b': [294, 58, 66], soul: [312, 52, 62], funk: [302, 72, 58], disco: [320, 82, 62], jazz: [214, 78, 68],
  blues: [226, 66, 62], electronic: [188, 78, 54], techno: [176, 62, 46], house: [166, 68, 54], trance: [196, 76, 64],
  'drum and bass': [152, 58, 46], ambient: [203, 52, 74], reggae: [120, 52, 56], ska: [98, 56, 58], folk: [76, 54, 58],
  country: [50, 72, 58], classical: [248, 72, 76], latin: [44, 92, 62], world: [138, 40, 64],
};
const MOODS = {
  happy: [50, 92, 62], sad: [226, 58, 64], aggressive: [2, 78, 56], party: [322, 80, 64], relaxed: [158, 52, 60], dark: [266, 42, 52],
  bright: [58, 82, 70], energetic: [22, 90, 60], chill: [186, 58, 60], melancholic: [242, 54, 68], uplifting: [38, 88, 66],
  romantic: [342, 72, 72], dancefloor: [300, 70, 62], ambient: [200, 56, 72], intimate: [284, 48, 70], epic: [12, 58, 50],
  workout: [30, 78, 52], focus: [140, 44, 56], background: [96, 34, 60],
};
const [SLOW, FAST] = [60, 180];
const UNKNOWN = [250, 8, 50];
const DARKER = 16; // lightness by which colours differ on a light ground
export const TEMPO_STEPS = [70, 90, 110, 130, 150, 170];

export function tempoColour(bpm) {
  const share = Math.min(Math.max((bpm - SLOW) / (FAST - SLOW), 0), 1);
  return [228 - 222 * share, 72, 62 - 6 * Math.sin(Math.PI * share)];
}

export const keyColour = (code) => [(parseInt(code, 10) * 30 + 100) % 360, 62, code.endsWith('A') ? 56 : 70];

// The colours by which a value of the points becomes visible: of each of 256 values, and css of one.
export function colouring(kind, texts, dark) {
  const shade = ([hue, saturation, light]) => [hue, saturation, dark ? light : light - DARKER];
  const of = {
    genre: (value) => GENRES[texts.genres[value - 1]?.id],
    mood: (value) => MOODS[texts.moods[value - 1]?.id],
    tempo: (value) => tempoColour(value),
    key: (value) => texts.keys[value - 1] && keyColour(texts.keys[value - 1].id),
  }[kind];
  const css = (value) => hsl(shade((value && of(value)) || UNKNOWN));
  const rgb = new Uint8Array(3 * 256);
  for (let value = 0; value < 256; value += 1) rgb.set(toRgb(shade((value && of(value)) || UNKNOWN)), 3 * value);
  return { css, rgb };
}

export const hsl = ([hue, saturation, light]) => `hsl(${hue} ${saturation}% ${light}%)`;

function toRgb([hue, saturation, light]) {
  const [s, l] = [saturation / 100, light / 100];
  const part = (n) => {
    const k = (n + hue / 30) % 12;
    return Math.round(255 * (l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [part(0), part(8), part(4)];
}
