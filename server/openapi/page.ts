/** The browsable API page: Swagger UI from this server, under a policy that lets nothing else in. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type RequestHandler, Router } from 'express';

export const API_PAGE_PATH = '/api';
/** Where the page's own files lie; /api/messages is the Bot Framework's. */
const FILES_PATH = '/api/ui';

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // Swagger UI's icons stand in its style sheet.
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const page = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>问办接口 · Wenban API</title>
<link rel="stylesheet" href="${FILES_PATH}/swagger-ui.css">
<link rel="stylesheet" href="${FILES_PATH}/page.css">
<link rel="icon" href="data:,">
</head>
<body>
<header>
<h1>问办接口 <span lang="en">Wenban API</span></h1>
<p>机器可读的描述 <span lang="en">machine-readable</span>：<a href="/openapi.json">/openapi.json</a>（OpenAPI 3.1）。需要登录或令牌的接口在这里只能看。</p>
</header>
<div id="api" aria-busy="true"></div>
<noscript><p>这个页面要用 JavaScript；不用它时请看 <a href="/openapi.json">/openapi.json</a>。</p></noscript>
<script src="${FILES_PATH}/swagger-ui-bundle.js"></script>
<script src="${FILES_PATH}/page.js"></script>
</body>
</html>
`;

/** Only reading is tried out from here: what changes something is for programs. Swagger UI leaves out some names that screen readers need. */
const script = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#api',
  docExpansion: 'list',
  defaultModelsExpandDepth: -1,
  displayRequestDuration: true,
  filter: true,
  supportedSubmitMethods: ['get'],
  validatorUrl: null,
  onComplete: () => {
    const api = document.getElementById('api');
    for (const [selector, attributes] of [
      ['.info .title', { 'aria-level': '2' }],
      ['.information-container', { role: 'region', 'aria-label': '说明 · About' }],
      ['.filter', { role: 'search', 'aria-label': '查找 · Filter' }],
      ['.operation-filter-input', { 'aria-label': '按分组查找 · Filter by tag' }],
    ])
      for (const [name, value] of Object.entries(attributes)) api.querySelector(selector)?.setAttribute(name, value);
    api.removeAttribute('aria-busy');
  },
});
`;

/** The greys and colours of Swagger UI, dark enough to be read (WCAG 2.2, 1.4.3). */
const style = `body { margin: 0; background: #fff; color: #1c2526; font-family: system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; }
header, noscript p { max-width: 1460px; margin: 0 auto; padding: 16px 20px 0; }
h1 { margin: 0; font-size: 26px; }
h1 span[lang] { color: #4a5758; font-weight: 400; }
a, .swagger-ui .info a, .swagger-ui .info .base-url, .swagger-ui .link, .swagger-ui .link .url, .swagger-ui .info .link { color: #0b5f6b; }
.swagger-ui .btn.authorize { border-color: #1d6b3f; color: #1d6b3f; }
.swagger-ui .btn.authorize svg { fill: #1d6b3f; }
.swagger-ui .info { margin: 16px 0; }
.swagger-ui .info .title, .swagger-ui .info hgroup.main a { font-size: 20px; }
.swagger-ui .info .title small { background: #4a5758; }
.swagger-ui .info .title small.version-stamp { background: #2c5c1f; }
.swagger-ui, .swagger-ui .opblock .opblock-summary-description, .swagger-ui .opblock-tag small, .swagger-ui .parameter__type,
.swagger-ui .parameter__in, .swagger-ui .response-col_links, .swagger-ui .model, .swagger-ui .markdown p { color: #1c2526; }
.swagger-ui .opblock .opblock-summary-method { text-shadow: none; }
.swagger-ui .opblock.opblock-get .opblock-summary-method { background: #1c5aa0; }
.swagger-ui .opblock.opblock-post .opblock-summary-method { background: #1d6b3f; }
.swagger-ui .opblock.opblock-put .opblock-summary-method { background: #8a5300; }
.swagger-ui .opblock.opblock-patch .opblock-summary-method { background: #0b5f6b; }
.swagger-ui .opblock.opblock-delete .opblock-summary-method { background: #ac2b22; }
.swagger-ui input[type=text] { border-color: #6b7a7b; color: #1c2526; }
:focus-visible { outline: 3px solid #0b5f6b; outline-offset: 2px; }
@media (max-width: 700px) { .swagger-ui .opblock .opblock-summary { flex-wrap: wrap; } .swagger-ui .wrapper { padding: 0 8px; } }
`;

/** GET /api and its files. Swagger UI's own are read from its package when somebody asks for them. */
export function apiPage(): Router {
  const router = Router();
  const guard: RequestHandler = (_request, response, next) => {
    response.set({ 'Content-Security-Policy': policy, 'Referrer-Policy': 'no-referrer', 'Cache-Control': 'public, max-age=3600' });
    next();
  };
  let folder: string | undefined;
  router.get(API_PAGE_PATH, guard, (_request, response) => void response.type('html').send(page));
  router.get(`${FILES_PATH}/page.js`, guard, (_request, response) => void response.type('js').send(script));
  router.get(`${FILES_PATH}/page.css`, guard, (_request, response) => void response.type('css').send(style));
  router.get([`${FILES_PATH}/swagger-ui.css`, `${FILES_PATH}/swagger-ui-bundle.js`], guard, (request, response) => {
    folder ??= dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
    response.sendFile(join(folder, request.path.slice(FILES_PATH.length + 1)));
  });
  return router;
}
