/** Where the mini-program finds its server: set by the build. */
declare function App(app: object): void;
declare const WENBAN_URL: string;
declare const WENBAN_ACCOUNT: string;
declare const WENBAN_PHONE: boolean;

App({ globalData: { baseUrl: WENBAN_URL, account: WENBAN_ACCOUNT, hotline: '12345', phone: WENBAN_PHONE } });
