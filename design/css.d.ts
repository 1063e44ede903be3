/** Style sheets imported by widget and desk code: esbuild gives the widget their text, and the desk a bundled file. */
declare module '*.css' {
  const text: string;
  export default text;
}
