/** <wenban-chat>: the widget in a shadow tree of its own. Nothing of the page gets in, nothing of the widget gets out. */
import { render } from 'preact';
import { type ClientListener, DirectLineClient } from './directline/client.ts';
import { browserStore, type KeyValueStore, memoryStore } from './directline/storage.ts';
import { idleSeconds, Presence } from './kiosk/presence.ts';
import { ChatStore } from './state/store.ts';
import { type Locale, localeOf, stringsFor } from './strings/strings.ts';
import { adoptStyles } from './styles/styles.ts';
import { App } from './ui/app.tsx';
import type { Actions } from './ui/context.ts';
import { PERSON_WORDS } from './ui/message.tsx';

/** Messages may arrive unasked (a person answers) this long after the last visit: then the page connects by itself. */
const RECENT = 2 * 60 * 60 * 1000;

/** What shows that somebody stands at a public terminal; `input`: a keyboard on the screen presses no keys. */
const TOUCHES = ['pointerdown', 'pointermove', 'keydown', 'input', 'wheel', 'touchstart'] as const;

/** Where widget.js was loaded from: the server to talk to unless the page names another. */
const scriptOrigin = ((): string => {
  const source = (document.currentScript as HTMLScriptElement | null)?.src;
  return source ? new URL(source).origin : location.origin;
})();

/**
 * Attributes: endpoint (default: the script's origin), locale (zh-CN, en), mode ("elder"; "kiosk", which is read once), idle (seconds of
 * silence at a kiosk), audience (natural_person, enterprise), open, user-token (a Direct Line token that the page's own server generated;
 * none at a kiosk, where everybody is somebody else). Methods: show(), hide(), ask(text). Events: wenban-open, wenban-close.
 */
export class WenbanChat extends HTMLElement {
  static readonly observedAttributes = ['open', 'locale', 'mode'];

  #root: HTMLElement | undefined;
  #client: DirectLineClient | undefined;
  /** Set while this is a public terminal. */
  #presence: Presence | undefined;
  /** Grows when a public terminal is cleared. */
  #visit = 0;
  #preferences: KeyValueStore = memoryStore();
  readonly #store = new ChatStore(() => this.#draw());
  readonly #touched = (): void => this.#presence?.touched();
  readonly #leaving = (): void => this.#client?.leave();
  readonly #online = (): void => (this.#client?.hasConversation || this.#store.state.open ? this.#client?.hurry() : undefined);
  readonly #offline = (): void => this.#client?.lost();

