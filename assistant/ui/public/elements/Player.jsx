// What plays after a word such as "pause" or "next": the bar of the page takes the state over.
import { useEffect } from 'react';

export default function Player() {
  useEffect(() => { window.backbeatPlayer.follow(props.player.version); }, []);
  return null;
}
