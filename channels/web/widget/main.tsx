/// <reference path="../../../design/css.d.ts" />
/** widget.js: defines <wenban-chat> and puts one on the page when the page has none. */
import { WenbanChat } from './element.tsx';

const TAG = 'wenban-chat';

function start(): void {
  if (!document.querySelector(TAG)) document.body.append(document.createElement(TAG));
}

// A page may load the script twice; the first one counts.
if (!customElements.get(TAG)) {
  customElements.define(TAG, WenbanChat);
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
  else start();
}
