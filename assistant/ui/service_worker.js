// Keeps the files of the page that never change, and a page to show while the server is away. Music,
// pictures and answers always come from the server.
const CACHE = 'backbeat-{version}';
const OFFLINE = '/offline';
const LOGO = '/chat/public/favicon.svg';
const KEPT = /^\/chat\/assets\//; // their names change with their content

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([OFFLINE, LOGO])));
  self.skipWaiting();
});

self.addEventListener('activate', (event) => {
  const old = caches.keys().then((names) => names.filter((name) => name.startsWith('backbeat-') && name !== CACHE));
  event.waitUntil(old.then((names) => Promise.all(names.map((name) => caches.delete(name)))));
  self.clients.claim();
});

async function kept(request) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(request);
  if (found) return found;
  const reply = await fetch(request);
  if (reply.ok) cache.put(request, reply.clone());
  return reply;
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (request.mode === 'navigate') {
    event.respondWith(fetch(request).catch(async () => (await caches.match(OFFLINE)) || Response.error()));
  } else if (KEPT.test(pathname)) {
    event.respondWith(kept(request));
  } else if (pathname === LOGO) {
    event.respondWith(fetch(request).catch(() => caches.match(LOGO)));
  }
});
