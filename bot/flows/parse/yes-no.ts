/** Yes or no, in Chinese and English: 是的, 对, 有啊, 还没, 没有, 不是. What says both, asks back or doubts is asked again. */
import type { Slot } from '../flow.ts';
import type { Parsed } from '../slots.ts';
import { inOwnWords } from './own-words.ts';

const exactYes = new Set(['true', 'yes', 'y', 'yeah', 'yep', 'ok', 'okay', '1', '√', '✓', '没错', '没问题', '没毛病', '错不了', '不错']);
const exactNo = new Set(['false', 'no', 'n', 'nope', '0', '2', '×', '✗', 'x']);
/** The whole answer in English: yes I have, not yet, no I don't, sure. */
const englishYes =
  /^(?:(?:oh|well|um|i think) )?(?:yes|yeah|yep|yup|sure|of course|certainly|absolutely|correct|right|that'?s right|indeed|definitely|ok(?:ay)?|i (?:do|am|have|did|will|can)|we (?:do|are|have|did)|it (?:is|does|has)|already)(?: (?:please|thanks|thank you|i (?:do|am|have|did|will|can|would)|we (?:do|are|have|did)|it (?:is|does|has)|of course|already|sure))*$/;
const englishNo =
  /^(?:(?:oh|well|um|i think) )?(?:no|nope|nah|not yet|not really|not at all|never|neither|none|i (?:don'?t|do not|am not|have not|haven'?t|didn'?t|did not|can'?t|cannot|won'?t)|i'?m not|we (?:don'?t|do not|haven'?t|didn'?t)|it (?:isn'?t|is not|doesn'?t|does not|hasn'?t))(?: (?:yet|thanks|thank you|please|sorry|not yet|i (?:don'?t|do not|haven'?t|didn'?t|am not|can'?t)|i'?m not|it (?:isn'?t|doesn'?t)|we (?:don'?t|haven'?t)))*$/;
const doubt =
  /不知道|不清楚|不确定|不太清|不好说|不记得|记不|不明白|没听懂|没看懂|不懂|是不是|有没有|对不对|要不要|能不能|会不会|可不可以|什么|怎么|为什么|吗|\?|看情况|或者|也许/;
const fillers = /^(?:嗯+|呃+|额+|哦+|啊+|唉+|也|那个|这个|应该|好像|大概|可能|目前|现在|暂时|其实|我们?|俺|咱们?|他|她|孩子)+(?=.)/;
const no = /^(?:没|不(?!过|好意思|客气)|否|无(?!所谓)|未|还没|还不|并没|并不|并非|从没|从来没|从未|都没|都不|哪有|才不|别)/;
const yes =
  /^(?:是|对(?!不起)|有|嗯|好|可以|行|当然|确实|肯定|必须|要|需要|会|能|愿意|想|同意|已经|早就|早|都有|都是|也有|也是|满|够|办过|办了|住满|没错|没问题)/;

/** 登记过了, 交齐了, 上个月就办好了: it is done. 过了期 and 错过了 say something else. */
const done =
  /^(?!.*(?:没|不|未|错过|过期|超过|注销|取消|退|[想要]|准备|打算|正在|明天|下))[\p{Script=Han}\d]{0,10}?(?:登记|办|办理|交|缴|提交|填|领|注册|备案|申请|报|做|去|住|签|预约|参保|认证)(?:过了?|好了?|完了?|齐了?|了)[的啊呀哦]?$/u;

const denied = /^(?:不是|不对|错了|不不|no)(?:的|啊|呀|啦)?$/;

/** Reads yes or no. `plain` is normalised text; the slot's own labels are understood as well. */
export function parseYesNo(slot: Extract<Slot, { type: 'yes_no' }>, plain: string): Parsed<boolean> {
  const value = read(slot, plain);
  return value === undefined ? { ok: false, message: `我没听明白，请回答“${slot.yesLabel}”或“${slot.noLabel}”。` } : { ok: true, value };
}

function read(slot: Extract<Slot, { type: 'yes_no' }>, plain: string): boolean | undefined {
  const bare = plain.replace(/[\s。．.!！~～、,，]+$/g, '').trim();
  if (bare === slot.yesLabel.toLowerCase() || exactYes.has(bare)) return true;
  if (bare === slot.noLabel.toLowerCase() || exactNo.has(bare)) return false;
  const english = bare.replace(/[.,!;]+\s*/g, ' ').trim();
  if (englishYes.test(english)) return true;
  if (englishNo.test(english)) return false;
  if (doubt.test(bare)) return undefined;
  // Every clause that says yes or no must say the same: 是的，没有 is unclear.
  const [first = '', ...rest] = bare.split(/[，,。.；;！!\s]+/);
  // 不是，想申请: the denial is of what was understood, and what follows is the answer.
  if (rest.length > 0 && denied.test(first)) {
    const own = agreed(rest.map((part) => inOwnWords(slot, part)));
    if (own !== undefined) return own;
  }
  return agreed([first, ...rest].map((part) => clause(slot, part)));
}

/** What all clauses that say something say. */
function agreed(said: readonly (boolean | 'unclear' | undefined)[]): boolean | undefined {
  const [value, ...others] = new Set(said.filter((one) => one !== undefined));
  return value === 'unclear' || others.length > 0 ? undefined : value;
}

function clause(slot: Extract<Slot, { type: 'yes_no' }>, text: string): boolean | 'unclear' | undefined {
  const own = inOwnWords(slot, text);
  if (own !== undefined) return own;
  if (/^(?:嗯|好|对)+[的啊呀哦]*$/.test(text)) return true;
  const start = text.replace(fillers, '');
  if (/^(?:没错|没问题|不错)/.test(start)) return true;
  if (no.test(start)) return false;
  if (done.test(start)) return true;
  // A yes that goes on to deny (是的没有) is neither.
  return yes.test(start) && !/没(?!错|问题)|不(?!错)/.test(start) ? true : undefined;
}
