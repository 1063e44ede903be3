/** Texts that may differ by channel. */
import type { ChannelKind, Wording } from './schema.ts';

/** All texts of a wording, the default first. */
export function wordingsOf(wording: Wording | undefined): string[] {
  if (wording === undefined) return [];
  if (typeof wording === 'string') return [wording];
  const { default: usual, ...others } = wording;
  return [usual, ...Object.values(others).filter((words) => words !== undefined)];
}

/** The words for a kind of channel. */
export function worded(wording: Wording, kind: ChannelKind | undefined): string {
  return typeof wording === 'string' ? wording : ((kind && wording[kind]) ?? wording.default);
}

/** The kind of a channel by its name; undefined: the default wording. */
export function channelKindOf(channel: string): ChannelKind | undefined {
  if (channel.startsWith('wechat')) return 'wechat';
  return channel === 'web' || channel === 'sms' ? channel : undefined;
}
