/** Every bound of the Direct Line server, with its default. */
export interface Limits {
  /** Largest JSON body, bytes. */
  readonly bodyBytes: number;
  /** Largest uploaded file, bytes. */
  readonly uploadBytes: number;
  /** Most files in one upload. */
  readonly uploadFiles: number;
  /** Requests a minute and address that make tokens or conversations. A whole office may share one address. */
  readonly startsPerIp: number;
  /** Activities posted a minute and conversation. */
  readonly postsPerConversation: number;
  /** Activities and uploads a minute and address. */
  readonly postsPerIp: number;
  /** Uploads a minute and conversation. */
  readonly uploadsPerConversation: number;
  /** Reads (polling, reconnecting) a minute and conversation. botframework-directlinejs polls at most every 200 ms. */
  readonly readsPerConversation: number;
  /** Open WebSockets of one conversation. */
  readonly socketsPerConversation: number;
  /** A socket with more unsent bytes than this is closed; its client resumes by watermark. */
  readonly socketBufferBytes: number;
  /** Milliseconds between pings; a socket silent for one whole interval is dropped. */
  readonly pingMs: number;
}

export const defaultLimits: Limits = {
  bodyBytes: 256 * 1024,
  uploadBytes: 10 * 1024 * 1024,
  uploadFiles: 5,
  startsPerIp: 120,
  postsPerConversation: 60,
  postsPerIp: 600,
  uploadsPerConversation: 10,
  readsPerConversation: 600,
  socketsPerConversation: 10,
  socketBufferBytes: 1024 * 1024,
  pingMs: 30_000,
};
