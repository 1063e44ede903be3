/** The page somebody sees whose single sign-on did not work out: what happened, and the way back. No script and no style, so no exception in the CSP. */

/** `words` are ours, never the provider's. */
export function signInPage(words: string): string {
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>没有登录成功 · 问办</title></head>
<body><main><h1>没有登录成功</h1><p>${words}</p><p><a href="/desk/">回到登录页</a></p></main></body></html>
`;
}
