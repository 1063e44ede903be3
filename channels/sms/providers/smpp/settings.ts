/** What a direct line abroad needs; the operator of the message centre gives it all. */
export interface SmppSettings {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** At most 15 characters. */
  readonly systemId: string;
  /** At most 8 characters. */
  readonly password: string;
  readonly systemType: string;
  /** What citizens see as sender and write to: +… , a short code, or letters (nobody can answer those). */
  readonly source: string;
  /** How many messages may wait for their answer. */
  readonly window: number;
  /** How the parts of a long text are joined: a header in each, TLVs, or one message with the whole text. */
  readonly longMessages: 'udh' | 'sar' | 'payload';
  /** Digits; for numbers that come without their country code. Empty: none do. */
  readonly countryCode: string;
  /** `decimal`: receipts name in decimal digits what submit_sm_resp named in hexadecimal ones, as some centres do. */
  readonly receiptIds: 'same' | 'decimal';
}
