// Requests of the panel to the server, in the language of the browser; looking again and again, or being told.
const AGAIN_MS = 5000;

export class Refused extends Error {}

// Returns what the server replies; throws `Refused` with its reason, or another error without a reply.
export async function ask(address, { method = 'GET', body } = {}) {
  const url = `${address}${address.includes('?') ? '&' : '?'}lang=${encodeURIComponent(navigator.language)}`;
  const sent = body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  const reply = await fetch(url, { method, ...sent });
  if (reply.ok) return reply.status === 204 ? null : reply.json();
  const told = await reply.json().catch(() => ({}));
  const refused = new Refused(typeof told.detail === 'string' ? told.detail : '');
  refused.status = reply.status;
  throw refused;
}

// Calls `look` at once and then every `everyMs`, one after another, while `wanted()` is true and the
// window is visible; `stop()` ends it.
export function lookAgain(look, everyMs, wanted) {
  let timer = 0;
  let ended = false;
  async function run() {
    clearTimeout(timer);
    if (ended) return;
    if (!document.hidden && wanted()) await look().catch(() => {});
    clearTimeout(timer);
    if (!ended) timer = setTimeout(run, everyMs);
  }
  const shown = () => { if (!document.hidden) run(); };
  document.addEventListener('visibilitychange', shown);
  run();
  return { now: run, stop() { ended = true; clearTimeout(timer); document.removeEventListener('visibilitychange', shown); } };
}

// Hears what the server tells of a topic (`/api/events`) while the window is visible; `tell` is given
// the values of each event, `offline` whether the server is out of reach; `stop()` ends it.
export function follow(topic, event, tell, offline) {
  let source = null;
  let timer = 0;
  function listen() {
    if (source || document.hidden) return;
    source = new EventSource(`/api/events?topic=${topic}&lang=${encodeURIComponent(navigator.language)}`);
    source.addEventListener(event, (told) => tell(JSON.parse(told.data)));
    source.addEventListener('open', () => offline(false));
    source.addEventListener('error', refused);
  }
  function refused() {
    offline(true);
    if (!source || source.readyState !== EventSource.CLOSED) return;
    end();
    timer = setTimeout(listen, AGAIN_MS);
  }
  function end() {
    clearTimeout(timer);
    if (source) source.close();
    source = null;
  }
  const shown = () => (document.hidden ? end() : listen());
  document.addEventListener('visibilitychange', shown);
  listen();
  return { stop() { document.removeEventListener('visibilitychange', shown); end(); } };
}
