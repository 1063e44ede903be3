/** The real wechaty, loaded only when it is configured: it is large, and an optional dependency that an installation may leave out. */
import type { WechatyLike } from './options.ts';

interface Builder {
  readonly WechatyBuilder: { build(options: { name: string; puppet: string; puppetOptions?: { token: string } }): WechatyLike };
}

/** Builds the bot with a named puppet. Errors: in words, when the package is not installed. Without a puppet wechaty would contact WeChat's web service: never. */
export async function loadWechaty(puppet: string, token: string | undefined): Promise<WechatyLike> {
  // Not a literal: bundlers and the type check leave what is optional alone.
  const name = 'wechaty';
  let wechaty: Builder;
  try {
    wechaty = (await import(name)) as Builder;
  } catch (cause) {
    throw new Error('WECHATY_PUPPET is set, but wechaty is not installed: npm install --include=optional', { cause });
  }
  return wechaty.WechatyBuilder.build({ name: 'wenban', puppet, ...(token ? { puppetOptions: { token } } : {}) });
}
