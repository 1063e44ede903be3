/** Pages citizens open by a link: one self-contained HTML file each, for paper (A4), large type and the keyboard. */
import { createHash } from 'node:crypto';
import { escapeHtml } from '../eval/report/html.ts';

const style = `
:root{color-scheme:light}
body{max-width:48rem;margin:0 auto;padding:1.5rem 1rem 3rem;font:1.2rem/1.75 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif;color:#1a1a1a;background:#fff}
h1{font-size:1.7rem;line-height:1.35;margin:0 0 .5rem}
h2{font-size:1.35rem;margin:2rem 0 .5rem;border-bottom:2px solid #0b57a4;padding-bottom:.2rem}
h3{font-size:1.2rem;margin:1.5rem 0 .3rem}
p,ul,ol,dl{margin:.4rem 0}
li{margin:.35rem 0}
dt{font-weight:700;margin-top:.6rem}
dd{margin:0;white-space:pre-line}
.bring{list-style:none;padding-left:0}
.bring li{padding-left:2rem;text-indent:-2rem}
.bring li::before{content:"☐";display:inline-block;width:2rem;text-indent:0;font-size:1.3rem;line-height:1}
table{border-collapse:collapse;width:100%}
th,td{padding:.3rem .6rem;border-bottom:1px solid #ccc;text-align:left;vertical-align:top;font-weight:400;white-space:pre-wrap}
thead th{font-weight:700}
.note{color:#474747;font-size:1.05rem}
a{color:#0b57a4;overflow-wrap:anywhere}
a:focus-visible,button:focus-visible{outline:3px solid #0b57a4;outline-offset:3px}
button{font:inherit;padding:.5rem 1.4rem;border:0;border-radius:.4rem;background:#0b57a4;color:#fff;cursor:pointer}
@page{size:A4;margin:18mm 16mm}
@media print{body{max-width:none;padding:0;font-size:12.5pt;line-height:1.55}button{display:none}h2,h3{break-after:avoid}li,dd{break-inside:avoid}a[href]::after{content:"（" attr(href) "）"}a{color:inherit;text-decoration:none}}
`;
const script = `const b=document.querySelector("button");if(b){b.hidden=false;b.addEventListener("click",()=>print())}`;

const hash = (source: string) => `'sha256-${createHash('sha256').update(source).digest('base64')}'`;
/** Nothing is loaded from anywhere; only the style and the print button written here run. */
export const pageSecurity = `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

export const section = (title: string, content: string): string => `<section><h2>${escapeHtml(title)}</h2>${content}</section>`;
export const paragraph = (text: string): string => `<p>${escapeHtml(text)}</p>`;

/** A whole page; `body` is HTML already. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><main>
${body}
</main><script>${script}</script></body></html>
`;
}
