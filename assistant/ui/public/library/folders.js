// The folders of the music as a tree; beside it the tracks of the one that is chosen.
import { el, fill, icon } from '../player/dom.js';
import { counted, wordButton } from '../panel/parts.js';
import { ask } from '../panel/server.js';
import { library } from './address.js';
import { loading } from './album_page.js';
import { createTrackTable } from './track_table.js';

const AT_ONCE = 200;
const AT_MOST = 2000; // tracks of one folder that are listed

const address = (path, what = '') => `/api/browse/folders${what}?path=${encodeURIComponent(path)}`;
const folderOf = (path) => ask(address(path));

async function tracksIn(folder) {
  const tracks = [];
  while (tracks.length < Math.min(folder.files, AT_MOST)) {
    const found = await ask(`${address(folder.path, '/tracks')}&offset=${tracks.length}&limit=${AT_ONCE}`);
    if (!found.length) break;
    tracks.push(...found);
  }
  return tracks;
}

// One line of the tree and, once it is opened, those below it.
function createBranch(texts, folder, level, tree) {
  const group = el('ul', { role: 'group', hidden: true });
  const link = el('a', { class: 'bbl-folder', href: library('folders', folder.path), tabindex: -1, onclick: () => tree.chose(folder.path) },
    icon('folder'), el('span', { class: 'bbl-file' }, folder.name), el('span', { class: 'bbl-dim' }, folder.tracks.toLocaleString(texts.language)));
  link.style.paddingLeft = `${0.5 + level * 1.1}rem`;
  const node = el('li', { role: 'treeitem', 'aria-level': level + 1, 'aria-label': `${folder.name}, ${counted(texts, 'tracks', folder.tracks)}`, 'aria-selected': 'false' }, link, group);
  const branch = {
    node, link, path: folder.path, branches: [],
    get isOpen() { return !group.hidden; },
    async open() {
      if (!group.hidden) return;
      if (!group.children.length) {
        const found = await folderOf(folder.path);
        branch.branches = found.folders.map((each) => createBranch(texts, each, level + 1, tree));
        group.replaceChildren(...branch.branches.map((each) => each.node));
        branch.branches.forEach((each) => tree.byPath.set(each.path, each));
      }
      if (!branch.branches.length) return;
      group.hidden = false;
      node.setAttribute('aria-expanded', 'true');
    },
    close() {
      if (group.hidden) return;
      group.hidden = true;
      node.setAttribute('aria-expanded', 'false');
    },
  };
  return branch;
}

function createTree(texts) {
  const node = el('ul', { class: 'bbl-tree', role: 'tree', 'aria-label': texts.section_folders, onkeydown: press });
  const tree = { node, byPath: new Map(), chose: () => {} };
  const links = () => [...node.querySelectorAll('.bbl-folder')].filter((link) => link.checkVisibility());
  const branchOf = (link) => [...tree.byPath.values()].find((branch) => branch.link === link);

  function focus(link) {
    if (!link) return;
    node.querySelectorAll('.bbl-folder[tabindex="0"]').forEach((other) => { other.tabIndex = -1; });
    link.tabIndex = 0;
    link.focus();
  }

  function press(event) {
    const all = links();
    const at = all.indexOf(event.target);
    const branch = branchOf(event.target);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'ArrowDown') focus(all[at + 1]);
    else if (event.key === 'ArrowUp') focus(all[at - 1]);
    else if (event.key === 'Home') focus(all[0]);
    else if (event.key === 'End') focus(all.at(-1));
    else if (event.key === 'ArrowRight') branch.open();
    else if (event.key === 'ArrowLeft' && branch.isOpen) branch.close();
    else if (event.key === 'ArrowLeft') focus(branch.node.parentElement.closest('[role="treeitem"]')?.querySelector('.bbl-folder'));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  tree.select = (path) => {
    node.querySelectorAll('[aria-selected="true"]').forEach((other) => other.setAttribute('aria-selected', 'false'));
    const branch = tree.byPath.get(path);
    if (!branch) return;
    branch.node.setAttribute('aria-selected', 'true');
    node.querySelectorAll('.bbl-folder[tabindex="0"]').forEach((other) => { other.tabIndex = -1; });
    branch.link.tabIndex = 0;
    branch.link.scrollIntoView({ block: 'nearest' });
  };
  return tree;
}

export function createFolders(home, path) {
  const { texts, player, tables } = home;
  return loading(texts, async () => {
    const top = await folderOf('');
    if (!top.tracks) return { nodes: [el('h2', {}, texts.section_folders), el('div', { class: 'bbl-none' }, el('p', {}, texts.no_tracks), el('p', {}, texts.none_help))] };
    const chosen = path ? await folderOf(path) : top;
    const tree = createTree(texts);
    const root = createBranch(texts, top, 0, tree);
    tree.byPath.set('', root);
    tree.node.append(root.node);
    await root.open();
    const parts = path.split('/').filter(Boolean);
    for (let at = 1; at <= parts.length; at += 1) await tree.byPath.get(parts.slice(0, at).join('/'))?.open();

    const tracks = await tracksIn(chosen);
    const table = tracks.length ? createTrackTable(home, { name: chosen.name, id: `folder-${path}`, tracks, inOrder: true }) : null;
    const play = wordButton('play', texts.play_folder, async () => {
      const ids = await ask(address(path, '/below'));
      const known = new Map(tracks.map((track) => [track.id, track]));
      const list = ids.map((id) => known.get(id)).filter(Boolean);
      if (list.length === ids.length) player.play(Object.assign(list, { id: `folder-${path}` }), 0);
      else if (!(await player.playIds(ids))) tables.note(texts.failed);
    }, { main: true });
    const inside = chosen.folders.length && !tracks.length ? el('ul', { class: 'bbl-inside', 'aria-label': texts.folders_inside }, ...chosen.folders.map((each) => el('li', {}, el('a', { class: 'bbl-folder', href: library('folders', each.path) },
      icon('folder'), el('span', { class: 'bbl-file' }, each.name), el('span', { class: 'bbl-dim' }, counted(texts, 'tracks', each.tracks)))))) : null;
    const more = chosen.files > tracks.length ? el('p', { class: 'bbl-dim' }, fill(texts.folder_rest, { count: (chosen.files - tracks.length).toLocaleString(texts.language) })) : null;
    const up = path ? el('a', { class: 'bbl-link bbl-up', href: library('folders', parts.slice(0, -1).join('/')) }, fill(texts.folder_up, { name: parts.at(-2) || top.name })) : null;
    const right = el('div', { class: 'bbl-chosen' }, el('div', { class: 'bbl-heading' }, el('h2', {}, chosen.name), el('span', { class: 'bbl-dim' }, counted(texts, 'tracks', chosen.tracks)), el('span', { class: 'bbl-tools' }, play)), up, inside, table?.node, more);
    return { nodes: [el('div', { class: 'bbl-two' }, tree.node, right)], shown: () => tree.select(path), end: () => table?.end() };
  });
}
