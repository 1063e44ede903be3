/** The chat page. What it knows lies in lib/; here it only meets the mini-program runtime. */
import { Session } from '../../lib/session.ts';
import { type Entry, View } from '../../lib/view.ts';
import type { Wx } from '../../lib/wx.ts';

interface Runtime extends Wx {
  setClipboardData(options: { data: string }): void;
  showToast(options: { title: string; icon: 'none' }): void;
  makePhoneCall(options: { phoneNumber: string }): void;
}
declare const wx: Runtime;
declare function getApp(): { globalData: { baseUrl: string; account?: string; hotline: string } };
declare function Page(page: object): void;

interface Tap {
  readonly currentTarget: {
    readonly dataset: {
      readonly value?: string;
      readonly title?: string;
      readonly url?: string;
      readonly score?: number;
      readonly id?: string;
    };
  };
}
interface Input {
  readonly detail: { readonly value: string };
  readonly currentTarget: { readonly dataset: { readonly id?: string; readonly kind?: string; readonly values?: readonly string[] } };
}
interface Data {
  entries: readonly Entry[];
  streaming: string;
  connection: string;
  draft: string;
  elder: boolean;
  last: string;
  form: Record<string, string>;
}
interface ChatPage {
  data: Data;
  setData(data: Partial<Data>): void;
  session: Session;
  view: View;
  say(text: string, value?: object): Promise<void>;
}

Page({
  data: { entries: [], streaming: '', connection: 'connecting', draft: '', elder: false, last: '', form: {} } satisfies Data,

  onLoad(this: ChatPage) {
    const { baseUrl, account } = getApp().globalData;
    this.view = new View();
    this.setData({ elder: wx.getStorageSync('elder') === true });
    this.session = new Session({
      wx,
      baseUrl,
      ...(account ? { account } : {}),
      onActivity: (activity) => {
        this.view.add(activity);
        const { entries, streaming } = this.view;
        this.setData({ entries: [...entries], streaming, last: `e${entries.length - 1}` });
      },
      onConnection: (connection) => this.setData({ connection }),
      newId: () => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`,
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    });
  },
  onShow(this: ChatPage) {
    this.session.show();
  },
  onHide(this: ChatPage) {
    this.session.hide();
  },
  onUnload(this: ChatPage) {
    this.session.hide();
  },

  async say(this: ChatPage, text: string, value?: object) {
    const sent = await this.session.send({ type: 'message', text, ...(value ? { value } : {}) });
    if (!sent) wx.showToast({ title: '没有发出去，请再试一次', icon: 'none' });
  },
  onDraft(this: ChatPage, event: Input) {
    this.setData({ draft: event.detail.value });
  },
  onSend(this: ChatPage) {
    const text = this.data.draft.trim();
    if (text === '') return;
    this.setData({ draft: '' });
    void this.say(text);
  },
  onReply(this: ChatPage, event: Tap) {
    void this.say(event.currentTarget.dataset.value ?? '');
  },
  onHuman(this: ChatPage) {
    void this.say('转人工');
  },
  onField(this: ChatPage, { detail, currentTarget }: Input) {
    const { id = '', kind, values } = currentTarget.dataset;
    this.setData({ form: { ...this.data.form, [id]: kind === 'choice' ? (values?.[Number(detail.value)] ?? '') : detail.value } });
  },
  onSubmit(this: ChatPage) {
    const filled = Object.entries(this.data.form).filter(([, value]) => value !== '');
    const fields = this.view.entries.at(-1)?.fields ?? [];
    const missing = fields.find(({ id, required }) => required && !this.data.form[id]);
    if (missing) return wx.showToast({ title: `请填写${missing.label}`, icon: 'none' });
    this.setData({ form: {} });
    void this.say(filled.map(([, value]) => value).join('，'), { wenbanForm: 'form', ...Object.fromEntries(filled) });
  },
  onRate(this: ChatPage, event: Tap) {
    void this.session.send({ type: 'event', name: 'rating.submit', value: { score: event.currentTarget.dataset.score ?? 5, tags: [] } });
  },
  onElder(this: ChatPage) {
    const elder = !this.data.elder;
    wx.setStorageSync('elder', elder);
    this.setData({ elder });
  },
  onLink(event: Tap) {
    // Outside pages open only where their domain is verified: the address can always be copied.
    wx.setClipboardData({ data: event.currentTarget.dataset.url ?? '' });
  },
  onCall() {
    wx.makePhoneCall({ phoneNumber: getApp().globalData.hotline });
  },
});
