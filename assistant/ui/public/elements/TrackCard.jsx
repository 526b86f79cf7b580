// What one track is like: features as bars, tags with their reasons, a player, its charts.
import { Download } from 'lucide-react';

function Bar({ label, value }) {
  return (
    <div>
      <div className="bb-dim" style={{ display: 'flex', justifyContent: 'space-between' }}>
        <span>{label}</span><span>{Math.round(value * 100)} %</span>
      </div>
      <div className="bb-bar"><div style={{ width: `${Math.max(0, Math.min(1, value)) * 100}%` }} /></div>
    </div>
  );
}

export default function TrackCard() {
  const { track, bars, tags, charts, facts, labels } = props;
  return (
    <div className="bb"><div className="bb-box">
      <div className="bb-head">
        {track.cover_url && <img className="bb-cover" src={track.cover_url} alt="" />}
        <div className="bb-title">
          {track.title}
          <div className="bb-dim">{[track.artist, track.album, track.year].filter(Boolean).join(' · ')}</div>
        </div>
        <audio controls preload="none" src={track.audio_url} className="bb-audio"
          onPlay={() => window.backbeatPlayer && window.backbeatPlayer.audio.pause()} />
      </div>
      <div className="bb-pad">
        <div className="bb-grid" style={{ marginBottom: '0.8rem' }}>
          {facts.map((fact) => (
            <div key={fact.label}><div className="bb-dim">{fact.label}</div><div className="bb-big">{fact.value}</div></div>
          ))}
        </div>
        <div className="bb-grid">{bars.map((bar) => <Bar key={bar.label} label={bar.label} value={bar.value} />)}</div>
        <div style={{ marginTop: '0.8rem' }}>
          {tags.map((tag) => <span key={tag.name} className="bb-chip" title={tag.reason}>{tag.name}</span>)}
        </div>
        {charts.length > 0 && (
          <div className="bb-links" style={{ marginTop: '0.8rem' }}>
            {charts.map((chart) => (
              <a key={chart.url} className="bb-button" href={chart.url} download><Download size={14} /> {labels.chart}</a>
            ))}
          </div>
        )}
      </div>
    </div></div>
  );
}
