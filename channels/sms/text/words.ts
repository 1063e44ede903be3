/** Words that steer the channel itself. Only a whole message is one: 我要退订水费短信提醒怎么办 is a question. */

export type Steering = 'opt_out' | 'opt_in' | 'help' | 'more';

const words: ReadonlyMap<string, Steering> = new Map([
  // Sources: opt-out tails of the mainland clouds (R, T), carrier practice (TD, N), CTIA short-code words (STOP …).
  ...['T', 'TD', 'R', 'N', '退订', '取消订阅', '拒收', 'STOP', 'UNSUBSCRIBE', 'STOPALL', 'QUIT'].map((word) => [word, 'opt_out'] as const),
  ...['START', 'UNSTOP', '恢复', '订阅', '恢复订阅'].map((word) => [word, 'opt_in'] as const),
  ...['HELP', 'INFO', '帮助', 'BZ'].map((word) => [word, 'help'] as const),
  ...['更多', 'MORE', 'GD'].map((word) => [word, 'more'] as const),
]);

/** A message as words are compared: width and case folded, spaces and punctuation off. */
const bareWord = (text: string): string =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\p{P}\p{S}\s\p{Cf}]+/gu, '');

/** What a whole message steers, if it does. `TD` may carry the digits some carriers ask for (TD0000). */
export function steering(text: string): Steering | undefined {
  const bare = bareWord(text);
  return /^TD\d{1,6}$/.test(bare) ? 'opt_out' : words.get(bare);
}

/** Words that Twilio answers by itself when they come in. Source: Twilio's default keywords for opt-out handling. */
export const answeredByTwilio = (text: string): boolean =>
  ['STOP', 'UNSUBSCRIBE', 'STOPALL', 'QUIT', 'START', 'UNSTOP', 'HELP', 'INFO'].includes(bareWord(text));
