// Tracks with a play button each. One sound for the whole page, so that two never play at once.
import { useEffect, useState } from 'react';
import { Pause, Play, Download, SkipForward } from 'lucide-react';

function player() {
  if (!window.backbeatPlayer) {
    const audio = new Audio();
    audio.preload = 'none';
    const listeners = new Set();
    const shared = { audio, list: null, at: -1, error: false, listeners };
    const tell = () => listeners.forEach((listener) => listener());
    shared.play = (list, at) => {
      shared.list = list;
      shared.at = at;
      shared.error = false;
      audio.src = list[at].audio_url;
      audio.play().catch(() => {});
      tell();
    };
    shared.next = () => {
      if (shared.list && shared.at + 1 < shared.list.length) shared.play(shared.list, shared.at + 1);
    };
    ['play', 'pause', 'timeupdate', 'durationchange'].forEach((name) => audio.addEventListener(name, tell));
    audio.addEventListener('ended', () => { shared.list && shared.list.inOrder ? shared.next() : tell(); });
    audio.addEventListener('error', () => {
      // A format that this browser does not know: the server can turn it into FLAC.
      if (shared.list && !audio.src.includes('as_flac')) {
        audio.src = `${shared.list[shared.at].audio_url}?as_flac=true`;
        audio.play().catch(() => {});
        return;
      }
      shared.error = true;
      tell();
    });
    window.backbeatPlayer = shared;
  }
  return window.backbeatPlayer;
}

export function clock(seconds) {
  if (!isFinite(seconds)) return '–:––';
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

function keyColour(camelot) {
  const hue = (parseInt(camelot, 10) * 30 + 100) % 360;
  return `hsl(${hue} 65% ${camelot.endsWith('A') ? 68 : 80}%)`;
}

function Cover({ track }) {
  const [broken, setBroken] = useState(false);
  if (track.cover_url && !broken) {
    return <img className="bb-cover" src={track.cover_url} alt="" loading="lazy" onError={() => setBroken(true)} />;
  }
  const hue = (track.id * 47) % 360;
  const style = { background: `linear-gradient(135deg, hsl(${hue} 45% 45%), hsl(${(hue + 50) % 360} 50% 32%))` };
  return <div className="bb-cover" style={style} aria-hidden="true">{(track.title || '?').slice(0, 1).toUpperCase()}</div>;
}

function Tempo({ track }) {
  if (!track.bpm) return <span className="bb-dim">–</span>;
  return <span title={track.bpm_alternative ? `${Math.round(track.bpm_alternative)}` : undefined}>{Math.round(track.bpm)}</span>;
}

export default function TrackTable() {
  const { tracks, labels, name, duration, inOrder, downloads } = props;
  const [, redraw] = useState(0);
  const shared = player();
  const listId = props.list_id;

  useEffect(() => {
    const listener = () => redraw((count) => count + 1);
    shared.listeners.add(listener);
    return () => shared.listeners.delete(listener);
  }, []);

  const mine = shared.list && shared.list.id === listId;
  const current = mine ? shared.at : -1;
  const playing = mine && !shared.audio.paused && !shared.error;

  function toggle(at) {
    if (current === at && !shared.error) {
      shared.audio.paused ? shared.audio.play().catch(() => {}) : shared.audio.pause();
      return;
    }
    const list = tracks.slice();
    list.id = listId;
    list.inOrder = inOrder;
    shared.play(list, at);
  }

  const showWhy = tracks.some((track) => track.why && track.why.length > 0);
  const length = shared.audio.duration;

  return (
    <div className="bb"><div className="bb-box">
      {(name || (downloads && downloads.length > 0)) && (
        <div className="bb-head">
          {inOrder && (
            <button className="bb-play bb-main" aria-label={labels.play_all} title={labels.play_all}
              onClick={() => toggle(current >= 0 ? current : 0)}>
              {playing ? <Pause size={16} /> : <Play size={16} />}
            </button>
          )}
          <div className="bb-title">{name} {duration && <span className="bb-dim">· {duration}</span>}</div>
          <div className="bb-links">
            {(downloads || []).map((file) => (
              <a key={file.url} className="bb-button" href={file.url} download>
                <Download size={14} /> {file.label}
              </a>
            ))}
          </div>
        </div>
      )}
      <div className="bb-scroll"><table className="bb-table">
        <thead><tr>
          <th></th>
          <th>{labels.title}</th>
          <th className="bb-num">BPM</th>
          <th>{labels.key}</th>
          <th className="bb-wide">{labels.moods}</th>
          {showWhy && <th className="bb-wide">{labels.why}</th>}
          <th className="bb-num">{labels.length}</th>
        </tr></thead>
        <tbody>
          {tracks.map((track, at) => (
            <tr key={`${track.id}-${at}`} className={current === at ? 'bb-on' : ''} data-track={track.id}>
              <td>
                <button className="bb-play" onClick={() => toggle(at)}
                  aria-label={`${current === at && playing ? labels.pause : labels.play}: ${track.title}`}>
                  {current === at && playing ? <Pause size={15} /> : <Play size={15} />}
                </button>
              </td>
              <td><div className="bb-track">
                <Cover track={track} />
                <div className="bb-names">
                  <div title={track.title}>{track.title}</div>
                  <div className="bb-dim" title={track.artist || ''}>
                    {[track.artist, track.year].filter(Boolean).join(' · ')}
                  </div>
                </div>
              </div></td>
              <td className="bb-num"><Tempo track={track} /></td>
              <td>{track.camelot
                ? <span className="bb-key" style={{ background: keyColour(track.camelot) }}>{track.camelot}</span>
                : <span className="bb-dim">–</span>}</td>
              <td className="bb-wide">{(track.moods || []).slice(0, 3).map((mood) => <span key={mood} className="bb-chip">{mood}</span>)}</td>
              {showWhy && <td className="bb-wide bb-dim bb-why">{(track.why || []).join(' · ')}</td>}
              <td className="bb-num bb-dim">{clock(track.duration_s)}</td>
            </tr>
          ))}
        </tbody>
      </table></div>
      {current >= 0 && (
        <div className="bb-player">
          <button className="bb-play bb-main" onClick={() => toggle(current)} aria-label={playing ? labels.pause : labels.play}>
            {playing ? <Pause size={15} /> : <Play size={15} />}
          </button>
          {shared.error
            ? <span className="bb-error">{labels.cannot_play} <a className="bb-button" href={tracks[current].audio_url} download>{labels.download}</a></span>
            : <>
                <span className="bb-dim bb-num">{clock(shared.audio.currentTime)}</span>
                <input type="range" min="0" max={isFinite(length) ? length : 0} step="0.5" value={shared.audio.currentTime}
                  aria-label={labels.position} onChange={(event) => { shared.audio.currentTime = Number(event.target.value); }} />
                <span className="bb-dim bb-num">{clock(length)}</span>
              </>}
          {current + 1 < tracks.length && (
            <button className="bb-play" onClick={() => toggle(current + 1)} aria-label={labels.next}><SkipForward size={15} /></button>
          )}
        </div>
      )}
    </div></div>
  );
}
