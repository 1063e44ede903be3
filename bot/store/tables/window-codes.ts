/** Tables: codes for the window. Times are epoch milliseconds, `*_json` columns hold JSON text. */
import type { Immutable } from './immutable.ts';

export interface WindowCodesTable {
  /** Eight digits. */
  code: Immutable<string>;
  /** One code a conversation: a new one takes the place of the one before. */
  conversation_id: Immutable<string>;
  case_json: Immutable<string>;
  issued_at: Immutable<number>;
  expires_at: Immutable<number>;
  /** When and by whom it was last opened at a window. */
  opened_at: number | null;
  opened_by: string | null;
}

export interface WindowCodesTables {
  window_codes: WindowCodesTable;
}
