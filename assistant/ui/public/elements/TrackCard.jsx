// What one track is like: features as bars, tags with their reasons, a play button, its charts.
import { useEffect, useState } from 'react';
import { Download, Drum, ListMusic, Pause, Play } from 'lucide-react';

function Bar({ label, value }) {
  return (
    <div>
      <div className="bb-dim" style={{ display: 'flex', justifyContent: 'space-between' }}>
        <span>{label}</span><span>{Math.round(value * 100)} %</span>
      </div>
      <div className="bb-bar" role="meter" aria-label={label} aria-valuemin="0" aria-valuemax="100" aria-valuenow={Math.round(value * 100)}><div style={{ width: `${Math.max(0, Math.min(1, value)) * 100}%` }} /></div>
    </div>
  );
}

export default function TrackCard() {
  const { track, bars, tags, charts, facts, course, labels, buttons } = props;
  const [, drawAt] = useState('');
  const shared = window.backbeatPlayer;
  useEffect(() => {
    const listener = () => drawAt(`${shared.track && shared.track.id} ${shared.playing}`);
    shared.listeners.add(listener);
    return () => shared.listeners.delete(listener);
  }, []);
  const current = Boolean(shared.track) && shared.track.id === track.id;
  const playing = current && shared.playing;
  const icons = { find_similar: <ListMusic size={14} />, generate_drum_chart: <Drum size={14} /> };
  return (
    <div className="bb"><div className="bb-box bb-card">
      <div className="bb-head">
        <button className="bb-play bb-main" aria-label={`${playing ? labels.pause : labels.play}: ${track.title}`}
          onClick={() => (current ? shared.toggle() : shared.play([track]))}>
          {playing ? <Pause size={16} /> : <Play size={16} />}
        </button>
        {track.cover_url && <img className="bb-cover" src={track.cover_url} alt="" />}
        <div className="bb-title">
          {track.title}
          <div className="bb-dim">{[track.artist, track.album, track.year].filter(Boolean).join(' · ')}</div>
        </div>
      </div>
      <div className="bb-pad">
        <div className="bb-grid" style={{ marginBottom: '0.8rem' }}>
          {facts.map((fact) => (
            <div key={fact.label}><div className="bb-dim">{fact.label}</div><div className="bb-big">{fact.value}</div></div>
          ))}
        </div>
        {course && <div className="bb-dim" style={{ marginBottom: '0.8rem' }}>{course}</div>}
        <div className="bb-grid bb-bars">{bars.map((bar) => <Bar key={bar.label} label={bar.label} value={bar.value} />)}</div>
        <div style={{ marginTop: '0.8rem' }}>
          {tags.map((tag) => <span key={tag.name} className="bb-chip" title={tag.reason}>{tag.name}</span>)}
        </div>
        <div className="bb-links" style={{ marginTop: '0.8rem' }}>
          {charts.map((chart) => (
            <a key={chart.url} className="bb-button bb-main" href={chart.url} title={chart.older ? labels.chart_older : undefined} download><Download size={14} /> {labels.chart}</a>
          ))}
          {buttons.filter((one) => !(charts.some((chart) => !chart.older) && one.payload.tool === 'generate_drum_chart')).map((one) => (
            <button key={one.label} className="bb-button" onClick={() => callAction({ name: 'press', payload: one.payload })}>
              {icons[one.payload.tool]} {one.label}
            </button>
          ))}
        </div>
      </div>
    </div></div>
  );
}
