/** Ways of steering that need to know where the conversation stands: what was asked, go on, start over, no more messages, none of these. */
import type { DialogueState } from '../dialogue-state.ts';
import type { Command } from '../understand/commands.ts';

const recall =
  /^(?:不好意思|对不起|等等|诶|哎|那个)?(?:你|您)?(?:刚才?|刚刚|方才)?(?:你|您)?(?:是)?(?:问|要我(?:填|答|说|选))(?:了|的|我)*(?:是)?(?:什么|啥|哪个|哪一个|哪样)(?:问题|东西)?(?:来着|了)?$|^(?:刚才|刚刚|上一个|你的)的?问题(?:是什么|是啥|是哪个|呢)?$|^我(?:该|要|应该|需要)(?:怎么)?(?:答|填|回答|选|说)(?:什么|啥|哪个)$|^what (?:did you|do you|was it you) ask(?: me)?(?: again)?$|^what was (?:the|your) question$/;
const stopMessages =
  /^(?:请|麻烦|你们?|能不能|可以|都)*(?:别|不要|不用|不必|停止|停|勿|甭)(?:再)?(?:给我|向我|老)?(?:再)?(?:发|推送|提醒|打扰|骚扰|催)(?:我|消息|短信|信息|通知|广告)*(?:了|啦|好吗)*$|^(?:no more|stop sending|don'?t send)(?: me)?(?: any)?(?: more)? ?(?:messages|reminders)?$/;
/** Names the thing that was left: a resume whatever else is open. */
const leftUnfinished =
  /(?:昨天|前天|上次|上回|之前|刚才|早上|上午|下午|昨晚).{0,4}(?:办|填|弄|说|问|做)(?:到|了)(?:一半|半截)|(?:办|填|弄|做)到?一半的?(?:那个|那件|事|流程|接着|继续)?|(?:接着|继续)(?:办)?(?:上次|昨天|前天|刚才|之前|上回)/;
const goOn =
  /^(?:好的?|嗯|行|那|我要|我想|请|可以|咱们?|我们)*(?:接着|继续)(?:办|填|弄|来|走|说|做|进行|下去|办理|吧|啊|了)*$|^(?:yes )?(?:go on|continue|resume|carry on|let'?s (?:go on|continue))(?: please)?$/;
const startOver =
  /^(?:好的?|嗯|行|那|我要|我想|请|可以|算了)*(?:重新|从头)(?:再)?(?:开始|来|办|填|弄|走|做)(?:过|一遍|一次|吧)*$|^(?:start over|start again|restart|begin again)(?: please)?$/;
const noneOfThem =
  /^(?:都|全|全都|统统|这些|以上)*(?:都)?不是(?:这些|这几个|的|啊|呢)*$|^(?:以上)?都不对$|^none(?: of (?:these|them|those))?$/;

/** The command that a message steers with, if it does. Input: the `normalise`d message and the state before it. */
export function steering(plain: string, state: DialogueState): Command | undefined {
  const words = plain.replace(/[^\p{L}\p{N}\s']+/gu, '').trim();
  if (stopMessages.test(words)) return { type: 'stop_messages' };
  if (state.options.length > 0 && !state.flow && noneOfThem.test(words)) return { type: 'none_of_these' };
  if (recall.test(words) && (state.flow?.asking || state.options.length > 0)) return { type: 'recall_question' };
  const unfinished = state.flow !== null || state.paused !== null;
  if (leftUnfinished.test(words) && words.length <= 20) return { type: 'resume_flow' };
  if (unfinished && goOn.test(words)) return { type: 'resume_flow' };
  if (unfinished && startOver.test(words)) return { type: 'restart_flow' };
  return undefined;
}
