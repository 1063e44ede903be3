/** What the report does when clicked: language, threshold slider, list of cases. Plain script for any browser; texts go in as text, never as markup. */
export const script = `
(() => {
  const root = document.documentElement;
  const words = JSON.parse(document.getElementById('words').textContent);
  const zh = () => root.dataset.lang === 'zh';
  const t = (a, b) => (zh() ? a : b);
  const el = (tag, props, ...children) => {
    const node = Object.assign(document.createElement(tag), props);
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  };
  const say = (value) => (typeof value === 'string' ? value : JSON.stringify(value));

  const language = document.getElementById('language');
  const setLanguage = (lang) => {
    root.dataset.lang = lang;
    root.lang = lang;
    language.textContent = lang === 'zh' ? 'English' : '中文';
    document.querySelectorAll('figure.curve input').forEach((input) => input.dispatchEvent(new Event('input')));
    document.querySelectorAll('.cases').forEach((box) => box.draw && box.draw());
  };
  language.addEventListener('click', () => setLanguage(zh() ? 'en' : 'zh'));

  const percent = (share) => (share * 100).toFixed(1) + '%';
  document.querySelectorAll('figure.curve').forEach((figure) => {
    const points = JSON.parse(figure.dataset.points);
    const mark = figure.querySelector('.mark');
    const output = figure.querySelector('output');
    const input = figure.querySelector('input');
    input.addEventListener('input', () => {
      const point = points[Number(input.value)];
      if (!point) return;
      const x = Number(figure.dataset.left) + point[1] * Number(figure.dataset.width);
      mark.setAttribute('x1', x);
      mark.setAttribute('x2', x);
      const others = point[3] === null ? '' : t('；不可答的被答 ', '; unanswerable ones answered ') + percent(point[3]);
      output.textContent = t('置信度不低于 ', 'at a confidence of ') + point[0].toFixed(3) + t(' 才回答：覆盖 ', ' or more: coverage ') + percent(point[1]) + t('，答错 ', ', wrong ') + percent(point[2]) + others;
    });
  });

  const list = (box, cases) => {
    let shown = 20;
    const state = { status: cases.some((one) => one.status !== 'pass') ? 'bad' : 'all', fault: '', text: '' };
    const matches = (one) =>
      (state.status === 'all' || (state.status === 'bad' ? one.status !== 'pass' : one.status === state.status)) &&
      (state.fault === '' || one.fault === state.fault) &&
      (state.text === '' || (one.id + ' ' + one.input).toLowerCase().includes(state.text.toLowerCase()));
    const option = (value, label) => el('option', { value, textContent: label });
    box.draw = () => {
      const found = cases.filter(matches);
      const status = el('select', { ariaLabel: t('结果', 'result') }, option('all', t('全部', 'all')), option('bad', t('没通过', 'not passed')), option('fail', t('不对', 'failed')), option('error', t('出错', 'error')), option('pass', t('通过', 'passed')));
      status.value = state.status;
      status.onchange = () => { state.status = status.value; shown = 20; box.draw(); };
      const kinds = [...new Set(cases.map((one) => one.fault).filter(Boolean))];
      const fault = el('select', { ariaLabel: t('错因', 'fault') }, option('', t('任何错因', 'any fault')), ...kinds.map((kind) => option(kind, words[kind] ? t(words[kind][0], words[kind][1]) : kind)));
      fault.value = state.fault;
      fault.onchange = () => { state.fault = fault.value; shown = 20; box.draw(); };
      const search = el('input', { type: 'search', placeholder: t('搜索题目', 'search'), value: state.text });
      search.onchange = () => { state.text = search.value; shown = 20; box.draw(); };
      const filters = el('div', { className: 'filters' }, status, kinds.length > 0 ? fault : null, search, el('span', { className: 'muted', textContent: found.length + ' / ' + cases.length }));
      const rows = found.slice(0, shown).map(row);
      const more = found.length > shown ? el('button', { type: 'button', className: 'more', textContent: t('再看 100 例', '100 more') }) : null;
      if (more) more.onclick = () => { shown += 100; box.draw(); };
      box.replaceChildren(filters, ...rows, ...(more ? [more] : []));
    };
    box.choose = (fault) => { state.status = 'all'; state.fault = fault; shown = 20; box.draw(); box.scrollIntoView({ behavior: 'smooth', block: 'center' }); };
    box.draw();
  };

  const row = (one) => {
    const sign = one.status === 'pass' ? '✓' : one.status === 'error' ? '!' : '✗';
    const details = el('details', { className: 'case ' + one.status });
    const fault = one.fault && words[one.fault] ? t(words[one.fault][0], words[one.fault][1]) : '';
    details.append(el('summary', {}, el('span', { className: 'state', textContent: sign }), el('span', { className: 'text', textContent: one.input }), el('small', { textContent: fault }), one.id === one.input ? null : el('code', { textContent: one.id })));
    details.addEventListener('toggle', () => { if (details.open && details.children.length === 1) details.append(body(one)); });
    return details;
  };

  const names = { kind: ['方式', 'kind'], text: ['回答', 'answer'], cites: ['引用', 'cites'], passages: ['段落', 'passages'], ranking: ['排名', 'ranking'], turns: ['对话', 'turns'], missing: ['缺的要点', 'missing facts'], stated: ['说到的要点', 'stated facts'], forbidden: ['不该说的', 'forbidden'], unsupported: ['无出处的数字', 'unsupported'], notInReference: ['标准出处里没有的数字', 'not in the gold documents'], original: ['原问法', 'original'], facts: ['要点核对', 'facts'], judge: ['评判模型', 'judge'], judgeError: ['评判失败', 'judge failed'], late: ['超过轮数', 'too late'], found: ['检索到', 'found'], outcome: ['结局', 'outcome'], top: ['前几个意图', 'top labels'], offered: ['反问选项', 'offered'], reason: ['原因', 'reason'], commands: ['命令', 'commands'], timings: ['各步耗时（毫秒）', 'steps (ms)'], user: ['市民', 'citizen'], reply: ['回复', 'reply'], missed: ['没达到', 'missed'], source: ['出处', 'source'], payload: ['交接信息', 'payload'], covered: ['走过的步骤', 'steps seen'] };
  const label = (key) => (names[key] ? t(names[key][0], names[key][1]) : key);
  const body = (one) => {
    const dl = el('dl', {});
    const add = (key, value) => {
      if (value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)) return;
      dl.append(el('dt', { textContent: key }), el('dd', {}, shape(value)));
    };
    add(t('应为', 'expected'), one.expected);
    add(t('实际', 'actual'), one.actual);
    add(t('报错', 'error'), one.error);
    add(t('得分', 'scores'), Object.entries(one.scores).map(([key, value]) => key + ' ' + (value === null ? '–' : Math.round(value * 1000) / 1000)).join('   '));
    add(t('置信度', 'confidence'), one.confidence === undefined || one.confidence === null ? '' : one.confidence.toFixed(4));
    add(t('耗时', 'time'), one.latencyMs + ' ms');
    add(t('切片', 'slices'), Object.entries(one.slices).map((pair) => pair.join(': ')).join('   '));
    for (const [key, value] of Object.entries(one.detail || {})) add(label(key), value);
    return el('div', { className: 'body' }, dl);
  };
  const shape = (value) => {
    if (typeof value !== 'object') return String(value);
    if (Array.isArray(value)) {
      if (value.every((part) => typeof part !== 'object')) return value.join(', ');
      const box = el('div', {});
      value.forEach((part) => box.append(el('div', { className: 'sub' }, shape(part))));
      return box;
    }
    const box = el('div', {});
    for (const [key, part] of Object.entries(value)) {
      if (part === null || part === '' || (Array.isArray(part) && part.length === 0)) continue;
      box.append(el('div', {}, el('b', { textContent: label(key) + ': ' }), shape(part)));
    }
    return box.childNodes.length > 0 ? box : say(value);
  };

  document.querySelectorAll('.cases').forEach((box) => {
    const data = document.querySelector('script[data-cases="' + CSS.escape(box.dataset.suite) + '"]');
    list(box, JSON.parse(data.textContent));
  });
  document.querySelectorAll('button[data-fault]').forEach((button) => {
    button.addEventListener('click', () => document.querySelector('.cases[data-suite="' + CSS.escape(button.dataset.suite) + '"]').choose(button.dataset.fault));
  });
  setLanguage('zh');
})();
`;
