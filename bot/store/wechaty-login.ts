/** Whether the account of a puppet is logged in, and the QR code that logs it in: for the desk of any process. */
import type { Db } from './database.ts';
import type { WechatyLoginsTable } from './tables.ts';

export interface WechatyLogin {
  readonly state: WechatyLoginsTable['state'];
  /** What a QR code must carry while somebody has to scan it. */
  readonly qrcode: string | null;
  /** The QR code as SVG, where it could be drawn. */
  readonly image: string | null;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
}

/** The one account a server runs. */
const account = 'default';

/** Notes how it stands at `now`. */
export async function saveWechatyLogin(db: Db, login: Omit<WechatyLogin, 'updatedAt'>, now: number): Promise<void> {
  const { state, qrcode, image } = login;
  await db
    .insertInto('wechaty_logins')
    .values({ account, state, qrcode, image, updated_at: now })
    .onConflict((conflict) => conflict.column('account').doUpdateSet({ state, qrcode, image, updated_at: now }))
    .execute();
}

/** How it stands; undefined when no puppet was ever started. */
export async function findWechatyLogin(db: Db): Promise<WechatyLogin | undefined> {
  const row = await db.selectFrom('wechaty_logins').selectAll().where('account', '=', account).executeTakeFirst();
  return row && { state: row.state, qrcode: row.qrcode, image: row.image, updatedAt: row.updated_at };
}
