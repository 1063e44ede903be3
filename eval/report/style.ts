/** The report's look: one column on a phone, two charts side by side on a screen, black on white on paper. */
export const style = `
:root{color-scheme:light;--ink:#1c2b33;--muted:#5a6b73;--line:#d9e0e3;--grid:#e8edef;--edge:#9fb0b7;--soft:#f4f7f8;--paper:#fff;--accent:#0b5d70;--range:#7fb7c4;--cell:#2f8f9f;--good:#1b7a43;--bad:#b3261e;--warn:#8a5a00}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;--ink:#e4ebee;--muted:#a5b5bc;--line:#37454d;--grid:#2a363d;--edge:#5d7079;--soft:#1c262c;--paper:#12191d;--accent:#7cc4d4;--range:#3f7f8d;--cell:#3b9fb0;--good:#6fd09a;--bad:#ff9c94;--warn:#f0c36a}}
*{box-sizing:border-box}
body{margin:0;font:15px/1.55 "PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans SC","Noto Sans CJK SC",system-ui,sans-serif;color:var(--ink);background:var(--paper)}
html[data-lang=zh] [lang=en]:not(html),html[data-lang=en] [lang=zh]:not(html){display:none}
header{display:flex;justify-content:space-between;align-items:flex-start;gap:16px;padding:20px clamp(14px,4vw,40px);border-bottom:3px solid var(--accent)}
h1{font-size:24px;margin:0;line-height:1.3}h2{font-size:20px;margin:0 0 6px;line-height:1.4}h3{font-size:16px;margin:26px 0 8px}
main{max-width:1180px;margin:0 auto;padding:8px clamp(14px,4vw,40px) 60px}
section{padding-top:28px}section.suite{border-top:1px solid var(--line);margin-top:34px}
.muted{color:var(--muted);margin:2px 0 12px}small{display:block;color:var(--muted);font-size:12px;font-weight:400;line-height:1.4}
code{font:13px/1.4 ui-monospace,"SF Mono",Consolas,monospace}
button{font:inherit;border:1px solid var(--line);background:var(--paper);color:var(--accent);border-radius:8px;padding:6px 12px;cursor:pointer;white-space:nowrap}
button:hover{background:var(--soft)}button.link{border:0;padding:0;background:none;text-decoration:underline;white-space:normal;text-align:left}
:focus-visible{outline:3px solid var(--range);outline-offset:2px}
a{color:var(--accent)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14px}
th,td{padding:7px 10px;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
thead th{font-size:13px;color:var(--muted);font-weight:600;border-bottom:2px solid var(--line);white-space:nowrap}
tbody th{font-weight:500}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.value{font-weight:600}tr.first{background:var(--soft)}tr.first td.value{font-size:18px}
td.ci{min-width:130px}.bar{width:120px;height:16px;display:block}
.bar .axis{stroke:var(--line);stroke-width:2}.bar .range{stroke:var(--range);stroke-width:5;stroke-linecap:round}.bar .dot{fill:var(--accent)}
.chip{display:inline-block;font-size:12px;font-weight:600;padding:1px 9px;border-radius:99px;border:1px solid currentColor;vertical-align:2px;white-space:nowrap}
.chip.pass,.chip.improved,.up{color:var(--good)}.chip.fail,.chip.error,.chip.regressed,.down{color:var(--bad)}.chip.inconclusive{color:var(--warn)}.chip.same{color:var(--muted)}
tr.worse td:last-child{color:var(--bad)}tr.better td:last-child{color:var(--good)}tr.too_few{color:var(--muted)}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,400px),1fr));gap:18px;margin-top:22px}
figure{margin:0;border:1px solid var(--line);border-radius:12px;padding:12px 14px;min-width:0}figure.wide{grid-column:1/-1}
figcaption{font-weight:600;margin-bottom:4px}
.chart{width:100%;height:auto;display:block}.chart .grid{stroke:var(--grid)}.tick{font-size:11px;fill:var(--muted)}.title{font-size:12px;fill:var(--muted)}
.line{fill:none;stroke-width:2.2}.line.risk{stroke:var(--accent)}.line.false{stroke:var(--bad);stroke-dasharray:6 4}.mark{stroke:var(--ink);stroke-width:1.2}.diagonal{stroke:var(--edge);stroke-dasharray:3 4}.bin{fill:var(--accent);fill-opacity:.75}
.matrix .right{fill:var(--cell)}.matrix .wrong{fill:var(--bad)}.matrix .count{font-size:9px;fill:var(--ink)}
.legend{font-size:13px;color:var(--muted);display:flex;gap:6px 14px;flex-wrap:wrap;align-items:center}.key{display:inline-block;width:18px;border-top:3px solid var(--accent)}.key.false{border-top:3px dashed var(--bad)}
figure label{display:flex;gap:10px;align-items:center;font-size:13px;margin-top:8px}input[type=range]{flex:1;accent-color:var(--accent);min-width:0}
output{display:block;font-size:14px;margin-top:4px;min-height:3em}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:0 28px}
td.share{width:40%;min-width:80px}td.share span{display:block;height:12px;margin-top:5px;border-radius:3px;background:var(--accent)}
details{border:1px solid var(--line);border-radius:10px;margin:8px 0;padding:0 12px}summary{cursor:pointer;padding:8px 0}
.flips ul{padding-left:18px;margin:0 0 10px}.sides{display:grid;grid-template-columns:1fr 1fr;gap:12px;font-size:13px;white-space:pre-wrap;overflow-wrap:anywhere;margin:2px 0 10px;background:var(--soft);padding:8px;border-radius:8px}
.filters{display:flex;flex-wrap:wrap;gap:8px;margin-bottom:6px}.filters select,.filters input{font:inherit;padding:6px 8px;border:1px solid var(--edge);border-radius:8px;background:var(--paper);color:inherit;max-width:100%}.filters input{flex:1;min-width:140px}
.case summary{display:flex;gap:10px;align-items:baseline}.case summary .text{flex:1;overflow-wrap:anywhere}.case .state{font-weight:700;width:1.2em;text-align:center}.case.pass .state{color:var(--good)}.case.fail .state,.case.error .state{color:var(--bad)}
.case .body{border-top:1px solid var(--line);padding:10px 0 12px;font-size:14px}.case dl{display:grid;grid-template-columns:minmax(84px,auto) 1fr;gap:6px 14px;margin:0}.case dt{color:var(--muted)}.case dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;min-width:0}
.coverage ul{columns:2 320px;margin:0 0 10px;padding-left:20px}.case dd .sub{border-left:3px solid var(--line);padding-left:10px;margin:0 0 8px}
.overview .kind,.overview td:nth-child(2){white-space:nowrap}
@media(max-width:900px){.overview .kind{display:none}}
@media(max-width:560px){.overview .metric code,.overview .extra,.bar{display:none}.overview table{font-size:13px}td.ci{min-width:0}h1{font-size:20px}th,td{padding:6px 7px}.sides{grid-template-columns:1fr}.case dl{grid-template-columns:1fr;gap:0}.case dd{margin-bottom:8px}.case summary code{display:none}}
@media print{header{border-bottom-width:1px}button,.filters,figure label,output,.mark,.more{display:none}section.suite{break-before:page}figure,tr,details{break-inside:avoid}main{max-width:none}body{font-size:11pt}.overview .kind{display:none}.overview table{font-size:9pt}.overview th,.overview td{padding:4px 5px}a{color:inherit;text-decoration:none}}
`;
