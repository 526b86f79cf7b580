// The library in numbers: they move while it is analysed, and when files come or go.
import { useEffect, useRef, useState } from 'react';

// What the numbers depend on, as the server tells it.
const MARK = ['tracks', 'analysed', 'queued', 'running', 'failed', 'paused', 'indexer_alive', 'notes'];

export default function LibraryStatus() {
  const { labels, chips } = props;
  const [status, setStatus] = useState(props.status);
  const waiting = (status.queued || 0) + (status.running || 0);
  const box = useRef(null);

  useEffect(() => {
    let source = null;
    let seen = false;
    let known = MARK.map((name) => props.status[name]).join();
    async function tell(event) {
      const now = JSON.parse(event.data);
      const mark = MARK.map((name) => now[name]).join();
      if (mark === known) return;
      try {
        const reply = await fetch('/api/status');
        if (!reply.ok || !source) return;
        setStatus(await reply.json());
        known = mark;
      } catch (error) { /* the server restarts: it tells again then */ }
    }
    function listen() {
      const wanted = seen && !document.hidden;
      if (wanted && !source) {
        source = new EventSource('/api/events?topic=indexing');
        source.addEventListener('indexing', tell);
      } else if (!wanted && source) {
        source.close();
        source = null;
      }
    }
    const watcher = new IntersectionObserver((entries) => { seen = entries.at(-1).isIntersecting; listen(); });
    watcher.observe(box.current);
    document.addEventListener('visibilitychange', listen);
    return () => { seen = false; listen(); watcher.disconnect(); document.removeEventListener('visibilitychange', listen); };
  }, []);

  const whole = (status.analysed || 0) + waiting + (status.failed || 0);
  const share = whole ? ((whole - waiting) / whole) * 100 : 0;
  const top = (counts) => Object.entries(counts || {}).sort((one, two) => two[1] - one[1]).slice(0, 14);
  const state = status.paused ? labels.resting : status.indexer_alive ? labels.listening : labels.stopped;
  const numbers = [
    [labels.tracks, status.tracks], [labels.artists, status.artists], [labels.albums, status.albums],
    [labels.playlists, status.playlists], [labels.charts, status.charts],
  ];
  return (
    <div className="bb" ref={box}><div className="bb-box">
      <div className="bb-pad bb-grid">
        {numbers.map(([label, count]) => (
          <div key={label}><div className="bb-big">{count}</div><div className="bb-dim">{label}</div></div>
        ))}
      </div>
      {waiting > 0 && (
        <div className="bb-pad" role="status">
          <div className="bb-dim" style={{ marginBottom: '0.4rem' }}>
            {state} {whole - waiting} / {whole}
          </div>
          <div className="bb-bar" role="progressbar" aria-label={labels.listening} aria-valuemin="0" aria-valuemax="100" aria-valuenow={Math.round(share)}><div style={{ width: `${share}%` }} /></div>
        </div>
      )}
      {(status.notes || []).length > 0 && (
        <div className="bb-pad" role="status">{status.notes.map((note) => <div key={note}>{note}</div>)}</div>
      )}
      {['genres', 'moods'].map((kind) => top(status[kind]).length > 0 && (
        <div className="bb-pad" key={kind}>
          <div className="bb-dim">{labels[kind]}</div>
          {top(status[kind]).map(([name, count]) => {
            const chip = chips[kind][name];
            return chip
              ? <button className="bb-chip bb-press" key={name} aria-label={`${chip.label}, ${count} ${labels.tracks}`}
                  onClick={() => callAction({ name: 'press', payload: chip.payload })}>{chip.label} <span className="bb-count">{count}</span></button>
              : <span className="bb-chip" key={name}>{name} {count}</span>;
          })}
        </div>
      ))}
      {(status.failures || []).length > 0 && (
        <div className="bb-pad">
          <div className="bb-dim">{labels.failed}</div>
          <ul className="bb-list">
            {status.failures.map((failure, at) => (
              <li key={at}>{failure.name || failure.path} <span className="bb-dim">– {failure.reason}</span></li>
            ))}
          </ul>
        </div>
      )}
    </div></div>
  );
}
