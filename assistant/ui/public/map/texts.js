// The texts of the map, asked for once.
import { ask } from '../panel/server.js';

let asked = null;
export const mapTexts = () => (asked ??= ask('/api/map/texts').catch((error) => {
  asked = null;
  throw error;
}));
