/** What a direct line to a mainland carrier needs; the gateway's operator gives it all. */
export interface CmppSettings {
  readonly host: string;
  readonly port: number;
  readonly version: '2.0' | '3.0';
  /** Source_Addr: the SP number, at most 6 characters. */
  readonly spId: string;
  readonly secret: string;
  readonly serviceId: string;
  /** Src_Id: the access number 106…; an extension may follow. */
  readonly srcId: string;
  /** How many messages may wait for their answer. */
  readonly window: number;
}
