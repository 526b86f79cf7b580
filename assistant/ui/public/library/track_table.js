// A table of tracks in the library: the table of the chat, with links, that goes on by itself.
export const FIRST = 60;
const STEP = 60;
const ASKED = { find_similar: 'similar', generate_drum_chart: 'chart', summarize_track: 'summary' };
let made = 0;

// `query`: what the tracks are (`TrackQuery`), read page by page; else `tracks` are all there are.
export function createTrackTable(home, { name, id, tracks = [], query = null, total = null, inOrder = false }) {
  const { tables, texts } = home;
  made += 1;
  const props = {
    list_id: id || `library-${made}`, texts: texts.table, language: texts.code, tracks, query, inOrder, links: true, label: name,
    total: total ?? (query ? 1e6 : tracks.length), rows_shown: query ? FIRST : Math.max(tracks.length, 1),
  };
  const { table, end } = tables.make(props, ({ payload }) => {
    home.askTrack(Number(payload.arguments.track.slice(1)), ASKED[payload.tool]);
  });
  const foot = table.node.querySelector('.bb-foot');
  const watch = new IntersectionObserver((seen) => {
    if (seen.some((one) => one.isIntersecting) && table.rows.left > 0 && !table.busy) table.more(table.rows.count + STEP, false);
  }, { rootMargin: '600px' });
  if (query) watch.observe(foot);
  return { node: table.node, table, end() { watch.disconnect(); end(); } };
}
