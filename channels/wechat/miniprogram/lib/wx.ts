/** The part of the mini-program runtime the chat uses. Names and meanings: developers.weixin.qq.com/miniprogram/dev/api. */
export interface WxResponse {
  readonly statusCode: number;
  readonly data: unknown;
}
export interface SocketTask {
  onMessage(listener: (message: { data: string | ArrayBuffer }) => void): void;
  onClose(listener: () => void): void;
  onError(listener: () => void): void;
  close(options?: object): void;
}
export interface Wx {
  login(options: { success(result: { code: string }): void; fail(): void }): void;
  request(options: {
    url: string;
    method: 'GET' | 'POST';
    header: Record<string, string>;
    data?: object;
    timeout: number;
    success(response: WxResponse): void;
    fail(): void;
  }): void;
  connectSocket(options: { url: string }): SocketTask;
  setClipboardData(options: { data: string }): void;
  showToast(options: { title: string; icon: 'none' }): void;
  makePhoneCall(options: { phoneNumber: string }): void;
  getStorageSync(key: string): unknown;
  setStorageSync(key: string, value: unknown): void;
}

/** One request as a promise; undefined when there was no answer at all. */
export function request(
  wx: Wx,
  method: 'GET' | 'POST',
  url: string,
  options: { token?: string | undefined; data?: object } = {},
): Promise<WxResponse | undefined> {
  return new Promise((resolve) => {
    wx.request({
      url,
      method,
      header: { 'content-type': 'application/json', ...(options.token ? { Authorization: `Bearer ${options.token}` } : {}) },
      ...(options.data ? { data: options.data } : {}),
      timeout: 20_000,
      success: resolve,
      fail: () => resolve(undefined),
    });
  });
}
