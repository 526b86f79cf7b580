// A drum chart: how far its job is, then its picture and the bundle to download.
import { useEffect, useState } from 'react';
import { Download, Drum, Play, RefreshCw } from 'lucide-react';

// DLEVEL: tenths, from 100 on hundredths.
const difficulty = (dlevel) => (dlevel < 100 ? dlevel / 10 : dlevel / 100).toFixed(1);

const OVER = ['failed', 'cancelled', 'done'];
const AS_FOUND = { bpm: null, factor: 1, shift_s: 0 };
const NUDGE_S = 0.01;

// Follows a job until it is over.
function useJob(url) {
  const [job, setJob] = useState(null);
  useEffect(() => {
    setJob(null);
    if (!url) return undefined;
    let stopped = false;
    let timer = null;
    async function look() {
      try {
        const reply = await fetch(url);
        const found = reply.ok ? await reply.json() : null;
        if (stopped) return;
        if (found) setJob({ ...found, url });
        if (found && OVER.includes(found.state)) return;
      } catch (error) { /* the server restarts: look again */ }
      if (!stopped) timer = setTimeout(look, 1000);
    }
    look();
    return () => { stopped = true; clearTimeout(timer); };
  }, [url]);
  return job && job.url === url ? job : null;
}

function Progress({ job, alive, labels, steps }) {
  const waiting = !job || job.state === 'queued';
  const percent = Math.round(((job && job.progress) || 0) * 100);
  return (
    <div className="bb-pad" role="status">
      <div className="bb-dim" style={{ marginBottom: '0.4rem' }}>
        {waiting ? labels.waiting : `${steps[job.step] || job.step || labels.working} · ${percent} %`}
      </div>
      <div className="bb-bar" role="progressbar" aria-label={labels.chart} aria-valuemin="0" aria-valuemax="100" aria-valuenow={percent}>
        <div style={{ width: `${Math.max(percent, 2)}%` }} />
      </div>
      <div className="bb-dim" style={{ marginTop: '0.4rem' }}>{waiting && !alive ? labels.no_indexer : labels.meanwhile}</div>
    </div>
  );
}

// Tempo and offset by hand; `onChange` gets the whole timing that is to count.
function Timing({ chart, timing, busy, labels, onChange }) {
  const [bpm, setBpm] = useState('');
  const times = (factor) => onChange(timing.bpm ? { ...timing, bpm: timing.bpm * factor } : { ...timing, factor: timing.factor * factor });
  const shift = (seconds) => onChange({ ...timing, shift_s: Math.round((timing.shift_s + seconds) * 1000) / 1000 });
  const changed = timing.bpm || timing.factor !== 1 || timing.shift_s;
  const button = (text, act, label) => <button type="button" className="bb-button" disabled={busy} aria-label={label} title={label} onClick={act}>{text}</button>;
  return (
    <details className="bb-pad bb-timing">
      <summary>{labels.timing}: {chart.bpm.toFixed(1)} BPM{timing.shift_s ? `, ${timing.shift_s > 0 ? '+' : '−'}${Math.abs(Math.round(timing.shift_s * 1000))} ms` : ''}</summary>
      <div className="bb-links" style={{ marginTop: '0.6rem' }}>
        {button('÷ 2', () => times(0.5), labels.timing_half)}
        {button('× 2', () => times(2), labels.timing_double)}
        <form className="bb-links" onSubmit={(event) => { event.preventDefault(); onChange({ ...timing, factor: 1, bpm: Number(bpm) }); }}>
          <input className="bb-number" type="number" min="20" max="400" step="0.001" required value={bpm} placeholder={chart.bpm.toFixed(2)}
            aria-label={labels.timing_bpm} onChange={(event) => setBpm(event.target.value)} />
          <button type="submit" className="bb-button" disabled={busy}>{labels.timing_set}</button>
        </form>
        {button('− 10 ms', () => shift(-NUDGE_S), labels.timing_earlier)}
        {button('+ 10 ms', () => shift(NUDGE_S), labels.timing_later)}
        {button(`− ${labels.timing_beat}`, () => shift(-60 / chart.bpm), labels.timing_beat_earlier)}
        {button(`+ ${labels.timing_beat}`, () => shift(60 / chart.bpm), labels.timing_beat_later)}
        {changed ? button(labels.timing_reset, () => onChange(AS_FOUND), labels.timing_reset) : null}
      </div>
      <div className="bb-dim" style={{ marginTop: '0.5rem' }}>{labels.timing_help}</div>
    </details>
  );
}

export default function DrumChart() {
  const { name, labels, steps, failures = {}, retry, make_again: makeAgain, job_url: jobUrl } = props;
  const [made, setMade] = useState(null); // the chart with the timing that counts now
  const [best, setBest] = useState({});
  const reasonOf = ({ code, reason }) => failures[code] || (reason ? (failures.other || '{detail}').replace('{detail}', () => reason) : '');
  const [problem, setProblem] = useState('');
  const [timing, setTiming] = useState(null);
  const [alive, setAlive] = useState(props.indexer_alive);
  const [again, setAgain] = useState(null); // address of the job that charts anew
  const job = useJob(props.chart ? null : jobUrl);
  const work = useJob(again);
  const chart = made || props.chart || (job && job.chart) || null;
  const over = chart || (job && OVER.includes(job.state));

  useEffect(() => {
    if (!work || !OVER.includes(work.state)) return;
    setAgain(null);
    if (work.chart) setMade(work.chart);
    else setProblem(`${labels.failed} ${reasonOf(work)}`);
  }, [work]);

  async function retime(wanted) {
    setProblem('');
    try {
      const reply = await fetch(`/api/charts/${chart.id}/timing`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(wanted) });
      if (!reply.ok) throw new Error();
      const found = await reply.json();
      setTiming(found.timing);
      setAgain(found.job_url);
    } catch (error) {
      setProblem(labels.timing_failed);
    }
  }

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
    fetch(`/api/charts/${chartId}/timing`)
      .then((reply) => (reply.ok ? reply.json() : null))
      .then((found) => {
        if (stopped || !found) return;
        setAlive(found.indexer_alive);
        setTiming(found.fixed ? null : found.timing);
        if (found.chart && found.chart.id !== chartId) setMade(found.chart);
      })
      .catch(() => {});
    const played = ({ detail }) => { if (detail.track === trackId) setBest(detail.best); };
    addEventListener('backbeat-result', played);
    return () => { stopped = true; removeEventListener('backbeat-result', played); };
  }, [chartId, trackId]);

  async function playAlong() {
    setProblem(await window.backbeatLanes.open(chartId));
  }

  const failed = job && over && !chart;
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
      {!over && <Progress job={job} alive={alive} labels={labels} steps={steps} />}
      {again && <Progress job={work} alive={alive} labels={labels} steps={steps} />}
      {failed && (
        <div className="bb-pad" role="alert">
          <div className="bb-error">{job.state === 'done' ? labels.chart_gone : `${labels.failed} ${reasonOf(job)}`}</div>
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
      {chart && timing && <Timing chart={chart} timing={timing} busy={Boolean(again)} labels={labels} onChange={retime} />}
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
