/** The official accounts and mini-programs this server speaks for. */
import { z } from 'zod';

const secretText = z.string().min(1).max(512);

/** What WeChat's console shows of an account, and what the account may do. */
export const accountSchema = z.strictObject({
  /** Names it in the callback path; `default` is the one without a name in the path. */
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'small letters, digits and - only, up to 32')
    .refine((id) => id !== 'login' && id !== 'phone', 'this name is taken by an address of the chat page'),
  kind: z.enum(['official-account', 'mini-program']),
  appId: z.string().regex(/^\w{4,64}$/),
  appSecret: secretText,
  token: z.string().regex(/^[A-Za-z0-9]{3,32}$/, '3 to 32 letters or digits, as in the console'),
  /** EncodingAESKeys, the current one first; none = plaintext mode. */
  aesKeys: z
    .array(z.string().regex(/^[A-Za-z0-9]{43}$/, '43 letters or digits, as in the console'))
    .max(3)
    .default([]),
  /**
   * service: a verified service account (customer-service messages, menus in messages) · subscription: a verified subscription
   * account (customer-service messages) · unverified: may only answer in the response. Without meaning for mini-programs.
   */
  type: z.enum(['service', 'subscription', 'unverified']).default('service'),
  /** Look up union ids, so that one person's conversations in several accounts of one WeChat Open Platform account are one. */
  unionId: z.boolean().default(false),
  /** What tells a citizen about an answer that may not be sent any more. */
  followUp: z
    .strictObject({
      kind: z.enum(['template', 'subscribe']),
      templateId: secretText,
      /** Field of the template → text; `{summary}` and `{time}` are filled in. */
      fields: z.record(z.string().regex(/^\w{1,32}$/), z.string().max(200)),
      /** Page of the mini-program, or address for an official account. */
      page: z.string().max(1024).optional(),
    })
    .optional(),
});
export type WechatAccount = z.output<typeof accountSchema>;

/** The list of an accounts file. */
export const accountsSchema = z.array(accountSchema).max(200);

/** Problems between accounts, each as a sentence. */
export function accountProblems(accounts: readonly WechatAccount[]): string[] {
  const seen = new Set<string>();
  return accounts.flatMap(({ kind, id }) => {
    const key = `${kind}/${id}`;
    if (seen.has(key)) return [`two WeChat accounts of kind ${kind} have the id ${id}`];
    seen.add(key);
    return [];
  });
}

/** An account's name in the database and in logs. */
export const accountKey = ({ kind, id }: Pick<WechatAccount, 'kind' | 'id'>): string =>
  `${kind === 'official-account' ? 'oa' : 'mp'}:${id}`;

/** The channel conversations that began at an account belong to. */
export const channelOf = ({ kind }: Pick<WechatAccount, 'kind'>): string => (kind === 'official-account' ? 'wechat-oa' : 'wechat-mp');
