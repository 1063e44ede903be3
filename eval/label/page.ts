/** The page for labelling: one fact at a time, by keyboard, light and dark, read out by screen readers. */
import { escapeHtml } from '../report/html.ts';
import { both } from '../report/words.ts';

const style = `
:root{color-scheme:light dark;--ink:#1c2b33;--muted:#53656e;--line:#c9d3d8;--soft:#f1f5f6;--paper:#fff;--accent:#0b5d70;--onaccent:#fff;--fact:#fff6da}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf0;--muted:#a3b4bc;--line:#3b4a52;--soft:#1d272d;--paper:#12191d;--accent:#7cc4d4;--onaccent:#0b2a33;--fact:#3a3212}}
*{box-sizing:border-box}body{margin:0;font:17px/1.65 "PingFang SC","Microsoft YaHei","Noto Sans SC",system-ui,sans-serif;color:var(--ink);background:var(--paper)}
html[data-lang=zh] [lang=en]:not(html),html[data-lang=en] [lang=zh]:not(html){display:none}
main{max-width:860px;margin:0 auto;padding:18px clamp(14px,4vw,32px) 60px}
header{display:flex;gap:14px;align-items:center;justify-content:space-between;flex-wrap:wrap}
h1{font-size:20px;margin:0}h2{font-size:14px;color:var(--muted);margin:18px 0 4px;font-weight:600}
progress{width:100%;height:10px;accent-color:var(--accent);margin-top:10px}
.muted{color:var(--muted);font-size:14px}
blockquote{margin:0;padding:12px 16px;border-left:4px solid var(--line);background:var(--soft);border-radius:0 10px 10px 0;white-space:pre-wrap;overflow-wrap:anywhere;max-height:32vh;overflow:auto}
#fact{border-left-color:var(--accent);background:var(--fact);font-weight:600;font-size:19px;max-height:none}
.keys{display:grid;grid-template-columns:repeat(auto-fit,minmax(108px,1fr));gap:10px;margin-top:20px}
button{font:inherit;padding:10px 11px;border:1.5px solid var(--line);border-radius:10px;background:var(--paper);color:var(--ink);cursor:pointer;text-align:left}
button:hover{background:var(--soft)}.keys button.main{border-color:var(--accent)}header button{padding:4px 12px;font-size:14px}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
kbd{font:600 14px ui-monospace,Consolas,monospace;border:1px solid var(--line);border-bottom-width:2px;border-radius:5px;padding:1px 7px;margin-right:8px;background:var(--soft)}
.problem{color:#b3261e;font-weight:600}@media(prefers-color-scheme:dark){.problem{color:#ff9c94}}
#said{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
[hidden]{display:none!important}
`;