  connectedCallback(): void {
    if (!this.#root) {
      const shadow = this.attachShadow({ mode: 'open', delegatesFocus: false });
      adoptStyles(shadow);
      this.#root = document.createElement('div');
      this.#root.className = 'mount';
      shadow.append(this.#root);
      // Keys typed into the chat are no shortcuts of the page.
      for (const type of ['keydown', 'keyup', 'keypress']) shadow.addEventListener(type, (event) => event.stopPropagation());
    }
    if (!this.#client) this.#begin();
    this.#store.set({ outbox: this.#client?.outbox ?? [] });
    window.addEventListener('online', this.#online);
    window.addEventListener('offline', this.#offline);
    if (this.#presence) this.#watchTerminal(this.#presence);
    if (this.hasAttribute('open') || this.#presence) this.show();
    else if (this.#client?.hasConversation && Date.now() - Number(this.#preferences.get('visited') ?? 0) < RECENT) this.#client.connect();
    this.#draw();
  }

  disconnectedCallback(): void {
    window.removeEventListener('online', this.#online);
    window.removeEventListener('offline', this.#offline);
    window.removeEventListener('pagehide', this.#leaving);
    for (const type of TOUCHES) window.removeEventListener(type, this.#touched, { capture: true });
    this.#presence?.stop();
    this.#client?.close();
  }

  attributeChangedCallback(name: string): void {
    if (!this.#client) return;
    if (name === 'open' && !this.#presence) this.#setOpen(this.hasAttribute('open'));
    this.#draw();
  }

  /** Opens the chat. */
  show(): void {
    this.#setOpen(true);
  }

  /** Minimises the chat. */
  hide(): void {
    if (!this.#presence) this.#setOpen(false);
  }

  /** Opens the chat and asks a question in the citizen's name. */
  ask(text: string): void {
    this.show();
    const words = text.trim();
    if (words !== '') this.#actions.say(words);
  }

  get #endpoint(): string {
    return (this.getAttribute('endpoint') || scriptOrigin).replace(/\/+$/, '');
  }

  get #locale(): Locale {
    return localeOf(this.#preferences.get('locale') ?? this.getAttribute('locale'));
  }

  get #elder(): boolean {
    if (this.#presence) return true;
    return (this.#preferences.get('mode') ?? this.getAttribute('mode')) === 'elder';
  }

  /** A public terminal writes nothing down: all of it lives in this page's memory. */
  #begin(): void {
    const kiosk = this.getAttribute('mode') === 'kiosk';
    this.#preferences = kiosk ? memoryStore() : browserStore('wenban:');
    this.#client = this.#makeClient(kiosk);
    if (!kiosk) return;
    this.#presence = new Presence({
      idleSeconds: idleSeconds(this.getAttribute('idle')),
      now: Date.now,
      changed: () => this.#draw(),
      left: () => this.#clear(),
    });
  }

  #watchTerminal(presence: Presence): void {
    for (const type of TOUCHES) window.addEventListener(type, this.#touched, { capture: true, passive: true });
    window.addEventListener('pagehide', this.#leaving);
    presence.start();
  }

  /** The next citizen finds nothing of the one before: not on the screen, not in the page, and the conversation is over on the server. */
  #clear(): void {
    this.#visit++;
    this.#preferences = memoryStore();
    this.#client?.leave();
    this.#client?.connect();
    this.#presence?.cleared();
  }

  #makeClient(kiosk: boolean): DirectLineClient {
    return new DirectLineClient({
      endpoint: this.#endpoint,
      store: kiosk ? memoryStore() : browserStore(`wenban:${this.#endpoint}:`),
      userToken: kiosk ? undefined : (this.getAttribute('user-token') ?? undefined),
      locale: () => this.#locale,
      fetch: (url, init) => fetch(url, init),
      socket: typeof WebSocket === 'undefined' ? undefined : (url) => new WebSocket(url),
      now: Date.now,
      random: Math.random,
      newId: randomId,
      listener: this.#listener,
    });
  }

  readonly #listener: ClientListener = {
    onActivities: (activities) => {
      if (activities.some(({ channelData }) => channelData?.origin === 'human')) this.#presence?.spokenTo();
      this.#store.onActivities(activities);
    },
    onTransient: (activity) => this.#store.onTransient(activity),
    onState: (state) => this.#store.onState(state),
    onOutbox: (items) => this.#store.onOutbox(items),
    onReset: () => this.#store.onReset(),
  };

  #setOpen(open: boolean): void {
    if (open === this.#store.state.open) return;
    this.#store.setOpen(open);
    if (open) this.#client?.connect();
    this.toggleAttribute('open', open);
    this.dispatchEvent(new CustomEvent(open ? 'wenban-open' : 'wenban-close'));
  }

  #remember(key: string, value: string): void {
    this.#preferences.set(key, value);
    this.#draw();
  }

  readonly #send: DirectLineClient['send'] = (activity, file) => {
    this.#preferences.set('visited', String(Date.now()));
    const audience = this.getAttribute('audience');
    const channelData = { ...activity.channelData, ...(audience === null ? {} : { audience }) };
    return this.#client?.send({ ...activity, channelData }, file) ?? '';
  };

  readonly #actions: Actions = {
    say: (text, value) => void this.#send({ type: 'message', text, ...(value === undefined ? {} : { value }) }),
    event: (name, value) => void this.#send({ type: 'event', name, value }),
    upload: (file) => {
      const contentType = file.type || 'application/octet-stream';
      void this.#send({ type: 'message', attachments: [{ contentType, contentUrl: URL.createObjectURL(file), name: file.name }] }, file);
    },
    typing: () => this.#client?.typing(),
    retry: (id) => this.#client?.retry(id),
    discard: (id) => this.#client?.discard(id),
    requestPerson: () => void this.#send({ type: 'message', text: PERSON_WORDS }),
    setElder: (elder) => this.#remember('mode', elder ? 'elder' : 'standard'),
    setLocale: (locale) => {
      this.#remember('locale', locale);
      // Nothing said yet: the greeting comes again, in the new language.
      if (!this.#store.state.activities.some((activity) => activity.from.role === 'user')) this.#client?.restart();
    },
    open: () => this.show(),
    minimise: () => this.hide(),
    restart: () => (this.#presence ? this.#clear() : this.#client?.restart()),
    stay: () => this.#presence?.stays(),
    reconnect: () => this.#client?.hurry(),
  };

  #draw(): void {
    if (!this.#root) return;
    const locale = this.#locale;
    const kiosk = this.#presence !== undefined;
    const chat = { t: stringsFor(locale), locale, elder: this.#elder, kiosk, actions: this.#actions, endpoint: this.#endpoint };
    render(<App chat={chat} state={this.#store.state} visit={this.#visit} remaining={this.#presence?.remaining} />, this.#root);
  }
}

/** 128 random bits; crypto.randomUUID exists on https pages only. */
function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
