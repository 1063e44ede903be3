/** xhr2 ships no types; only the constructor is used, as the global that botframework-directlinejs looks for. */
declare module 'xhr2' {
  const Xhr: typeof XMLHttpRequest;
  export default Xhr;
}
