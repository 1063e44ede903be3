/** Whether somebody wants to go on at a window: 窗口办理码, 我还是去窗口办吧. */
import { normalise } from '../../knowledge/text/normalise.ts';

const code = /^(?:请|麻烦|帮我|给我|我?(?:想|要|需要)|再|来|取|拿|生成|开|一?个)*(?:窗口|线下|大厅)(?:的)?(?:办理|接办|取件)?码$/;
const go =
  /^(?:那?我)?(?:还是|直接)?(?:想|要)?(?:改|换|转)?(?:成|为|到|去)?(?:窗口|线下|现场|(?:办事|政务)?大厅)(?:去|来)?办(?:理)?(?:吧|了|好了)?$/;
const english = /^(?:a )?window code(?: please)?$/;

/** What the button says that leads there. */
export const windowWords = '窗口办理码';

export function wantsWindow(text: string): boolean {
  const plain = normalise(text).replace(/[\p{P}\s]+$/u, '');
  return code.test(plain) || go.test(plain) || english.test(plain);
}
