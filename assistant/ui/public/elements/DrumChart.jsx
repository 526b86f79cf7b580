// A drum chart: how far its job is, then its picture and the bundle to download.
import { useEffect, useState } from 'react';
import { Download, Drum, Play, RefreshCw } from 'lucide-react';

// DLEVEL: tenths, from 100 on hundredths.
const difficulty = (dlevel) => (dlevel < 100 ? dlevel / 10 : dlevel / 100).toFixed(1);

export default function DrumChart() {
  const { name, labels, steps, failures = {}, retry, make_again: makeAgain, job_url: jobUrl } = props;
  const [job, setJob] = useState(null);
  const [best, setBest] = useState({});
  const [problem, setProblem] = useState('');
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

  // The person's best results, also right after playing.
  const chartId = chart && chart.id;
  const trackId = chart && chart.track_id;
  useEffect(() => {
    if (!chartId) return undefined;
    let stopped = false;
    fetch(`/api/charts/${chartId}/results`)
      .then((reply) => (reply.ok ? reply.json() : { best: {} }))
      .then((found) => { if (!stopped) setBest(found.best); })
      .catch(() => {});
    const played = ({ detail }) => { if (detail.track === trackId) setBest(detail.best); };
    addEventListener('backbeat-result', played);
    return () => { stopped = true; removeEventListener('backbeat-result', played); };
  }, [chartId, trackId]);

  async function playAlong() {
    setProblem(await window.backbeatLanes.open(chartId));
  }

  const waiting = !job || job.state === 'queued';
  const failed = job && over && !chart;
  const percent = Math.round(((job && job.progress) || 0) * 100);
  return (
    <div className="bb"><div className="bb-box">
      <div className="bb-head">
        <Drum size={20} />
        <div className="bb-title">{name}
          {chart && <div className="bb-dim">{Math.round(chart.bpm)} BPM</div>}
        </div>
        {chart && <button className="bb-button bb-main" onClick={playAlong}><Play size={15} /> {labels.play_along}</button>}
        {chart && <a className="bb-button" href={chart.url} download><Download size={15} /> {labels.bundle}</a>}
      </div>
      {problem && <div className="bb-pad bb-error" role="alert">{problem}</div>}
      {!over && (
        <div className="bb-pad" role="status">
          <div className="bb-dim" style={{ marginBottom: '0.4rem' }}>
            {waiting ? labels.waiting : `${steps[job.step] || job.step || labels.working} · ${percent} %`}
          </div>
          <div className="bb-bar" role="progressbar" aria-label={labels.chart} aria-valuemin="0" aria-valuemax="100" aria-valuenow={percent}>
            <div style={{ width: `${Math.max(percent, 2)}%` }} />
          </div>
          <div className="bb-dim" style={{ marginTop: '0.4rem' }}>{waiting && !props.indexer_alive ? labels.no_indexer : labels.meanwhile}</div>
        </div>
      )}
      {failed && (
        <div className="bb-pad" role="alert">
          <div className="bb-error">{job.state === 'done' ? labels.chart_gone : `${labels.failed} ${failures[job.code] || job.reason || ''}`}</div>
          <button className="bb-button" style={{ marginTop: '0.6rem' }} onClick={() => callAction({ name: 'press', payload: retry.payload })}>
            <RefreshCw size={14} /> {retry.label}
          </button>
        </div>
      )}
      {chart && chart.older && (
        <div className="bb-pad">
          <div className="bb-dim">{labels.chart_older}</div>
          <button className="bb-button" style={{ marginTop: '0.6rem' }} onClick={() => callAction({ name: 'press', payload: makeAgain.payload })}>
            <RefreshCw size={14} /> {makeAgain.label}
          </button>
        </div>
      )}
      {chart && (
        <div className="bb-pad bb-grid" aria-label={labels.levels}>
          {Object.entries(chart.levels || {}).map(([level, found]) => (
            <div key={level}><div className="bb-dim">{level}</div>
              <div className="bb-big">{labels.level} {difficulty(found.dlevel)}</div><div className="bb-dim">{found.notes} {labels.notes}</div>
              {best[level] && (
                <div className="bb-best">{labels.best}: <b>{(best[level].accuracy * 100).toFixed(1)} %</b>
                  <span className="bb-dim"> {best[level].score.toLocaleString()}{best[level].speed < 1 ? ` · ${labels.speed} ${Math.round(best[level].speed * 100)} %` : ''}</span></div>
              )}
            </div>
          ))}
        </div>
      )}
      {chart && (
        <div className="bb-pad bb-links">
          {Object.entries(chart.files || {}).map(([part, url]) => (
            <a key={part} className="bb-button" href={url} download><Download size={14} /> {labels[part]}</a>
          ))}
        </div>
      )}
      {chart && chart.picture_url && (
        <a href={chart.picture_url} target="_blank" rel="noreferrer">
          <img className="bb-picture" src={chart.picture_url} width="1182" height="612" alt={labels.picture} />
        </a>
      )}
    </div></div>
  );
}