const script = `
(() => {
  const root = document.documentElement;
  const $ = (id) => document.getElementById(id);
  const zh = () => root.dataset.lang === 'zh';
  const t = (a, b) => (zh() ? a : b);
  const names = { yes: ['说了', 'said'], no: ['没说', 'not said'], contradicts: ['说反了', 'contradicts'], unclear: ['看不准', 'unclear'] };
  let items = [];
  let labels = {};
  let skipped = [];
  let past = [];
  let current;
  let busy = false;
  const open = () => items.find((item) => !(item.key in labels) && !skipped.includes(item.key)) || items.find((item) => !(item.key in labels));
  const show = (told) => {
    current = open();
    const done = items.filter((item) => item.key in labels).length;
    $('bar').max = Math.max(1, items.length);
    $('bar').value = done;
    $('count').textContent = done + ' / ' + items.length;
    $('work').hidden = !current;
    $('done').hidden = Boolean(current);
    if (current) {
      $('question').textContent = current.question;
      $('answer').textContent = current.answer;
      $('answer').scrollTop = 0;
      $('fact').textContent = current.fact;
      $('from').textContent = current.suite + ' · ' + current.caseId;
    }
    $('undo').disabled = past.length === 0;
    $('said').textContent = (told ? told + t('。', '. ') : '') + (current ? t('要点：', 'Fact: ') + current.fact : t('全部标完了', 'everything is labelled'));
  };
  const send = async (key, verdict) => {
    const answer = await fetch('labels', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ key, verdict }) });
    if (!answer.ok) throw new Error(String(answer.status));
  };
  const guarded = async (work) => {
    if (busy) return;
    busy = true;
    try {
      await work();
      $('problem').hidden = true;
    } catch {
      $('problem').hidden = false;
    } finally {
      busy = false;
    }
  };
  const label = (verdict) => guarded(async () => {
    if (!current) return;
    const { key } = current;
    await send(key, verdict);
    labels[key] = verdict;
    past.push(key);
    skipped = skipped.filter((one) => one !== key);
    show(t(...names[verdict]));
  });
  const undo = () => guarded(async () => {
    const key = past[past.length - 1];
    if (key === undefined) return;
    await send(key, null);
    past.pop();
    delete labels[key];
    // What was taken back is asked again at once.
    skipped = skipped.filter((one) => one !== key);
    items = [items.find((item) => item.key === key), ...items.filter((item) => item.key !== key)];
    show(t('已撤回', 'taken back'));
  });
  const skip = () => guarded(async () => {
    if (!current) return;
    skipped = [...skipped.filter((one) => one !== current.key), current.key];
    if (items.filter((item) => !(item.key in labels)).every((item) => skipped.includes(item.key))) skipped = [current.key];
    show(t('已跳过', 'skipped'));
  });
  const keys = { y: () => label('yes'), n: () => label('no'), c: () => label('contradicts'), u: () => label('unclear'), z: undo, s: skip };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = event.key === 'Backspace' ? undo : keys[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
  document.querySelectorAll('[data-key]').forEach((button) => button.addEventListener('click', () => keys[button.dataset.key]()));
  $('language').addEventListener('click', () => {
    root.dataset.lang = zh() ? 'en' : 'zh';
    root.lang = root.dataset.lang;
    $('language').textContent = t('English', '中文');
    show();
  });
  fetch('queue').then((answer) => answer.json()).then((queue) => {
    items = queue.items;
    labels = queue.labels;
    show();
  }).catch(() => { $('problem').hidden = false; });
})();
`;

const key = (name: string, zh: string, en: string, main = false): string =>
  `<button type="button" data-key="${name}" id="${name === 'z' ? 'undo' : `key-${name}`}"${main ? ' class="main"' : ''} aria-keyshortcuts="${name}"><kbd aria-hidden="true">${name.toUpperCase()}</kbd>${both(zh, en)}</button>`;

/** The page; what it shows it asks its server for. `nonce` lets its own script run and no other. */
export function labelPage(nonce: string): string {
  return `<!doctype html>
<html lang="zh" data-lang="zh">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>问办评测：标注 · Wenban labels</title>
<style nonce="${escapeHtml(nonce)}">${style}</style>
</head>
<body>
<main>
<header><h1>${both('这条要点，回答里说了吗？', 'Does the answer say this?')}</h1><button type="button" id="language">English</button></header>
<progress id="bar" value="0" max="1" aria-label="进度 progress"></progress>
<p class="muted"><span id="count"></span> · <span id="from"></span></p>
<p id="said" role="status" aria-live="polite"></p>
<p id="problem" class="problem" role="alert" hidden>${both('没有存上，请再按一次；如果窗口里的命令已经停了，请重新运行。', 'Not saved. Press again; if the command has ended, run it again.')}</p>
<div id="work" hidden>
<h2>${both('问题', 'Question')}</h2><blockquote id="question"></blockquote>
<h2>${both('回答', 'Answer')}</h2><blockquote id="answer" tabindex="0"></blockquote>
<h2>${both('要点', 'Fact')}</h2><blockquote id="fact"></blockquote>
<div class="keys">
${key('y', '说了', 'said', true)}
${key('n', '没说', 'not said', true)}
${key('c', '说反了', 'contradicts', true)}
${key('u', '看不准', 'can’t tell')}
${key('s', '先跳过', 'skip')}
${key('z', '撤回', 'undo')}
</div>
</div>
<p id="done" hidden>${both('都标完了，可以关掉这一页。下次评测会用上这些标注。', 'Everything is labelled; this page can be closed. The next run uses the labels.')}</p>
</main>
<script nonce="${escapeHtml(nonce)}">${script}</script>
</body>
</html>
`;
}
