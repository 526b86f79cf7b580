// A drum chart: how far its job is, then its picture and the bundle to download.
import { useEffect, useState } from 'react';
import { Download, Drum } from 'lucide-react';

const PARTS = [['midi', 'MIDI'], ['notation', 'SVG'], ['tab', 'TXT']];

export default function DrumChart() {
  const { name, labels, job_url: jobUrl } = props;
  const [job, setJob] = useState(null);
  const chart = props.chart || (job && job.chart) || null;
  const over = chart || (job && ['failed', 'cancelled', 'done'].includes(job.state));

  useEffect(() => {
    if (over || !jobUrl) return undefined;
    let stopped = false;
    let timer = null;
    async function look() {
      try {
        const reply = await fetch(jobUrl);
        if (reply.ok && !stopped) setJob(await reply.json());
      } catch (error) { /* the server restarts: look again */ }
      if (!stopped) timer = setTimeout(look, 1000);
    }
    look();
    return () => { stopped = true; clearTimeout(timer); };
  }, [over, jobUrl]);

  const percent = Math.round(((job && job.progress) || 0) * 100);
  return (
    <div className="bb"><div className="bb-box">
      <div className="bb-head">
        <Drum size={20} />
        <div className="bb-title">{name}
          {chart && <div className="bb-dim">{Math.round(chart.bpm)} BPM</div>}
        </div>
        {chart && <a className="bb-button bb-main" href={chart.url} download><Download size={15} /> {labels.download}</a>}
      </div>
      {!over && (
        <div className="bb-pad" role="status">
          <div className="bb-dim" style={{ marginBottom: '0.4rem' }}>
            {job && job.state === 'running' ? `${job.step || labels.working} · ${percent} %` : labels.waiting}
          </div>
          <div className="bb-bar"><div style={{ width: `${Math.max(percent, 2)}%` }} /></div>
        </div>
      )}
      {job && ['failed', 'cancelled'].includes(job.state) && (
        <div className="bb-pad bb-error">{labels.failed} {job.reason}</div>
      )}
      {chart && (
        <div className="bb-pad bb-grid">
          {Object.entries(chart.levels || {}).map(([level, found]) => (
            <div key={level}><div className="bb-dim">{level}</div>
              <div className="bb-big">{found.notes}</div><div className="bb-dim">{labels.notes}</div></div>
          ))}
        </div>
      )}
      {chart && (
        <div className="bb-pad" style={{ display: 'flex', gap: '0.4rem', flexWrap: 'wrap' }}>
          {PARTS.map(([part, label]) => (
            <a key={part} className="bb-button" href={chart.url.replace(/\.zip$/, `/${part}`)} download><Download size={14} /> {label}</a>
          ))}
        </div>
      )}
      {chart && chart.picture_url && <a href={chart.picture_url} target="_blank" rel="noreferrer"><img className="bb-picture" src={chart.picture_url} alt={labels.picture} /></a>}
    </div></div>
  );
}
