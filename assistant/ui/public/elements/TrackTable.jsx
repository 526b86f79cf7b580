// Tracks with a play button each; the bar of the page plays them.
import { useEffect, useState } from 'react';
import { ChevronDown, Download, Lock, Pause, Play, RefreshCw } from 'lucide-react';

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

function Key({ track }) {
  return track.camelot
    ? <span className="bb-key" style={{ background: keyColour(track.camelot) }}>{track.camelot}</span>
    : <span className="bb-dim">–</span>;
}

// "8A → 9A, +2 BPM, same energy": no line break inside a part.
function Why({ reasons }) {
  const parts = reasons.flatMap((reason) => reason.split(', '));
  return parts.map((part, at) => <span key={at} className="bb-part">{part}{at + 1 < parts.length ? ', ' : ''}</span>);
}

function PlayButton({ title, playing, labels, onClick }) {
  return (
    <button className="bb-play" onClick={onClick} aria-label={`${playing ? labels.pause : labels.play}: ${title}`}>
      {playing ? <Pause size={15} /> : <Play size={15} />}
    </button>
  );
}

function Title({ track }) {
  return (
    <button className="bb-link" title={track.about.label} aria-label={track.about.label}
      onClick={() => callAction({ name: 'press', payload: track.about.payload })}>{track.title}</button>
  );
}

