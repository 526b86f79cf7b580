// A table of tracks, drawn by /public/table: this source is compiled anew at every change of the chat.
import { useLayoutEffect, useRef } from 'react';

export default function TrackTable() {
  const place = useRef(null);
  useLayoutEffect(() => {
    let leave;
    const show = () => { leave = window.backbeatTables.show(place.current, props, callAction, { opened: true }); };
    if (window.backbeatTables) show();
    else addEventListener('backbeat-tables', show, { once: true });
    return () => {
      removeEventListener('backbeat-tables', show);
      if (leave) leave();
    };
  }, []);
  return <div ref={place} />;
}
