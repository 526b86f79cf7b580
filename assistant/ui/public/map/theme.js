// The colours of the theme as a canvas takes them.
export function themed() {
  const css = getComputedStyle(document.documentElement);
  const colour = (name) => `hsl(${css.getPropertyValue(`--${name}`)})`;
  const probe = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  probe.fillStyle = colour('background');
  probe.fillRect(0, 0, 1, 1);
  return {
    ink: colour('foreground'),
    ground: colour('background'),
    accent: colour('primary'),
    onAccent: colour('primary-foreground'),
    pixel: probe.getImageData(0, 0, 1, 1).data,
  };
}
