/** The chat as a page of its own: a frame around the component. */
declare function getApp(): { globalData: object };
declare function Page(page: object): void;

Page({ data: getApp().globalData });