export default function TrackTable() {
  const { tracks, labels, name, duration, inOrder, downloads, again, seed, path, edited, taken_as: takenAs } = props;
  const [, drawAt] = useState('');
  const [open, setOpen] = useState(-1);
  const shared = window.backbeatPlayer;
  const listId = props.list_id;

  useEffect(() => {
    // drawn again for another track or a pause, not for every position
    const listener = () => drawAt([shared.list && shared.list.id, shared.at, shared.track && shared.track.id, shared.playing].join(' '));
    shared.listeners.add(listener);
    if (props.player) shared.follow(props.player.version, { id: listId, offset: props.player.place });
    return () => shared.listeners.delete(listener);
  }, []);

  const mine = Boolean(shared.list) && shared.list.id === listId;
  const offset = mine ? shared.list.offset : 0;
  const queued = mine && tracks[shared.at - offset] ? shared.at - offset : -1;
  // A track that another list plays is marked here too.
  const current = queued >= 0 || !shared.track ? queued : tracks.findIndex((track) => track.id === shared.track.id);
  const silent = !shared.playing;
  const playing = current >= 0 && !silent;

  function toggle(at) {
    if (current === at && !shared.error) shared.toggle();
    else if (mine) shared.jump(at + offset);
    else shared.play(Object.assign(tracks.slice(), { id: listId }), at, props.query);
  }
  // Versions of a song are not played one after another.
  function toggleVersion(version, id) {
    if (shared.list && shared.list.id === id && !shared.error) shared.toggle();
    else shared.play(Object.assign([version], { id }), 0);
  }

  const showWhy = tracks.some((track) => track.why && track.why.length > 0);
  const hasHead = name || (takenAs && takenAs.length > 0);

  return (
    <div className="bb"><div className="bb-box">
      {hasHead && (
        <div className="bb-head">
          {inOrder && (
            <button className="bb-play bb-main" aria-label={playing ? labels.pause : labels.play_all} title={labels.play_all}
              onClick={() => toggle(current >= 0 ? current : 0)}>
              {playing ? <Pause size={16} /> : <Play size={16} />}
            </button>
          )}
          <div className="bb-title">
            {name && <div>{name} {duration && <span className="bb-dim bb-part">· {duration}</span>}</div>}
            {path && !(name || '').includes('→') && <div className="bb-dim">{path[0]} → {path[1]}</div>}
            {edited && <div className="bb-dim">{labels.undo_hint}</div>}
            {takenAs && takenAs.length > 0 && (
              <div><span className="bb-dim">{labels.taken_as} </span>{takenAs.map((term) => <span key={term} className="bb-chip">{term}</span>)}</div>
            )}
          </div>
          <div className="bb-links">
            {again && (
              <button className="bb-button" title={labels.again_hint.replace('{seed}', seed)}
                onClick={() => callAction({ name: 'press', payload: again.payload })}>
                <RefreshCw size={14} /> {again.label}
              </button>
            )}
            {(downloads || []).map((file) => (
              <a key={file.url} className="bb-button" href={file.url} download title={file.hint}>
                <Download size={14} /> {file.label}
              </a>
            ))}
          </div>
        </div>
      )}
      <table className="bb-table" aria-label={name || labels.tracks}>
        <thead><tr>
          <th className="bb-num"><span className="bb-hidden">{labels.number}</span></th>
          <th><span className="bb-hidden">{labels.play}</span></th>
          <th>{labels.title}</th>
          <th className="bb-num bb-wide">BPM</th>
          <th className="bb-wide">{labels.key}</th>
          <th className="bb-wide">{labels.moods}</th>
          {showWhy && <th className="bb-wide">{inOrder ? labels.flow : labels.why}</th>}
          <th className="bb-num bb-wide">{labels.length}</th>
        </tr></thead>
        <tbody>
          {tracks.map((track, at) => {
            const versions = track.versions || [];
            const many = versions.length === 1 ? labels.versions_one : labels.versions_other.replace('{count}', versions.length);
            const versionsId = `${listId}-${at}`;
            return (
              <tr key={`${track.id}-${at}`} className={current === at ? 'bb-on' : ''} data-track={track.id}>
                <td className="bb-num bb-dim">{at + 1}{track.locked && <Lock size={12} role="img" aria-label={labels.locked}><title>{labels.locked}</title></Lock>}</td>
                <td><PlayButton title={track.title} labels={labels} playing={current === at && !silent} onClick={() => toggle(at)} /></td>
                <td>
                  <div className="bb-track">
                    <Cover track={track} />
                    <div className="bb-names">
                      <Title track={track} />
                      <div className="bb-dim" title={track.artist || ''}>{[track.artist, track.year].filter(Boolean).join(' · ')}</div>
                      <div className="bb-dim bb-narrow">
                        {track.camelot && <Key track={track} />} <Tempo track={track} /> BPM · {clock(track.duration_s)}
                      </div>
                      {showWhy && <div className="bb-dim bb-narrow"><Why reasons={track.why || []} /></div>}
                      {versions.length > 0 && (
                        <button className="bb-more" aria-expanded={open === at} aria-controls={versionsId} onClick={() => setOpen(open === at ? -1 : at)}>
                          <ChevronDown size={13} style={{ transform: open === at ? 'rotate(180deg)' : undefined }} /> {many}
                        </button>
                      )}
                    </div>
                  </div>
                  {open === at && (
                    <ul className="bb-versions" id={versionsId}>
                      {versions.map((version, place) => (
                        <li key={version.id}>
                          <PlayButton title={version.title} labels={labels} playing={Boolean(shared.list) && shared.list.id === `${versionsId}-${place}` && !silent}
                            onClick={() => toggleVersion(version, `${versionsId}-${place}`)} />
                          <div className="bb-names"><Title track={version} />
                            <div className="bb-dim">{[version.album, clock(version.duration_s)].filter(Boolean).join(' · ')}</div></div>
                        </li>
                      ))}
                    </ul>
                  )}
                </td>
                <td className="bb-num bb-wide"><Tempo track={track} /></td>
                <td className="bb-wide"><Key track={track} /></td>
                <td className="bb-wide">{(track.moods || []).slice(0, showWhy ? 2 : 3).map((mood) => <span key={mood} className="bb-chip">{mood}</span>)}</td>
                {showWhy && <td className="bb-wide bb-dim bb-why"><Why reasons={track.why || []} /></td>}
                <td className="bb-num bb-dim bb-wide">{clock(track.duration_s)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div></div>
  );
}
