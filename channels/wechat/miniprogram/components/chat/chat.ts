/** The chat as a component for any mini-program. What it knows lies in lib/; here it only meets the runtime. */
import { Session } from '../../lib/session.ts';
import { type Entry, View } from '../../lib/view.ts';
import type { Wx } from '../../lib/wx.ts';

declare const wx: Wx;
declare function Component(component: object): void;

interface Tap {
  readonly currentTarget: { readonly dataset: { readonly value?: string; readonly url?: string; readonly score?: number } };
}
interface Input {
  readonly detail: { readonly value: string };
  readonly currentTarget: { readonly dataset: { readonly id?: string; readonly kind?: string; readonly values?: readonly string[] } };
}
interface Data {
  baseUrl: string;
  account: string;
  hotline: string;
  entries: readonly Entry[];
  streaming: string;
  connection: string;
  draft: string;
  elder: boolean;
  last: string;
  form: Record<string, string>;
}
interface Chat {
  data: Data;
  setData(data: Partial<Data>): void;
  session: Session;
  view: View;
  say(text: string, value?: object): Promise<void>;
}
const toast = (title: string): void => wx.showToast({ title, icon: 'none' });

Component({
  properties: {
    /** https:// address of the Wenban server. */
    baseUrl: { type: String, value: '' },
    /** Id of the mini-program's account, when the server has several. */
    account: { type: String, value: '' },
    hotline: { type: String, value: '12345' },
    /** Offers to be told by SMS; the server must be able to send some. */
    phone: { type: Boolean, value: false },
  },
  data: { entries: [], streaming: '', connection: 'connecting', draft: '', elder: false, last: '', form: {} },

  lifetimes: {
    attached(this: Chat) {
      const { baseUrl, account } = this.data;
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
      this.session.show();
    },
    detached(this: Chat) {
      this.session.hide();
    },
  },
  pageLifetimes: {
    show(this: Chat) {
      this.session.show();
    },
    hide(this: Chat) {
      this.session.hide();
    },
  },

  methods: {
    async say(this: Chat, text: string, value?: object) {
      const sent = await this.session.send({ type: 'message', text, ...(value ? { value } : {}) });
      if (!sent) toast('没有发出去，请再试一次');
    },
    onDraft(this: Chat, event: Input) {
      this.setData({ draft: event.detail.value });
    },
    onSend(this: Chat) {
      const text = this.data.draft.trim();
      if (text === '') return;
      this.setData({ draft: '' });
      void this.say(text);
    },
    onReply(this: Chat, event: Tap) {
      void this.say(event.currentTarget.dataset.value ?? '');
    },
    onHuman(this: Chat) {
      void this.say('转人工');
    },
    onField(this: Chat, { detail, currentTarget }: Input) {
      const { id = '', kind, values } = currentTarget.dataset;
      this.setData({ form: { ...this.data.form, [id]: kind === 'choice' ? (values?.[Number(detail.value)] ?? '') : detail.value } });
    },
    onSubmit(this: Chat) {
      const last = this.view.entries.at(-1);
      const missing = last?.fields.find(({ id, required }) => required && !this.data.form[id]);
      if (missing) return toast(`请填写${missing.label}`);
      const filled = Object.entries(this.data.form).filter(([, value]) => value !== '');
      this.setData({ form: {} });
      void this.say(filled.map(([, value]) => value).join('，'), { ...last?.submit, ...Object.fromEntries(filled) });
    },
    onRate(this: Chat, event: Tap) {
      void this.session.send({ type: 'event', name: 'rating.submit', value: { score: event.currentTarget.dataset.score ?? 5, tags: [] } });
    },
    onNoRating(this: Chat) {
      void this.session.send({ type: 'event', name: 'rating.submit', value: { declined: true } });
    },
    onElder(this: Chat) {
      const elder = !this.data.elder;
      wx.setStorageSync('elder', elder);
      this.setData({ elder });
    },
    onLink(event: Tap) {
      // Outside pages open only where their domain is verified: the address can always be copied.
      wx.setClipboardData({ data: event.currentTarget.dataset.url ?? '' });
    },
    onCall(this: Chat) {
      wx.makePhoneCall({ phoneNumber: this.data.hotline });
    },
    async onPhone(this: Chat, { detail }: { detail: { code?: string } }) {
      // Without a code the citizen has said no.
      if (!detail.code) return;
      toast((await this.session.tellByPhone(detail.code)) ? '好的，有答复会发短信告诉您' : '没有记下来，请稍后再试');
    },
  },
});
