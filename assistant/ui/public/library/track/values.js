// The measured values of a track with how sure they are and where they come from; its file and tags.
import { el, fill } from '../../player/dom.js';
import { dateText, keyChip } from '../../panel/parts.js';
import { library } from '../address.js';

const UNSURE = 0.5; // BPM by which an alternative differs from the tempo itself

const sourceOf = (texts, source) => (source || '').split('+').filter(Boolean).map((one) => texts.sources[one] || one).join(' + ');
const digits = (texts, value, most = 1) => value.toLocaleString(texts.language, { maximumFractionDigits: most });
const percent = (value) => `${Math.round(value * 100)} %`;

function confidence(texts, value) {
  if (value == null) return null;
  const part = el('span');
  part.style.width = percent(value).replace(' ', '');
  const label = fill(texts.confidence, { percent: Math.round(value * 100) });
  return el('span', { class: 'bbl-sure', role: 'img', 'aria-label': label, title: label }, el('span', { class: 'bbl-meter' }, part), el('span', { class: 'bbl-dim' }, percent(value)));
}

function tile(texts, label, value, { under = null, sure = null, source = null, chip = null } = {}) {
  return el('div', { class: 'bbl-fact' }, el('dt', {}, label),
    el('dd', {}, el('span', { class: 'bbl-value' }, chip, value), under ? el('span', { class: 'bbl-dim' }, under) : null, confidence(texts, sure),
      source ? el('span', { class: 'bbl-dim bbl-source' }, fill(texts.from, { source: sourceOf(texts, source) })) : null));
}

// Tempo, key, metre, energy, loudness: large, each with its confidence and its source.
export function createFacts(texts, { track, tempo, key, loudness, scores }) {
  const energy = scores.find((one) => one.name === 'energy_score');
  const other = tempo && tempo.alternative && Math.abs(tempo.alternative - tempo.bpm) > UNSURE;
  const steady = tempo && texts[`tempo_${tempo.stability}`];
  const unknown = (label) => tile(texts, label, texts.unknown);
  return el('dl', { class: 'bbl-facts' },
    tempo ? tile(texts, texts.tempo, `${digits(texts, tempo.bpm)} BPM`, { under: [other ? fill(texts.tempo_or, { bpm: digits(texts, tempo.alternative) }) : null, steady].filter(Boolean).join(' · '), sure: tempo.confidence, source: tempo.source }) : unknown(texts.tempo),
    key ? tile(texts, texts.key, key.name, { chip: keyChip(key.camelot), under: key.tuning_cents ? fill(texts.tuning, { cents: digits(texts, key.tuning_cents, 0) }) : null, sure: key.confidence, source: key.source }) : unknown(texts.key),
    tempo && tempo.beats_per_bar ? tile(texts, texts.meter, `${tempo.beats_per_bar}/4`, { sure: tempo.meter_confidence }) : unknown(texts.meter),
    energy || track.energy != null ? tile(texts, texts.energy, percent(energy ? energy.value : track.energy), { source: energy && energy.source }) : unknown(texts.energy),
    loudness.lufs != null ? tile(texts, texts.loudness, `${digits(texts, loudness.lufs)} LUFS`, { under: loudness.peak_dbtp != null ? fill(texts.peak, { peak: digits(texts, loudness.peak_dbtp) }) : null, source: loudness.source }) : unknown(texts.loudness));
}

export const sourceText = sourceOf;

function lines(pairs) {
  return el('dl', { class: 'bbl-lines' }, ...pairs.filter(([, value]) => value != null && value !== '').map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
}

function sizeText(texts, bytes) {
  return `${digits(texts, bytes / 1e6)} MB`;
}

export function createFile(texts, file) {
  const folder = file.folder === null ? null : el('a', { class: 'bbl-link', href: library('folders', file.folder) }, file.folder_name);
  const place = [file.disc_no && file.disc_no > 0 ? fill(texts.disc, { number: file.disc_no }) : null, file.track_no ? fill(texts.track_no, { number: file.track_no }) : null].filter(Boolean).join(', ');
  return lines([
    [texts.file_name, file.name], [texts.file_folder, folder], [texts.file_format, file.audio_format.toUpperCase()],
    [texts.file_size, sizeText(texts, file.size_bytes)],
    [texts.file_rate, file.sample_rate_hz ? `${digits(texts, file.sample_rate_hz / 1000)} kHz` : null],
    [texts.file_channels, file.channels === 1 ? texts.mono : file.channels === 2 ? texts.stereo : file.channels],
    [texts.file_bit_rate, file.bit_rate ? `${digits(texts, file.bit_rate / 1000, 0)} kbit/s` : null],
    [texts.file_place, place], ['MusicBrainz', file.musicbrainz_id],
    [texts.file_added, dateText(texts, file.added_at)], [texts.file_analysed, file.analysed_at ? dateText(texts, file.analysed_at) : texts.not_yet],
  ]);
}

export function createTags(texts, metadata) {
  return metadata.length ? lines(metadata.map(({ name, value }) => [name, value])) : el('p', { class: 'bbl-dim' }, texts.tags_none);
}

export function createRepaired(texts, repaired) {
  return lines(repaired.map(({ name, value, codec }) => [name, fill(texts.repaired_from, { text: value, codec })]));
}
