// What plays after a word such as "pause" or "next": the state is applied, the newest bar is shown.
import { useEffect, useState } from 'react';
import { Pause, Play, SkipForward } from 'lucide-react';

export default function Player() {
  const { bar_id: barId, player, labels } = props;
  const [, redraw] = useState(0);
  const shared = window.backbeatPlayer;

  useEffect(() => {
    const listener = () => redraw((count) => count + 1);
    shared.listeners.add(listener);
    shared.bar = barId;
    shared.follow(player.version);
    return () => shared.listeners.delete(listener);
  }, []);

  const track = shared.list && shared.list[shared.at];
  if (!track || shared.bar !== barId) return null;
  const playing = !shared.audio.paused && !shared.error;
  const label = playing ? labels.pause : labels.play;
  return (
    <div className="bb"><div className="bb-box">
      <div className="bb-player">
        <button className="bb-play bb-main" onClick={shared.toggle} aria-label={`${label}: ${track.title}`}>
          {playing ? <Pause size={15} /> : <Play size={15} />}
        </button>
        <span className="bb-now">{track.title}</span>
        <span className="bb-dim bb-wide">{track.artist}</span>
        {shared.at + 1 < shared.list.length && (
          <button className="bb-play" onClick={() => shared.jump(shared.at + 1)} aria-label={labels.next}><SkipForward size={15} /></button>
        )}
      </div>
    </div></div>
  );
}
